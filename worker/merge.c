/* See merge.h. The sample is a number of fences of every run in proportion to its words. */
#include "merge.h"

#include <stdlib.h>

#include "code.h"

/* Sampled words per bound: the largest slice is then some 10% over the average. */
#define OVERSAMPLING 64

void merge_release(struct merge *merge)
{
    free(merge->items);
    *merge = (struct merge){0};
}

int merge_reserve(struct merge *merge, size_t n)
{
    merge->n = 0;
    if (n <= merge->capacity)
        return 0;
    struct order_item *items = malloc(2 * n * sizeof *items);
    if (!items)
        return CODE_NOMEM;
    free(merge->items);
    merge->items = items;
    merge->capacity = n;
    return 0;
}

static void span(enum order order, const struct run *run, const struct entry *lower,
                 const struct entry *upper, const struct entry **start, const struct entry **end)
{
    run_partition(run, run->first, start, end);
    if (lower)
        *start = run_lower_bound(run, order, lower);
    if (upper)
        *end = run_lower_bound(run, order, upper);
}

int merge_gather(struct merge *merge, enum order order, const struct run *const *runs,
                 size_t n_runs, const struct entry *lower, const struct entry *upper)
{
    size_t n_max = 0;
    const struct entry *entry, *end;
    for (size_t i = 0; i < n_runs; i++) {
        span(order, runs[i], lower, upper, &entry, &end);
        size_t size = (size_t)((const char *)end - (const char *)entry);
        n_max += size / entry_stride(0);
    }
    if (merge_reserve(merge, n_max) < 0)
        return CODE_NOMEM;
    for (size_t i = 0; i < n_runs; i++) {
        span(order, runs[i], lower, upper, &entry, &end);
        for (; entry < end; entry = entry_next(entry))
            merge->items[merge->n++] = (struct order_item){order_key(order, entry), entry};
    }
    order_sort(order, merge->items, merge->items + merge->capacity, merge->n);
    return 0;
}

int merge_bounds(enum order order, const struct run *const *runs, size_t n_runs,
                 const struct entry *upper, size_t n_slices, const struct entry **bounds)
{
    uint64_t n_fences = 0;
    for (size_t i = 0; i < n_runs; i++)
        n_fences += runs[i]->n_fences;
    uint64_t step = n_fences / (n_slices * OVERSAMPLING) + 1;

    struct merge sample = {0};
    if (merge_reserve(&sample, n_fences / step + 1) < 0)
        return CODE_NOMEM;
    uint64_t next = 0;
    for (size_t i = 0; i < n_runs; i++) {
        for (; next < runs[i]->n_fences; next += step) {
            const struct entry *entry = run_fence(runs[i], next);
            if (upper && order_compare(order, entry, upper) >= 0)
                continue;
            sample.items[sample.n++] = (struct order_item){order_key(order, entry), entry};
        }
        next -= runs[i]->n_fences;
    }
    order_sort(order, sample.items, sample.items + sample.capacity, sample.n);
    for (size_t i = 1; i < n_slices; i++)
        bounds[i - 1] = sample.n > 0 ? sample.items[sample.n * i / n_slices].entry : upper;
    merge_release(&sample);
    return 0;
}
