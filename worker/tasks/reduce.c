/*
 * The reduce task: gathers the same slice of many sorted runs, sorts it, and makes one of all that
 * are the same word. Its inputs are never touched, so it can be run again.
 */
#include "base/code.h"
#include "base/wide.h"
#include "output/columns.h"
#include "shared/fault.h"
#include "words/entry.h"
#include "worker.h"

static int combine(struct worker *worker)
{
    const struct entry *failed;
    int rc = merge_combine(&worker->merge, worker->spec->reduce, &failed);
    if (rc == CODE_OVERFLOW)
        return worker_fail(worker, rc, failed->key, failed->size);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

/* The last round: only what counts, in the order of the result. */
static int finish(struct worker *worker)
{
    const struct job_spec *spec = worker->spec;
    struct merge *merge = &worker->merge;
    if (spec->filter && spec->filter->fold == FOLD_DOMINANT) {
        int rc = worker_merge_spellings(worker);
        if (rc < 0)
            return rc;
    }
    if (spec->min_count == 0)
        return 0;
    size_t n = 0;
    for (size_t i = 0; i < merge->n; i++)
        if (merge->items[i].entry->count >= spec->min_count)
            merge->items[n++] = merge->items[i];
    merge->n = n;
    return 0;
}

/* Words that have ranks are in the order of counts until they have got them. */
static int write_final(struct worker *worker, uint32_t task, struct message_done *done)
{
    const struct job_spec *spec = worker->spec;
    struct merge *merge = &worker->merge;
    enum order order = columns_have(&spec->columns, COLUMN_RANK) ? ORDER_COUNT : spec->order;
    if (order != spec->run_order) {
        for (size_t i = 0; i < merge->n; i++)
            merge->items[i].key = order_key(order, merge->items[i].entry);
        order_sort(order, merge->items, merge->items + merge->capacity, merge->n);
    }
    wide sum = 0;
    for (size_t i = 0; i < merge->n && order == ORDER_COUNT; i++)
        sum += merge->items[i].entry->count;
    wide_split(sum, done->sum);
    if (merge->n > spec->top)
        merge->n = spec->top;
    return worker_write_runs(worker, task, merge->items, merge->n);
}

int worker_reduce(struct worker *worker, const struct message_reduce *message,
                  struct message_done *done)
{
    const struct job_spec *spec = worker->spec;
    const struct merge *merge = &worker->merge;
    table_drop(&worker->map_table);
    int rc = worker_gather(worker, spec->run_order, &message->slice);
    fault_point(&spec->progress->faults, "reduce");
    progress_step(worker->slot);
    if (rc == 0)
        rc = combine(worker);
    progress_step(worker->slot);
    if (rc == 0 && worker->port->orphaned(worker->port))
        rc = worker_fail(worker, CODE_PROTOCOL, NULL, 0);
    if (rc < 0)
        return rc;
    if (message->kind == REDUCE_ROUND)
        return worker_write_runs(worker, message->task, merge->items, merge->n);
    rc = finish(worker);
    if (rc == 0 && message->kind == REDUCE_FINAL)
        return write_final(worker, message->task, done);
    done->words = merge->n;
    return rc < 0 ? rc : worker_write_text(worker, message->task, &spec->columns, done);
}
