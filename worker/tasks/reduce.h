/*
 * The reduce task: gathers the same slice of many sorted runs, sorts it, and makes one of all that
 * are the same word. Its inputs are never touched, so it can be run again.
 */
#ifndef WORKER_TASKS_REDUCE_H
#define WORKER_TASKS_REDUCE_H

#include "context/context.h"
#include "runs/gather.h"
#include "tasks/fill.h"
#include "tasks/spelling.h"
#include "words/series.h"

struct reduce {
    struct context *context;
    struct gather *gather;
    struct spelling spelling;
    struct fill fill;
    struct points points; /* with spec->has_series */
};

/* The gather is lent. 0 or CODE_NOMEM. */
int task_reduce_init(struct reduce *reduce, struct context *context, struct gather *gather);
void task_reduce_release(struct reduce *reduce);

/* 0 or a negative code. */
int task_reduce(struct reduce *reduce, const struct message_reduce *message,
                struct message_done *done);

#endif
