/*
 * The task before the output, if ranks are asked for. The words of one slice, in the order of their
 * counts, get their ranks. They go to new runs that are sorted as the result is to be.
 */
#ifndef WORKER_TASKS_RANK_H
#define WORKER_TASKS_RANK_H

#include "context/context.h"
#include "runs/gather.h"

/* 0 or a negative code. */
int task_rank(struct context *context, struct gather *gather, const struct message_rank *message);

#endif
