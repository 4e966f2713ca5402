/* The task that makes the text of a slice of the output. */
#ifndef WORKER_TASKS_ORDER_H
#define WORKER_TASKS_ORDER_H

#include "context/context.h"
#include "runs/gather.h"

/* 0 or a negative code. */
int task_order(struct context *context, struct gather *gather, const struct message_order *message,
               struct message_done *done);

#endif
