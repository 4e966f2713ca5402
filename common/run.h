/*
 * What a task leaves behind: a run, immutable from the moment it is committed, in one piece of
 * shared memory. Its entries are grouped by partition, the top bits of their hash, so a reduce task
 * reads just its partitions of every run. A sorted run is one partition in output order, with the
 * offset of every FENCE_STEP-th entry at its end for binary search.
 *
 *     | struct run | offset[0..n] | entries of partition 0 | of 1 | ... | fences |
 */
#ifndef COMMON_RUN_H
#define COMMON_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "order.h"
#include "table.h"

#define RUN_PARTITIONS_MAX 1024
#define FENCE_STEP 64

struct run {
    uint32_t first; /* partition */
    uint32_t n_partitions;
    uint64_t n_entries;
    uint64_t n_fences;
    uint64_t sum[2];   /* of a final run: of the counts, also of words cut off; higher half first */
    uint64_t size;     /* bytes, all of it */
    uint64_t offset[]; /* n_partitions + 1; from the start of the run */
};

static inline uint32_t run_partition_of(uint64_t hash, unsigned bits)
{
    return bits == 0 ? 0 : (uint32_t)(hash >> (64 - bits));
}

static inline size_t run_header_size(uint32_t n_partitions)
{
    return sizeof(struct run) + (n_partitions + 1) * sizeof(uint64_t);
}

/* Bytes that a run of n_entries entries of entries_size bytes takes at most, sorted or not. */
static inline size_t run_size_max(uint32_t n_partitions, size_t entries_size)
{
    size_t n_fences = entries_size / (FENCE_STEP * entry_stride(0)) + 1;
    return run_header_size(n_partitions) + entries_size + n_fences * sizeof(uint64_t);
}

/*
 * Writes the entries from first up to end, grouped by partition (of 2^bits), to memory with room
 * for run_size_max bytes. Returns the bytes written.
 */
size_t run_write(void *memory, const struct entry *first, const struct entry *end, unsigned bits);

/*
 * The same one partition at a time: begin, then append the table of each partition in turn, the
 * n-th time ends the run.
 */
struct run *run_begin(void *memory, uint32_t first, uint32_t n_partitions);
void run_append(struct run *run, uint32_t partition, const struct table *table);

/* As run_append, but for the entries: the caller puts them where it says, from the run's start. */
size_t run_extend(struct run *run, uint32_t partition, const struct table *table);

/* Writes n sorted items as a sorted run. Returns the bytes written. */
size_t run_write_sorted(void *memory, uint32_t partition, const struct order_item *items, size_t n);

/* The entries [*start, *end) of one of the run's partitions. */
static inline void run_partition(const struct run *run, uint32_t partition,
                                 const struct entry **start, const struct entry **end)
{
    const char *base = (const char *)run;
    *start = (const struct entry *)(const void *)(base + run->offset[partition - run->first]);
    *end = (const struct entry *)(const void *)(base + run->offset[partition - run->first + 1]);
}

/* Entry number i * FENCE_STEP of a sorted run, i < n_fences. */
const struct entry *run_fence(const struct run *run, uint64_t i);

/* The first entry of a sorted run that does not go before bound, or its end; O(log n). */
const struct entry *run_lower_bound(const struct run *run, enum order order,
                                    const struct entry *bound);

#endif
