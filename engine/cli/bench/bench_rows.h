/*
 * What the runs of a bench say about each configuration: the rows of every report. Pure.
 *
 * Only rounds in which every configuration ran count, so that all rows rest on the same rounds. If
 * there is none, rows have the times of what ran, and nothing is the best.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_ROWS_H
#define ENGINE_CLI_BENCH_BENCH_ROWS_H

#include "bench/bench_run.h"
#include "bench/bench_stats.h"

struct row {
    uint32_t number;
    struct config config;
    const struct config_state *state;
    struct summary seconds; /* n 0: it has not run to its end */
    /* The run that took the median, or with two in the middle the shorter of them; NULL: none. */
    const struct measure *typical;
    struct interval against; /* the best: the ratio of the times of the same rounds */
    enum verdict verdict;
    struct interval other; /* against another build: pairs, or as compare_saved says; or 0 */
    double other_seconds;  /* its median; or 0 */
    double speed_up;       /* against the fewest workers of the same partitions and fan-in; or 0 */
    double efficiency;     /* or 0 */
    int is_auto;           /* the library chose its partitions, or would choose the same */
};

struct rows {
    const struct bench *bench;
    struct row *items; /* by number: bench_n of them */
    const struct row **shown;
    uint32_t n; /* of shown: of this build, without those that are the same as another; by workers,
                   fan-in, and size in force */
    uint32_t n_rounds; /* finished */
    uint32_t n_lost;   /* runs of rounds that were not */
    const struct row *best;
    int has_other; /* rows say something of another build */
};

/* 0, or -1: no memory. */
int rows_init(struct rows *rows, const struct bench *bench);
void rows_release(struct rows *rows);

/* Whether more rounds would tell more: there are few, or some verdict is not known. */
int rows_want_more(const struct rows *rows);

#endif
