/* The reduce task of jobs with series: what it does with the entries it has gathered. */
#ifndef WORKER_TASKS_REDUCE_SERIES_H
#define WORKER_TASKS_REDUCE_SERIES_H

#include "context/context.h"
#include "runs/gather.h"
#include "shared/message.h"
#include "words/series.h"

/* points are for words that came more than once, and for text. 0 or a negative code. */
int reduce_series(struct context *context, struct gather *gather, struct points *points,
                  const struct message_reduce *message, struct message_done *done);

#endif
