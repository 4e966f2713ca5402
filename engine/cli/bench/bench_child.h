/* A run as a program of its own: of this build of the command, or of another. */
#ifndef ENGINE_CLI_BENCH_BENCH_CHILD_H
#define ENGINE_CLI_BENCH_BENCH_CHILD_H

#include <stddef.h>

#include <wordmill.h>

#include "bench/bench_clock.h"
#include "bench/bench_grid.h"

struct child {
    const char *program;       /* NULL: this one */
    const char *const *passed; /* options */
    size_t n_passed;
    const char *const *paths;
    size_t n_paths;
};

/*
 * Runs 'PROGRAM count' with its output to fd. The clock goes from before it is started until it has
 * ended. 0 or a WM_E code with *error; WM_ECANCELED: a signal came, and the program has ended too.
 */
int child_run(const struct child *child, const struct config *config, int fd, struct span *span,
              wm_stats *stats, wm_error *error);

#endif
