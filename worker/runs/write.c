/*
 * What tasks write: runs of sorted words, and text. Both go to shared memory, a grant at a time;
 * the coordinator only copies the text to the output, slice after slice.
 */
#include <stdlib.h>

#include "base/code.h"
#include "base/wide.h"
#include "output/formatter.h"
#include "shared/fault.h"
#include "words/entry.h"
#include "worker.h"

#define PREFETCH_DISTANCE 8 /* words: sorted, they are anywhere in the runs */

/* Of n items, those whose entries fit room bytes; at least one does. */
static size_t count_fitting(const struct order_item *items, size_t n, size_t room)
{
    size_t i = 0, size = 0;
    while (i < n && (size += entry_stride(items[i].entry->size)) <= room)
        i++;
    return i;
}

int worker_write_runs(struct worker *worker, uint32_t task, const struct order_item *items,
                      size_t n)
{
    const struct job_spec *spec = worker->spec;
    while (n > 0) {
        int rc = worker_room(worker);
        if (rc < 0)
            return rc;
        int spilled = arena_is_spilled(spec->arena, worker->grant.first);
        size_t n_now = count_fitting(items, n, spilled ? spec->spill_size : spec->table_size);
        void *memory = worker_memory(worker, worker->grant, worker_spill_grant_size(spec));
        if (!memory)
            return worker_fail(worker, CODE_NOMEM, NULL, 0);
        size_t size = run_write(memory, items, n_now);
        fault_point(&spec->progress->faults, "run");
        rc = worker_send_grant(worker, task, RUN_ENTRIES, size);
        if (rc < 0)
            return rc;
        progress_step(worker->slot);
        items += n_now;
        n -= n_now;
    }
    return 0;
}

int worker_write_text(struct worker *worker, uint32_t task, const struct columns *columns,
                      struct message_done *done)
{
    const struct gather *gather = &worker->gather;
    const struct job_spec *spec = worker->spec;
    struct formatter text = {.columns = columns, .format = spec->format};
    size_t room = worker_grant_size(spec);
    fault_point(&spec->progress->faults, "write");
    for (size_t i = 0; i < gather->n; i++) {
        const struct entry *entry = gather->items[i].entry;
        if (i + PREFETCH_DISTANCE < gather->n)
            __builtin_prefetch(gather->items[i + PREFETCH_DISTANCE].entry);
        if (text.size > 0 && formatter_most(&text, entry->size) > room - text.size) {
            int rc = worker_send_grant(worker, task, RUN_TEXT, text.size);
            if (rc < 0)
                return rc;
            progress_step(worker->slot);
            text.size = 0;
            text.data = NULL;
        }
        if (!text.data) {
            int rc = worker_room(worker);
            if (rc < 0)
                return rc;
            text.data = worker_memory(worker, worker->grant, room);
        }
        if (!text.data)
            return worker_fail(worker, CODE_NOMEM, NULL, 0);
        formatter_add(&text, entry);
    }
    done->replaced = text.n_replaced;
    return text.size > 0 ? worker_send_grant(worker, task, RUN_TEXT, text.size) : 0;
}

int worker_gather(struct worker *worker, enum order order, const struct message_slice *slice)
{
    const struct arena *arena = worker->spec->arena;
    const struct extent_range *extents = arena_byte(arena, slice->runs);
    const struct run **runs = malloc((slice->n_runs + 1) * sizeof *runs);
    if (!runs)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    for (uint64_t i = 0; i < slice->n_runs; i++)
        runs[i] = run_at(arena, extents[i]);
    int rc = gather_runs(&worker->gather, order, runs, slice->n_runs,
                         slice->lower ? arena_byte(arena, slice->lower) : NULL,
                         slice->upper ? arena_byte(arena, slice->upper) : NULL);
    free(runs);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

int worker_order(struct worker *worker, const struct message_order *message,
                 struct message_done *done)
{
    struct columns columns = worker->spec->columns;
    columns.sum = wide_of(message->total);
    int rc = worker_gather(worker, worker->spec->order, &message->slice);
    return rc < 0 ? rc : worker_write_text(worker, message->task, &columns, done);
}
