/*
 * The reduce task: combines the same partitions of many runs, one partition after the other, into
 * one new run. Its inputs are never touched, so it can be run again.
 */
#include "code.h"
#include "fault.h"
#include "run.h"
#include "worker.h"

static const struct run *run_at(const struct worker *worker, struct extent_range extents)
{
    return (const struct run *)(const void *)arena_at(worker->spec->arena, extents.first);
}

static int combine(struct worker *worker, uint32_t partition, const struct extent_range *runs,
                   uint32_t n_runs)
{
    struct table *table = &worker->reduce_table;
    const struct entry *entry, *end;
    size_t size = 0;
    for (uint32_t i = 0; i < n_runs; i++) {
        run_partition(run_at(worker, runs[i]), partition, &entry, &end);
        size += (size_t)((const char *)end - (const char *)entry);
    }
    table_clear(table);
    int rc = table_reserve(table, size);
    for (uint32_t i = 0; i < n_runs && rc == 0; i++) {
        run_partition(run_at(worker, runs[i]), partition, &entry, &end);
        progress_step(worker->slot);
        for (; entry < end; entry = entry_next(entry)) {
            rc = table_add(table, entry->hash, entry->key, entry->size, entry->count);
            if (rc == TABLE_FULL) {
                rc = table_grow(table);
                if (rc == 0)
                    rc = table_add(table, entry->hash, entry->key, entry->size, entry->count);
            }
            if (rc == CODE_OVERFLOW)
                return worker_fail(worker, rc, entry->key, entry->size);
            if (rc != 0)
                break;
        }
    }
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

/* The last round: sorted, and cut to what can still be in the result. */
static int write_final(struct worker *worker, uint32_t partition, void *memory)
{
    const struct job_spec *spec = worker->spec;
    const struct table *table = &worker->reduce_table;
    struct merge *merge = &worker->merge;
    if (spec->filter && spec->filter->fold == FOLD_DOMINANT) {
        int rc = worker_merge_spellings(worker);
        if (rc < 0)
            return rc;
        table = &worker->kept_table;
    }
    int ranked = columns_have(&spec->columns, COLUMN_RANK);
    enum order order = ranked ? ORDER_COUNT : spec->order;
    if (merge_reserve(merge, table->n_entries) < 0)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    const struct entry *end = table_end(table);
    for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry))
        if (entry->count >= spec->min_count)
            merge->items[merge->n++] = (struct order_item){order_key(order, entry), entry};
    order_sort(order, merge->items, merge->items + merge->capacity, merge->n);
    wide sum = 0;
    for (size_t i = 0; i < merge->n && ranked; i++)
        sum += merge->items[i].entry->count;
    if (merge->n > spec->top)
        merge->n = spec->top;
    run_write_sorted(memory, partition, merge->items, merge->n);
    wide_split(sum, ((struct run *)memory)->sum);
    return 0;
}

int worker_reduce(struct worker *worker, const struct message_reduce *message,
                  const struct extent_range *runs)
{
    void *memory = arena_at(worker->spec->arena, message->output.first);
    struct run *run = run_begin(memory, message->first, message->end - message->first);
    for (uint32_t partition = message->first; partition < message->end; partition++) {
        int rc = combine(worker, partition, runs, message->n_runs);
        fault_point(worker->spec->progress, "reduce");
        if (rc == 0 && message->final)
            rc = write_final(worker, partition, memory);
        else if (rc == 0)
            run_append(run, partition, &worker->reduce_table);
        if (rc == 0 && worker->port->orphaned(worker->port))
            rc = worker_fail(worker, CODE_PROTOCOL, NULL, 0);
        if (rc < 0)
            return rc;
    }
    struct message_run done = {
        .task = message->task, .kind = RUN_ENTRIES, .extents = message->output, .size = run->size};
    int rc = worker->port->send(worker->port, MESSAGE_RUN, &done, sizeof done, NULL, 0);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}
