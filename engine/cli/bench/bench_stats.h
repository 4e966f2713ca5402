/* The statistics of a bench. Pure. */
#ifndef ENGINE_CLI_BENCH_BENCH_STATS_H
#define ENGINE_CLI_BENCH_BENCH_STATS_H

#include <stdint.h>

/* Of the times of one configuration, in seconds. */
struct summary {
    uint32_t n;
    double median; /* of an even number: the mean of the two in the middle */
    double min;
    double max;
};

/* Sorts the times; with n 0 everything is 0. */
struct summary summary_of(double *times, uint32_t n);

/* (max - min) / median; 0 if there is no median. */
double summary_spread(const struct summary *summary);

/* Whether what is not the best was, at its median, within what the best one varied. */
int summary_is_close(const struct summary *best, const struct summary *other);

/*
 * Times as fast as base_workers were, and that for each worker; without a fork one process works
 * all the same.
 */
double speed_up(double base_seconds, double seconds);
double efficiency(double speed_up, unsigned base_workers, unsigned workers);

#endif
