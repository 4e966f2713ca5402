/* See gather.h. The sample is a number of fences of every run in proportion to its words. */
#include "runs/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "scan/scan.h"
#include "words/entry.h"

/* Sampled words per bound: the largest slice is then some 10% over the average. */
#define OVERSAMPLING 64

/* Words that are gathered at a time on the way to the n-th. */
#define SLICE_WORDS 65536

void merge_release(struct merge *merge)
{
    free(merge->items);
    free(merge->copies);
    free(merge->sums);
    *merge = (struct merge){0};
}

int merge_reserve(struct merge *merge, size_t n)
{
    merge->n = 0;
    if (n < merge->capacity)
        return 0;
    n++; /* items is never NULL then */
    struct order_item *items = malloc(2 * n * sizeof *items);
    if (!items)
        return CODE_NOMEM;
    free(merge->items);
    merge->items = items;
    merge->capacity = n;
    return 0;
}

/* Room for size bytes and what is read behind them; what is there is lost. 0 or CODE_NOMEM. */
static int reserve_bytes(char **bytes, size_t *capacity, size_t size)
{
    if (size + SCAN_PADDING <= *capacity)
        return 0;
    free(*bytes);
    *bytes = malloc(size + SCAN_PADDING);
    *capacity = *bytes ? size + SCAN_PADDING : 0;
    return *bytes ? 0 : CODE_NOMEM;
}

/* Entries of a run: from the first that counts to the fence behind the last. */
struct span {
    const struct entry *start, *end;
    int spilled;
};

static size_t span_size(const struct span *span)
{
    return (size_t)((const char *)span->end - (const char *)span->start);
}

static struct span find_span(const struct merge *merge, enum order order, const struct run *run,
                             const struct entry *lower, const struct entry *upper)
{
    struct span span = {.start = run_first(run), .end = run_end(run)};
    if (lower)
        span.start = run_lower_bound(run, order, lower);
    if (upper)
        span.end = run_fence(run, run_fence_bound(run, order, upper));
    if (span.end < span.start)
        span.end = span.start;
    span.spilled = merge->arena && arena_holds_spilled(merge->arena, run);
    return span;
}

static void gather_span(struct merge *merge, enum order order, const struct span *span,
                        const struct entry *upper)
{
    uint64_t last = upper ? order_key(order, upper) : 0;
    struct order_item *item = merge->items + merge->n;
    for (const struct entry *entry = span->start; entry < span->end; entry = entry_next(entry)) {
        uint64_t key = order_key(order, entry);
        if (upper && key >= last && (key > last || order_compare(order, entry, upper) >= 0))
            break;
        *item++ = (struct order_item){key, entry};
    }
    merge->n = (size_t)(item - merge->items);
}

int merge_gather(struct merge *merge, enum order order, const struct run *const *runs,
                 size_t n_runs, const struct entry *lower, const struct entry *upper)
{
    size_t n_max = 0, copies_size = 0, mapped = 0, copied = 0;
    struct span *spans = malloc((n_runs + 1) * sizeof *spans);
    if (!spans)
        return CODE_NOMEM;
    for (size_t i = 0; i < n_runs; i++) {
        spans[i] = find_span(merge, order, runs[i], lower, upper);
        n_max += span_size(&spans[i]) / entry_stride(0);
        if (spans[i].spilled) {
            copies_size += span_size(&spans[i]);
            arena_note_read(merge->arena, &mapped, runs[i]->size);
        }
    }
    int rc = merge_reserve(merge, n_max);
    if (rc == 0 && copies_size > 0)
        rc = reserve_bytes(&merge->copies, &merge->copies_size, copies_size);
    for (size_t i = 0; i < n_runs && rc == 0; i++) {
        struct span span = spans[i];
        if (span.spilled && span_size(&span) > 0) {
            char *copy = merge->copies + copied;
            size_t size = span_size(&span);
            memcpy(copy, span.start, size);
            copied += size;
            arena_note_read(merge->arena, &mapped, size + SPILL_MAPPED_AT_ONCE);
            span.start = (const struct entry *)(void *)copy;
            span.end = (const struct entry *)(void *)(copy + size);
        }
        gather_span(merge, order, &span, upper);
    }
    if (mapped > 0)
        arena_forget(merge->arena);
    free(spans);
    if (rc == 0)
        order_sort(order, merge->items, merge->items + merge->capacity, merge->n);
    return rc;
}

/* Mostly the keys of the sort differ, and the words need not be looked at. */
static int is_same(const struct order_item *a, const struct order_item *b)
{
    return a->key == b->key && a->entry->size == b->entry->size &&
           memcmp(a->entry->key, b->entry->key, a->entry->size) == 0;
}

