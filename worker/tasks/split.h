/* The task before the map that --partition-lines needs: counts the lines of the input's blocks. */
#ifndef WORKER_TASKS_SPLIT_H
#define WORKER_TASKS_SPLIT_H

#include "context/context.h"
#include "input/source.h"

/* Answers with MESSAGE_LINES. 0 or a negative code. */
int task_split(struct context *context, struct source *source, const struct message_split *message);

#endif
