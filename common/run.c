/* A run is written in one pass after its sizes are known, and never changed. */
#include "run.h"

#include <string.h>

/* Entries are whole 8-byte words, and mostly three to five of them: a loop beats memcpy's call. */
static void *copy_entry(void *to, const struct entry *entry, size_t stride)
{
    uint64_t *out = to;
    const char *in = (const char *)entry;
    for (size_t i = 0; i < stride; i += 8)
        memcpy(out++, in + i, 8);
    return out;
}

struct run *run_begin(void *memory, uint32_t first, uint32_t n_partitions)
{
    struct run *run = memory;
    *run = (struct run){.first = first, .n_partitions = n_partitions};
    run->size = run->offset[0] = run_header_size(n_partitions);
    return run;
}

size_t run_extend(struct run *run, uint32_t partition, const struct table *table)
{
    size_t at = run->size;
    run->size += table->size;
    run->n_entries += table->n_entries;
    run->offset[partition - run->first + 1] = run->size;
    return at;
}

void run_append(struct run *run, uint32_t partition, const struct table *table)
{
    size_t at = run_extend(run, partition, table);
    memcpy((char *)run + at, table->entries, table->size);
}

size_t run_write(void *memory, const struct entry *first, const struct entry *end, unsigned bits)
{
    uint32_t n_partitions = UINT32_C(1) << bits;
    struct run *run = run_begin(memory, 0, n_partitions);
    uint64_t at[RUN_PARTITIONS_MAX] = {0};
    for (const struct entry *entry = first; entry < end; entry = entry_next(entry)) {
        at[run_partition_of(entry->hash, bits)] += entry_stride(entry->size);
        run->n_entries++;
    }

    for (uint32_t i = 0; i < n_partitions; i++) {
        uint64_t size = at[i];
        at[i] = run->size;
        run->size += size;
        run->offset[i + 1] = run->size;
    }
    for (const struct entry *entry = first; entry < end; entry = entry_next(entry)) {
        uint64_t *to = &at[run_partition_of(entry->hash, bits)];
        copy_entry((char *)memory + *to, entry, entry_stride(entry->size));
        *to += entry_stride(entry->size);
    }
    return run->size;
}

size_t run_write_sorted(void *memory, uint32_t partition, const struct order_item *items, size_t n)
{
    struct run *run = run_begin(memory, partition, 1);
    size_t start = run->size;
    char *at = (char *)memory + start;
    for (size_t i = 0; i < n; i++) {
        at = copy_entry(at, items[i].entry, entry_stride(items[i].entry->size));
    }
    run->n_entries = n;
    run->offset[1] = (uint64_t)(at - (char *)memory);

    uint64_t *fence = (uint64_t *)(void *)at;
    uint64_t offset = start;
    for (size_t i = 0; i < n; i++) {
        if (i % FENCE_STEP == 0)
            *fence++ = offset;
        offset += entry_stride(items[i].entry->size);
    }
    run->n_fences = (n + FENCE_STEP - 1) / FENCE_STEP;
    run->size = (uint64_t)((char *)fence - (char *)memory);
    return run->size;
}

const struct entry *run_fence(const struct run *run, uint64_t i)
{
    const uint64_t *fences = (const uint64_t *)(const void *)((const char *)run + run->offset[1]);
    return (const struct entry *)(const void *)((const char *)run + fences[i]);
}

const struct entry *run_lower_bound(const struct run *run, enum order order,
                                    const struct entry *bound)
{
    const struct entry *entry, *end;
    run_partition(run, run->first, &entry, &end);
    uint64_t low = 0, high = run->n_fences;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (order_compare(order, run_fence(run, middle), bound) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0)
        entry = run_fence(run, low - 1);
    while (entry < end && order_compare(order, entry, bound) < 0)
        entry = entry_next(entry);
    return entry;
}
