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
    const struct arena *arena = worker->spec->arena;
    const struct entry *entry, *end;
    size_t size = 0, mapped = 0;
    for (uint32_t i = 0; i < n_runs; i++) {
        run_partition(run_at(worker, runs[i]), partition, &entry, &end);
        size += (size_t)((const char *)end - (const char *)entry);
        if (arena_is_spilled(arena, runs[i].first))
            arena_note_read(arena, &mapped, SPILL_MAPPED_AT_ONCE);
    }
    table_clear(table);
    int rc = table_reserve(table, size);
    for (uint32_t i = 0; i < n_runs && rc == 0; i++) {
        run_partition(run_at(worker, runs[i]), partition, &entry, &end);
        progress_step(worker->slot);
        if (arena_is_spilled(arena, runs[i].first))
            arena_note_read(arena, &mapped,
                            (size_t)((const char *)end - (const char *)entry) +
                                SPILL_MAPPED_AT_ONCE);
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
static int write_final(struct worker *worker, const struct message_reduce *message, size_t *size)
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
    void *memory = worker_memory(worker, message->output, run_size_max(1, table->size));
    if (!memory || merge_reserve(merge, table->n_entries) < 0)
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
    *size = run_write_sorted(memory, message->first, merge->items, merge->n);
    wide_split(sum, ((struct run *)memory)->sum);
    if (arena_is_spilled(spec->arena, message->output.first))
        return worker_spill(worker, message->output, 0, memory, *size);
    return 0;
}

/* Appends the combined partition to the output, which begins with run. */
static int write_partition(struct worker *worker, const struct message_reduce *message,
                           struct run *run, uint32_t partition)
{
    const struct table *table = &worker->reduce_table;
    if (!arena_is_spilled(worker->spec->arena, message->output.first)) {
        run_append(run, partition, table);
        return 0;
    }
    size_t at = run_extend(run, partition, table);
    return worker_spill(worker, message->output, at, table->entries, table->size);
}

int worker_reduce(struct worker *worker, const struct message_reduce *message,
                  const struct extent_range *runs)
{
    uint32_t n_partitions = message->end - message->first;
    size_t header_size = run_header_size(n_partitions), size = 0;
    table_drop(&worker->map_table);
    void *memory = worker_memory(worker, message->output, header_size);
    if (!memory)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    struct run *run = run_begin(memory, message->first, n_partitions);
    for (uint32_t partition = message->first; partition < message->end; partition++) {
        int rc = combine(worker, partition, runs, message->n_runs);
        fault_point(worker->spec->progress, "reduce");
        if (rc == 0 && message->final)
            rc = write_final(worker, message, &size);
        else if (rc == 0)
            rc = write_partition(worker, message, run, partition);
        if (rc == 0 && worker->port->orphaned(worker->port))
            rc = worker_fail(worker, CODE_PROTOCOL, NULL, 0);
        if (rc < 0)
            return rc;
    }
    if (!message->final) {
        size = run->size;
        if (arena_is_spilled(worker->spec->arena, message->output.first)) {
            int rc = worker_spill(worker, message->output, 0, run, header_size);
            if (rc < 0)
                return rc;
        }
    }
    return worker_send_run(worker, message->task, RUN_ENTRIES, message->output, size);
}
