/* What tasks write: runs of sorted words, and text. Both go to shared memory, a grant at a time. */
#ifndef WORKER_RUNS_WRITE_H
#define WORKER_RUNS_WRITE_H

#include "context/context.h"
#include "output/formatter.h"
#include "words/order.h"

/* Words whose entry is asked for so far ahead: sorted, they are anywhere in the runs. */
#define WRITE_PREFETCH_DISTANCE 8

/* Writes n sorted items as runs of the task, each as large as a grant takes. */
int write_runs(struct context *context, uint32_t task, const struct order_item *items, size_t n);

/* Formats n items as text of the task, and adds to done what was replaced in it. */
int write_text(struct context *context, uint32_t task, const struct columns *columns,
               const struct order_item *items, size_t n, struct message_done *done);

/* Sends the text so far, if there is some,
 * and goes on at the start of a grant, with so much room. */
int write_text_on(struct context *context, uint32_t task, struct formatter *text, size_t room);

#endif
