/*
 * The statistics of a bench. Pure.
 *
 * What two configurations took is compared round by round: each round is a pair, so what slows the
 * machine down for a while does so for both. The ratios of n pairs have a median, and an interval
 * that holds the true median in 95 of 100 benches:
 *
 *   6 pairs and more  from the k-th smallest ratio to the k-th largest, with the largest k for
 *                     which 2 P(X < k) <= 5%, X being binomial (n, 1/2). It holds for ratios of any
 *                     distribution (W. R. Thompson 1936; W. J. Conover, Practical Nonparametric
 *                     Statistics, 3.2).
 *   3 to 5 pairs      that of Student for the mean of the logarithms. Order statistics reach 95%
 *                     with 6 pairs only; this takes the logarithms for normal.
 *   fewer             none
 *
 * Times of two benches that did not take turns are no pairs. All ratios of one of this and one of
 * that have a median, the estimate of Hodges and Lehmann, and an interval by the ranks of Mann and
 * Whitney (Hollander and Wolfe, Nonparametric Statistical Methods, 4.3), in the normal
 * approximation.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_STATS_H
#define ENGINE_CLI_BENCH_BENCH_STATS_H

#include <stdint.h>

/* Of the times of one configuration, in seconds. */
struct summary {
    uint32_t n;
    double median; /* of an even number: the mean of the two in the middle */
    double min;
    double max;
    uint32_t n_outliers; /* further above the upper quartile than three times the distance of the
                            quartiles: "far out" in J. W. Tukey, Exploratory Data Analysis */
};

/* Sorts the times; with n 0 everything is 0. */
struct summary summary_of(double *times, uint32_t n);

/* (max - min) / median; 0 if there is no median. */
double summary_spread(const struct summary *summary);

enum { PAIRS_MIN = 3 /* for an interval */, PAIRS_ENOUGH = 6 /* for one without assumptions */ };

struct interval {
    double median;
    double low, high; /* of 95% */
    int is_known;     /* or there are too few, and low and high are the least and the most */
};

/* Of the ratios of pairs, which it sorts; with n 0 everything is 0. */
struct interval interval_of(double *ratios, uint32_t n);

/* Of the ratios of each of a to each of b, which are no pairs. 0, or -1: no memory. */
int interval_of_two(const double *a, uint32_t n_a, const double *b, uint32_t n_b,
                    struct interval *interval);

/* What a configuration is, beside the best. */
enum verdict {
    VERDICT_NONE,    /* it has not run, or no round was finished */
    VERDICT_BEST,    /* the best */
    VERDICT_GOOD,    /* as good: for certain no more than VERDICT_MARGIN slower */
    VERDICT_WORSE,   /* slower for certain, by what interval.median says */
    VERDICT_UNKNOWN, /* more rounds would tell */
};

#define VERDICT_MARGIN 0.02

enum verdict verdict_of(const struct interval *against);

/*
 * Times as fast as base_workers were, and that for each worker; without a fork one process works
 * all the same.
 */
double speed_up(double base_seconds, double seconds);
double efficiency(double speed_up, unsigned base_workers, unsigned workers);

#endif
