/* A run is written in one pass, and never changed. */
#include "words/run.h"

#include <string.h>

#include "words/entry.h"

/* Entries are whole 8-byte words, and mostly three to five of them: a loop beats memcpy's call. */
static void *copy_entry(void *to, const struct entry *entry, size_t stride)
{
    uint64_t *out = to;
    const char *in = (const char *)entry;
    for (size_t i = 0; i < stride; i += 8)
        memcpy(out++, in + i, 8);
    return out;
}

size_t run_write_sized(void *memory, const struct order_item *items, size_t n, size_t entries_size)
{
    struct run *run = memory;
    char *start = (char *)(run + 1), *at = start;
    uint64_t *fence = (uint64_t *)(void *)(start + entries_size);
    size_t more = n > 0 ? entry_more_of_all(items[0].entry) : 0;
    for (size_t i = 0; i < n; i++) {
        if (i % FENCE_STEP == 0)
            *fence++ = (uint64_t)(at - start);
        at = copy_entry(at, items[i].entry, entry_bytes_with(items[i].entry, more));
    }
    *run = (struct run){.n_entries = n,
                        .n_fences = (n + FENCE_STEP - 1) / FENCE_STEP,
                        .entries_size = entries_size,
                        .size = (uint64_t)((char *)fence - (char *)memory)};
    return run->size;
}

size_t run_write(void *memory, const struct order_item *items, size_t n)
{
    size_t entries_size = 0;
    for (size_t i = 0; i < n; i++)
        entries_size += entry_bytes(items[i].entry);
    return run_write_sized(memory, items, n, entries_size);
}

const struct entry *run_fence(const struct run *run, uint64_t i)
{
    const char *start = (const char *)run_first(run);
    const uint64_t *fences = (const uint64_t *)(const void *)run_end(run);
    return i < run->n_fences ? (const struct entry *)(const void *)(start + fences[i])
                             : run_end(run);
}

uint64_t run_fence_bound(const struct run *run, enum order order, const struct entry *bound)
{
    uint64_t low = 0, high = run->n_fences;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (order_compare(order, run_fence(run, middle), bound) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct entry *run_lower_bound(const struct run *run, enum order order,
                                    const struct entry *bound)
{
    uint64_t fence = run_fence_bound(run, order, bound);
    const struct entry *end = run_fence(run, fence);
    const struct entry *entry = run_fence(run, fence > 0 ? fence - 1 : 0);
    uint64_t first = order_key(order, bound);
    for (; entry < end; entry = entry_next(entry)) {
        uint64_t key = order_key(order, entry);
        if (key > first || (key == first && order_compare(order, entry, bound) >= 0))
            break;
    }
    return entry;
}
