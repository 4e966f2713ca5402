#include "runs/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "scan/scan.h"

void gather_release(struct gather *gather)
{
    free(gather->items);
    free(gather->copies);
    free(gather->sums);
    *gather = (struct gather){0};
}

int gather_reserve(struct gather *gather, size_t n)
{
    gather->n = 0;
    if (n < gather->capacity)
        return 0;
    n++; /* items is never NULL then */
    struct order_item *items = malloc(2 * n * sizeof *items);
    if (!items)
        return CODE_NOMEM;
    free(gather->items);
    gather->items = items;
    gather->capacity = n;
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

int gather_entries(struct gather *gather, enum order order, const struct entry **entry,
                   const struct entry *end, size_t size)
{
    const struct entry *at = *entry;
    const char *cut = (const char *)at + size;
    if (gather_reserve(gather, size / entry_stride(0) + 1) < 0)
        return CODE_NOMEM;
    size_t more = at < end ? entry_more_of_all(at) : 0;
    for (const struct entry *next; at < end; at = next) {
        next = entry_behind(at, more);
        if ((const char *)next > cut && gather->n > 0)
            break;
        gather->items[gather->n++] = (struct order_item){order_key(order, at), at};
    }
    order_sort(order, gather->items, gather->items + gather->capacity, gather->n);
    *entry = at;
    return 0;
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

static struct span find_span(const struct gather *gather, enum order order, const struct run *run,
                             const struct entry *lower, const struct entry *upper)
{
    struct span span = {.start = run_first(run), .end = run_end(run)};
    if (lower)
        span.start = run_lower_bound(run, order, lower);
    if (upper)
        span.end = run_fence(run, run_fence_bound(run, order, upper));
    if (span.end < span.start)
        span.end = span.start;
    span.spilled = gather->arena && arena_holds_spilled(gather->arena, run);
    return span;
}

static void gather_span(struct gather *gather, enum order order, const struct span *span,
                        const struct entry *upper)
{
    uint64_t last = upper ? order_key(order, upper) : 0;
    struct order_item *item = gather->items + gather->n;
    size_t more = span->start < span->end ? entry_more_of_all(span->start) : 0;
    for (const struct entry *entry = span->start; entry < span->end;
         entry = entry_behind(entry, more)) {
        uint64_t key = order_key(order, entry);
        if (upper && key >= last && (key > last || order_compare(order, entry, upper) >= 0))
            break;
        *item++ = (struct order_item){key, entry};
    }
    gather->n = (size_t)(item - gather->items);
}

int gather_runs(struct gather *gather, enum order order, const struct run *const *runs,
                size_t n_runs, const struct entry *lower, const struct entry *upper)
{
    size_t n_max = 0, copies_size = 0, mapped = 0, copied = 0;
    struct span *spans = malloc((n_runs + 1) * sizeof *spans);
    if (!spans)
        return CODE_NOMEM;
    for (size_t i = 0; i < n_runs; i++) {
        spans[i] = find_span(gather, order, runs[i], lower, upper);
        n_max += span_size(&spans[i]) / entry_stride(0);
        if (spans[i].spilled) {
            arena_will_read(gather->arena, spans[i].start, span_size(&spans[i]));
            copies_size += gather->is_lasting ? 0 : span_size(&spans[i]);
            arena_note_read(gather->arena, &mapped, runs[i]->size);
        }
    }
    int rc = gather_reserve(gather, n_max);
    if (rc == 0 && copies_size > 0)
        rc = reserve_bytes(&gather->copies, &gather->copies_size, copies_size);
    for (size_t i = 0; i < n_runs && rc == 0; i++) {
        struct span span = spans[i];
        if (span.spilled && !gather->is_lasting && span_size(&span) > 0) {
            char *copy = gather->copies + copied;
            size_t size = span_size(&span);
            memcpy(copy, span.start, size);
            copied += size;
            arena_note_read(gather->arena, &mapped, size + SPILL_MAPPED_AT_ONCE);
            span.start = (const struct entry *)(void *)copy;
            span.end = (const struct entry *)(void *)(copy + size);
        }
        gather_span(gather, order, &span, upper);
    }
    if (mapped > 0)
        arena_forget(gather->arena);
    free(spans);
    if (rc == 0)
        order_sort(order, gather->items, gather->items + gather->capacity, gather->n);
    return rc;
}

int gather_slice(struct gather *gather, enum order order, const struct message_slice *slice)
{
    const struct arena *arena = gather->arena;
    const struct extent_range *extents = arena_byte(arena, slice->runs);
    const struct entry *lower = slice->lower ? arena_byte(arena, slice->lower) : NULL;
    const struct entry *upper = slice->upper ? arena_byte(arena, slice->upper) : NULL;
    /* This process may have no addresses for what is spilled. */
    if (!extents || (slice->lower && !lower) || (slice->upper && !upper))
        return CODE_NOMEM;
    const struct run **runs = malloc((slice->n_runs + 1) * sizeof *runs);
    int rc = runs ? 0 : CODE_NOMEM;
    for (uint64_t i = 0; i < slice->n_runs && rc == 0; i++) {
        runs[i] = run_at(arena, extents[i]);
        rc = runs[i] ? 0 : CODE_NOMEM;
    }
    if (rc == 0)
        rc = gather_runs(gather, order, runs, slice->n_runs, lower, upper);
    free(runs);
    return rc;
}

int gather_reserve_sums(struct gather *gather, size_t size)
{
    return reserve_bytes(&gather->sums, &gather->sums_size, size);
}

int gather_combine(struct gather *gather, enum reduce_op reduce, const struct entry **failed)
{
    struct order_item *items = gather->items;
    size_t sums_size = 0, n = 0;
    for (size_t i = 1; i < gather->n; i++)
        if (items_are_same(&items[i], &items[i - 1]))
            sums_size += entry_bytes(items[i].entry);
    if (sums_size == 0)
        return 0;
    if (gather_reserve_sums(gather, sums_size) < 0)
        return CODE_NOMEM;
    char *sums = gather->sums;
    for (size_t i = 0, end; i < gather->n; i = end) {
        const struct entry *entry = items[i].entry;
        for (end = i + 1; end < gather->n && items_are_same(&items[end], &items[i]);)
            end++;
        if (end - i > 1) {
            struct entry *sum = memcpy(sums, entry, entry_bytes(entry));
            sums += entry_bytes(entry);
            for (size_t j = i + 1; j < end; j++) {
                if (entry_add(reduce, sum, items[j].entry) == 0)
                    continue;
                *failed = entry;
                return CODE_OVERFLOW;
            }
            entry = sum;
        }
        items[n++] = (struct order_item){0, entry};
    }
    gather->n = n;
    return 0;
}
