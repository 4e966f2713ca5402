/* What a bench says on standard error: how much it will do, how far it is, what to mind. */
#ifndef ENGINE_CLI_BENCH_BENCH_TALK_H
#define ENGINE_CLI_BENCH_BENCH_TALK_H

#include <stddef.h>

#include "bench/bench_rows.h"

/* How many runs there will be, and about how long they take. */
void talk_plan(const struct bench *bench);

/* A line on the terminal, over the last one; nothing if standard error is none. */
struct talk {
    int is_on;
    size_t width; /* of the line that stands there */
    double start; /* of the first run in the plan, by the clock */
};

void talk_start(struct talk *talk, int is_wanted);
void talk_show(struct talk *talk, const struct bench *bench); /* before a run */
void talk_clear(struct talk *talk);

/* A line for a run that is done. */
void talk_run(const struct bench *bench, const struct bench_run *run);

/* Why the configuration cannot run. */
void talk_error(const struct bench *bench, uint32_t number);

/* What makes the times less true than they look. */
void talk_notes(const struct bench *bench, const struct row *rows);

#endif
