/* A bench from its first run to its last report. */
#ifndef ENGINE_CLI_BENCH_BENCH_SESSION_H
#define ENGINE_CLI_BENCH_BENCH_SESSION_H

#include "bench/bench_run.h"

struct session {
    struct bench bench;            /* axes of the grid without values are filled in */
    const char *csv, *json, *plot; /* files, or NULL */
    int is_quiet, is_verbose;
};

/* Returns the exit status, or dies of the signal that ended it. */
int session_run(struct session *session);

#endif
