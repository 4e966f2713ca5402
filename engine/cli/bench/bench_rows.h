/* What the runs of a bench say about each configuration: the rows of every report. Pure. */
#ifndef ENGINE_CLI_BENCH_BENCH_ROWS_H
#define ENGINE_CLI_BENCH_BENCH_ROWS_H

#include "bench/bench_run.h"
#include "bench/bench_stats.h"

struct row {
    struct config config;
    struct summary seconds; /* n 0: it has not run to its end */
    /* The run that took the median, or with two in the middle the shorter of them; NULL: none. */
    const struct bench_run *typical;
    double speed_up;   /* against the fewest workers of the same partitions and fan-in; or 0 */
    double efficiency; /* or 0 */
    int is_best;
    int is_close; /* its median is within what the best one varied */
};

/* A row for each configuration, in the order of the grid; the caller's to free. NULL: no memory. */
struct row *rows_new(const struct bench *bench);

/* The best row, or NULL if nothing has run. */
const struct row *rows_best(const struct row *rows, uint32_t n);

/* '5 runs', or '2 to 3 runs' if a signal came before the end. */
void rows_count_name(const struct row *rows, uint32_t n, char *text, size_t room);

/* Seconds of a run by what it did; what is left of span.wall is its start and its end. */
double run_order_seconds(const struct bench_run *run);
double run_busy_seconds(const struct bench_run *run);

/* Of the time that all workers together had, the share that they were busy. */
double run_busy_share(const struct bench_run *run);

#endif
