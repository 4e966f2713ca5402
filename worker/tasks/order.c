/* Final runs are sorted as the result is, so the words of a slice need only be gathered. */
#include "tasks/order.h"

#include "runs/write.h"

int task_order(struct context *context, struct gather *gather, const struct message_order *message,
               struct message_done *done)
{
    const struct job_spec *spec = context->spec;
    struct columns columns;
    int rc = context_columns(context, &message->sums, &columns);
    if (rc == 0)
        rc = gather_slice(gather, spec->order, &message->slice);
    if (rc < 0)
        return rc;
    return write_text(context, message->task, &columns, gather->items, gather->n, done);
}
