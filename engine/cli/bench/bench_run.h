/*
 * The runs of a bench. Each is what wordmill count -o FILE does, in this process. Its clock goes
 * from the start of the job to the last byte written and the last byte of memory given back. That
 * much is timed. Outside the clock its output, a temporary file, is compared with that of the first
 * run of all. For that one the library chose everything, and it counts for nothing else.
 *
 * With another build of the command (other) each configuration is there twice: first those of this
 * one, then those of the other. All of them are programs of their own then, which the clock waits
 * for, so that both have the same to do.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_RUN_H
#define ENGINE_CLI_BENCH_BENCH_RUN_H

#include <stddef.h>
#include <stdint.h>

#include <wordmill.h>

#include "bench/bench_grid.h"
#include "bench/bench_load.h"
#include "bench/bench_measure.h"

/* What is known of a configuration, beside its runs. */
struct config_state {
    wm_error error;      /* code 0: it can run */
    uint32_t same_as;    /* the configuration that is cut into the same partitions, or itself */
    int is_seen;         /* it has run once, so it is known what was in force: */
    struct measure seen; /* of that run */
};

struct bench {
    /* What is wanted, set by the caller. */
    struct grid grid;
    const char *const *paths;
    size_t n_paths;
    wm_options options;        /* of count, for all runs */
    const char *const *passed; /* the same, as arguments of the command */
    size_t n_passed;
    const char *other; /* another build of the command; NULL: none */
    unsigned rounds;   /* 0: as many as it takes to know every verdict, in so many */
    double seconds;
    unsigned warmup; /* rounds before them */
    uint64_t seed;   /* of the order in each round */
    int is_cold;

    /* What was found. */
    uint64_t bytes, lines, words, rejected; /* of the first run; bench_start sets them */
    wm_stats warned;                        /* the same, whole: what warnings are made of */
    double first_seconds;
    double start;                /* of the clock, after the first run */
    struct config_state *states; /* one a configuration */
    struct measure *runs;        /* those that count, in their order */
    size_t runs_capacity;
    uint32_t n_runs;
    uint32_t *order;          /* of the round; bench_n of them */
    uint64_t next;            /* turns taken, warm-up included */
    struct machine_load load; /* while the runs were taken */
    int expected_fd;          /* what the first run wrote; -1: none yet */
    int output_fd;            /* the same of the others */
};

/*
 * Functions that can fail return 0 or a WM_E code with *error; WM_ECANCELED: a signal came.
 *
 * bench_start opens the temporary files and does the first run; with it the grid knows how many
 * workers AXIS_AUTO is, and stays as it is then.
 */
int bench_start(struct bench *bench, wm_error *error);

/* Configurations, those of the other build included. */
static inline uint32_t bench_n(const struct bench *bench)
{
    return grid_size(&bench->grid) * (bench->other ? 2 : 1);
}

/* The same, of all rounds; 0: nobody knows how many there will be. */
uint64_t bench_n_turns(const struct bench *bench);

/* Rounds that were begun before the next turn, warm-up included. */
uint64_t bench_round(const struct bench *bench);
int bench_is_between_rounds(const struct bench *bench);

/* Whose turn it is: a configuration's number. */
uint32_t bench_turn(const struct bench *bench);

/* '4M, 2 workers', with 'other: ' before it if it is of the other build. */
void bench_config_name(const struct bench *bench, uint32_t number, char *text, size_t room);

/*
 * Does the next run, and sets *run if it is one that counts, else to NULL. That a configuration
 * cannot run, as with too little memory, is no failure: it is noted in its state, and from then on
 * its turns are passed over. So are those of one that comes to the same partitions as another.
 */
int bench_step(struct bench *bench, const struct measure **run, wm_error *error);

/* Does a run of a configuration that does not count, in this process, and tells of its tasks. */
int bench_watch(struct bench *bench, uint32_t number,
                void (*on_task)(const wm_task *task, void *user), void *user, struct measure *run,
                wm_error *error);

void bench_release(struct bench *bench);

#endif
