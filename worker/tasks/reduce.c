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
    int rc = gather_combine(&worker->gather, worker->spec->reduce, &failed);
    if (rc == CODE_OVERFLOW)
        return worker_fail(worker, rc, failed->key, failed->size);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

/* The last round: only what counts, in the order of the result. */
static int finish(struct worker *worker)
{
    const struct job_spec *spec = worker->spec;
    struct gather *gather = &worker->gather;
    if (spec->filter && spec->filter->fold == FOLD_DOMINANT) {
        int rc = worker_merge_spellings(worker);
        if (rc < 0)
            return rc;
    }
    if (spec->min_count == 0)
        return 0;
    size_t n = 0;
    for (size_t i = 0; i < gather->n; i++)
        if (gather->items[i].entry->count >= spec->min_count)
            gather->items[n++] = gather->items[i];
    gather->n = n;
    return 0;
}

/* Words that have ranks are in the order of counts until they have got them. */
static int write_final(struct worker *worker, uint32_t task, struct message_done *done)
{
    const struct job_spec *spec = worker->spec;
    struct gather *gather = &worker->gather;
    enum order order = columns_have(&spec->columns, COLUMN_RANK) ? ORDER_COUNT : spec->order;
    if (order != spec->run_order) {
        for (size_t i = 0; i < gather->n; i++)
            gather->items[i].key = order_key(order, gather->items[i].entry);
        order_sort(order, gather->items, gather->items + gather->capacity, gather->n);
    }
    wide sum = 0;
    for (size_t i = 0; i < gather->n && order == ORDER_COUNT; i++)
        sum += gather->items[i].entry->count;
    wide_split(sum, done->sum);
    if (gather->n > spec->top)
        gather->n = spec->top;
    return worker_write_runs(worker, task, gather->items, gather->n);
}

int worker_reduce(struct worker *worker, const struct message_reduce *message,
                  struct message_done *done)
{
    const struct job_spec *spec = worker->spec;
    const struct gather *gather = &worker->gather;
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
        return worker_write_runs(worker, message->task, gather->items, gather->n);
    rc = finish(worker);
    if (rc == 0 && message->kind == REDUCE_FINAL)
        return write_final(worker, message->task, done);
    done->words = gather->n;
    return rc < 0 ? rc : worker_write_text(worker, message->task, &spec->columns, done);
}
