/*
 * The last task: one slice of the output, gathered from all sorted runs and formatted into shared
 * memory, a grant at a time. The coordinator only copies the slices to the output, in order.
 */
#include <stdlib.h>

#include "code.h"
#include "fault.h"
#include "format.h"
#include "worker.h"

static int write_text(struct worker *worker, const struct columns *columns, uint32_t task,
                      struct message_done *done)
{
    const struct merge *merge = &worker->merge;
    const struct job_spec *spec = worker->spec;
    struct formatter text = {.columns = columns, .format = spec->format};
    size_t room = worker_grant_size(spec);
    for (size_t i = 0; i < merge->n; i++) {
        const struct entry *entry = merge->items[i].entry;
        if (text.size > 0 && formatter_most(&text, entry->size) > room - text.size) {
            int rc = worker_send_grant(worker, task, RUN_TEXT, text.size);
            if (rc < 0)
                return rc;
            progress_step(worker->slot);
            text.size = 0;
        }
        int rc = worker_room(worker);
        if (rc < 0)
            return rc;
        text.data = worker_memory(worker, worker->grant, room);
        if (!text.data)
            return worker_fail(worker, CODE_NOMEM, NULL, 0);
        formatter_add(&text, entry);
    }
    done->replaced = text.n_replaced;
    return text.size > 0 ? worker_send_grant(worker, task, RUN_TEXT, text.size) : 0;
}

int worker_gather(struct worker *worker, enum order order, const struct extent_range *extents,
                  uint32_t n_runs, uint64_t lower, uint64_t upper)
{
    const struct arena *arena = worker->spec->arena;
    const struct run **runs = malloc((n_runs + 1) * sizeof *runs);
    if (!runs)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    for (uint32_t i = 0; i < n_runs; i++)
        runs[i] = (const struct run *)(const void *)arena_at(arena, extents[i].first);
    const void *first = lower ? arena_byte(arena, lower) : NULL;
    const void *end = upper ? arena_byte(arena, upper) : NULL;
    int rc = merge_gather(&worker->merge, order, runs, n_runs, first, end);
    free(runs);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

int worker_order(struct worker *worker, const struct message_order *message,
                 const struct extent_range *extents, struct message_done *done)
{
    struct columns columns = worker->spec->columns;
    columns.sum = wide_of(message->total);
    int rc = worker_gather(worker, worker->spec->order, extents, message->n_runs, message->lower,
                           message->upper);
    if (rc < 0)
        return rc;
    fault_point(worker->spec->progress, "write");
    return write_text(worker, &columns, message->task, done);
}
