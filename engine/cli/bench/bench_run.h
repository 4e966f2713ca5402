/*
 * The runs of a bench. Each is what wordmill count -o FILE does, in this process: from the start of
 * the job, through its workers, to the last byte written and the last byte of memory given back.
 * That much is timed. Outside the clock its output, a temporary file, is compared with that of the
 * first run of all, for which the library chose everything and which counts for nothing else.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_RUN_H
#define ENGINE_CLI_BENCH_BENCH_RUN_H

#include <stddef.h>
#include <stdint.h>

#include <wordmill.h>

#include "bench/bench_clock.h"
#include "bench/bench_grid.h"

struct bench_run {
    uint32_t config; /* its number in the grid */
    uint32_t round;  /* from 0, warm-up not counted */
    struct span span;
    double kept; /* cold runs: the share of the input that the page cache had all the same */
    wm_stats stats;
};

struct bench {
    /* What is wanted, set by the caller. */
    struct grid grid;
    const char *const *paths;
    size_t n_paths;
    unsigned rounds;
    unsigned warmup; /* rounds before them */
    int is_cold;

    wm_stats first; /* of the first run; bench_start sets it */
    double first_seconds;
    struct bench_run *runs; /* those that count, in their order */
    uint32_t n_runs;
    wm_error *errors; /* one a configuration; code 0: none so far */
    uint64_t next;    /* turns taken, warm-up included */
    int expected_fd;  /* what the first run wrote; -1: none yet */
    int output_fd;    /* the same of the others */
};

/*
 * Functions that can fail return 0 or a WM_E code with *error; WM_ECANCELED: a signal came.
 *
 * bench_start opens the temporary files and does the first run; with it the grid knows how many
 * workers AXIS_AUTO is, and stays as it is then.
 */
int bench_start(struct bench *bench, wm_error *error);

/* Turns of all rounds together. */
uint64_t bench_n_turns(const struct bench *bench);

/* Whose turn it is: a configuration's number. */
uint32_t bench_turn(const struct bench *bench);

/*
 * Does the next run, and sets *run if it is one that counts, else to NULL. That a configuration
 * cannot run, as with too little memory, is no failure: it is noted in errors, and from then on
 * its turns are passed over.
 */
int bench_step(struct bench *bench, const struct bench_run **run, wm_error *error);

void bench_release(struct bench *bench);

#endif