int merge_combine(struct merge *merge, enum reduce_op reduce, const struct entry **failed)
{
    struct order_item *items = merge->items;
    size_t sums_size = 0, n = 0;
    for (size_t i = 1; i < merge->n; i++)
        if (is_same(&items[i], &items[i - 1]))
            sums_size += entry_stride(items[i].entry->size);
    if (sums_size == 0)
        return 0;
    if (reserve_bytes(&merge->sums, &merge->sums_size, sums_size) < 0)
        return CODE_NOMEM;
    char *sums = merge->sums;
    for (size_t i = 0, end; i < merge->n; i = end) {
        const struct entry *entry = items[i].entry;
        for (end = i + 1; end < merge->n && is_same(&items[end], &items[i]);)
            end++;
        if (end - i > 1) {
            struct entry *sum = memcpy(sums, entry, entry_stride(entry->size));
            sums += entry_stride(entry->size);
            for (size_t j = i + 1; j < end; j++) {
                if (reduce_count(reduce, &sum->count, items[j].entry->count) == 0)
                    continue;
                *failed = entry;
                return CODE_OVERFLOW;
            }
            entry = sum;
        }
        items[n++] = (struct order_item){0, entry};
    }
    merge->n = n;
    return 0;
}

/* A copy, so that sorting maps nothing anew. */
struct sample {
    const struct entry *original;
    _Alignas(8) char entry[];
};

static struct sample *sample_new(const struct entry *entry)
{
    size_t size = entry_stride(entry->size);
    struct sample *sample = malloc(sizeof *sample + size + 8);
    if (!sample)
        return NULL;
    sample->original = entry;
    memcpy(sample->entry, entry, size);
    return sample;
}

static struct sample *sample_of(const struct entry *entry)
{
    return (struct sample *)(void *)((char *)(uintptr_t)entry - offsetof(struct sample, entry));
}

int merge_bounds(const struct arena *arena, enum order order, const struct run *const *runs,
                 size_t n_runs, const struct entry *upper, size_t n_slices,
                 const struct entry **bounds)
{
    uint64_t n_fences = 0;
    size_t mapped = 0;
    for (size_t i = 0; i < n_runs; i++)
        n_fences += runs[i]->n_fences;
    uint64_t step = n_fences / (n_slices * OVERSAMPLING) + 1;

    struct merge samples = {0};
    if (merge_reserve(&samples, n_fences / step + 1) < 0)
        return CODE_NOMEM;
    uint64_t next = 0;
    int rc = 0;
    for (size_t i = 0; i < n_runs && rc == 0; i++) {
        int spilled = arena_holds_spilled(arena, runs[i]);
        for (; next < runs[i]->n_fences && rc == 0; next += step) {
            const struct entry *entry = run_fence(runs[i], next);
            if (spilled)
                arena_note_read(arena, &mapped, SPILL_MAPPED_AT_ONCE);
            if (upper && order_compare(order, entry, upper) >= 0)
                continue;
            struct sample *sample = sample_new(entry);
            if (!sample)
                rc = CODE_NOMEM;
            else
                samples.items[samples.n++] =
                    (struct order_item){order_key(order, entry), (const void *)sample->entry};
        }
        next -= runs[i]->n_fences;
    }
    order_sort(order, samples.items, samples.items + samples.capacity, samples.n);
    for (size_t i = 1; i < n_slices && rc == 0; i++)
        bounds[i - 1] = samples.n > 0
                            ? sample_of(samples.items[samples.n * i / n_slices].entry)->original
                            : upper;
    for (size_t i = 0; i < samples.n; i++)
        free(sample_of(samples.items[i].entry));
    merge_release(&samples);
    arena_forget(arena);
    return rc;
}

int merge_nth(const struct arena *arena, enum order order, const struct run *const *runs,
              size_t n_runs, uint64_t n, const struct entry **entry)
{
    uint64_t n_words = 0;
    for (size_t i = 0; i < n_runs; i++)
        n_words += runs[i]->n_entries;
    size_t n_slices = n_words / SLICE_WORDS + 1;
    const struct entry **bounds = calloc(n_slices, sizeof *bounds);
    struct merge merge = {0}; /* no arena: the entry itself is wanted, not a copy */
    int rc = bounds ? merge_bounds(arena, order, runs, n_runs, NULL, n_slices, bounds) : CODE_NOMEM;
    for (size_t i = 0; i < n_slices && rc == 0; i++) {
        rc = merge_gather(&merge, order, runs, n_runs, i > 0 ? bounds[i - 1] : NULL,
                          i + 1 < n_slices ? bounds[i] : NULL);
        if (rc == 0 && n < merge.n) {
            *entry = merge.items[n].entry;
            break;
        }
        n -= merge.n;
        arena_forget(arena);
    }
    merge_release(&merge);
    free(bounds);
    return rc;
}
