/*
 * The last task: one slice of the output, gathered from all sorted runs and formatted into shared
 * memory, a grant at a time. The coordinator only copies the slices to the output, in order.
 */
#include <stdlib.h>

#include "code.h"
#include "fault.h"
#include "format.h"
#include "worker.h"

static int write_text(struct worker *worker, const struct columns *columns, uint32_t task)
{
    const struct merge *merge = &worker->merge;
    size_t room = worker_grant_size(worker->spec), size = 0;
    for (size_t i = 0; i < merge->n; i++) {
        const struct entry *entry = merge->items[i].entry;
        if (size > 0 && format_tsv_max(entry) > room - size) {
            int rc = worker_send_run(worker, task, RUN_TEXT, size);
            if (rc < 0)
                return rc;
            progress_step(worker->slot);
            size = 0;
        }
        int rc = worker_room(worker);
        if (rc < 0)
            return rc;
        char *text = (char *)arena_at(worker->spec->arena, worker->grant.first);
        size += format_tsv(text + size, columns, entry);
    }
    return size > 0 ? worker_send_run(worker, task, RUN_TEXT, size) : 0;
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
    const void *first = lower ? arena->base + lower : NULL;
    const void *end = upper ? arena->base + upper : NULL;
    int rc = merge_gather(&worker->merge, order, runs, n_runs, first, end);
    free(runs);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

int worker_order(struct worker *worker, const struct message_order *message,
                 const struct extent_range *extents)
{
    struct columns columns = worker->spec->columns;
    columns.sum = wide_of(message->total);
    int rc = worker_gather(worker, worker->spec->order, extents, message->n_runs, message->lower,
                           message->upper);
    if (rc < 0)
        return rc;
    fault_point(worker->spec->progress, "write");
    return write_text(worker, &columns, message->task);
}
