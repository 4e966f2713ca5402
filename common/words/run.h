/*
 * What a task leaves behind: a run, immutable from the moment it is committed, in one piece of
 * shared memory. Its entries are sorted, and the offset of every FENCE_STEP-th stands at its end,
 * so whoever merges runs finds its range of each by binary search.
 *
 *     | struct run | entries | fences |
 */
#ifndef COMMON_WORDS_RUN_H
#define COMMON_WORDS_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "words/entry.h"
#include "words/order.h"

#define FENCE_STEP 16

struct run {
    uint64_t n_entries;
    uint64_t n_fences;
    uint64_t entries_size; /* bytes */
    uint64_t size;         /* bytes, all of it */
};

/* Bytes that a run with entries of entries_size bytes takes at most. */
static inline size_t run_size_max(size_t entries_size)
{
    size_t n_fences = entries_size / (FENCE_STEP * entry_stride(0)) + 1;
    return sizeof(struct run) + entries_size + n_fences * sizeof(uint64_t);
}

/* Bytes of entries that a run of size bytes has room for in any case. */
static inline size_t run_entries_max(size_t size)
{
    const size_t step = FENCE_STEP * entry_stride(0);
    size_t fixed = sizeof(struct run) + sizeof(uint64_t);
    return size < fixed ? 0 : (size - fixed) / (step + sizeof(uint64_t)) * step;
}

/*
 * Writes the n entries of items, which are sorted, to memory with room for run_size_max bytes.
 * Returns the bytes written.
 */
size_t run_write(void *memory, const struct order_item *items, size_t n);

/* The same, whose entries take so many bytes. */
size_t run_write_sized(void *memory, const struct order_item *items, size_t n, size_t entries_size);

static inline const struct entry *run_first(const struct run *run)
{
    return (const struct entry *)(const void *)(run + 1);
}

static inline const struct entry *run_end(const struct run *run)
{
    return (const struct entry *)(const void *)((const char *)(run + 1) + run->entries_size);
}

/* Entry number i * FENCE_STEP, or the end for n_fences. */
const struct entry *run_fence(const struct run *run, uint64_t i);

/* The first fence that does not go before bound, or n_fences; O(log n). */
uint64_t run_fence_bound(const struct run *run, enum order order, const struct entry *bound);

/* The first entry that does not go before bound, or the end; O(log n). */
const struct entry *run_lower_bound(const struct run *run, enum order order,
                                    const struct entry *bound);

#endif
