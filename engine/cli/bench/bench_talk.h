/* What a bench says on standard error: how much it will do, how far it is, what to mind. */
#ifndef ENGINE_CLI_BENCH_BENCH_TALK_H
#define ENGINE_CLI_BENCH_BENCH_TALK_H

#include <stddef.h>

#include "bench/bench_rows.h"

/* How many runs there will be. */
void talk_plan(const struct bench *bench);

/* A line on the terminal, over the last one; nothing if standard error is none. */
struct talk {
    int is_on;
    size_t width; /* of the line that stands there */
};

void talk_start(struct talk *talk, int is_wanted);
void talk_show(struct talk *talk, const struct bench *bench); /* before a run */
void talk_clear(struct talk *talk);

/* After the first round: how long the others will take, if that is long. */
void talk_estimate(const struct bench *bench);

/* A line for a run that is done. */
void talk_run(const struct bench *bench, const struct measure *run);

/* Why the configuration cannot run, or which one it is the same as. */
void talk_state(const struct bench *bench, uint32_t number);

/* What makes the times less true than they look. */
void talk_notes(const struct rows *rows);

#endif
