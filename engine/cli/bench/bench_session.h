/* A bench from its first run to its last report. */
#ifndef ENGINE_CLI_BENCH_BENCH_SESSION_H
#define ENGINE_CLI_BENCH_BENCH_SESSION_H

#include "bench/bench_run.h"
#include "settings.h"

struct session {
    struct bench bench; /* axes of the grid without values are filled in */
    const struct settings *settings;
    const char *const *command; /* the arguments of the command */
    size_t n_command;
};

/* Returns the exit status, or dies of the signal that ended it. */
int session_run(struct session *session);

#endif
