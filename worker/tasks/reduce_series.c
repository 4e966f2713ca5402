/*
 * Entries of the same word stand side by side. In a round they become one, or as many as it needs;
 * in the last one, which always makes text, they need not be packed again.
 */
#include "tasks/reduce_series.h"

#include "base/code.h"
#include "runs/write.h"
#include "runs/write_series.h"
#include "words/entry.h"

/* Where the items of the word end that begin at i. */
static size_t word_end(const struct gather *gather, size_t i)
{
    size_t end = i + 1;
    while (end < gather->n && items_are_same(&gather->items[end], &gather->items[i]))
        end++;
    return end;
}

/* Reads the points of n items of one word. */
static int read_word(struct context *context, const struct order_item *items, size_t n,
                     struct points *points)
{
    size_t n_points = 0;
    uint64_t period;
    for (size_t i = 0; i < n; i++)
        n_points += series_n(items[i].entry);
    points->n = 0;
    if (points_reserve(points, n_points) < 0)
        return CODE_NOMEM;
    for (size_t i = 0; i < n; i++)
        series_unpack(items[i].entry, points);
    const struct entry *entry = items[0].entry;
    int rc = n > 1 ? points_combine(points, &period) : 0;
    return rc == CODE_OVERFLOW
               ? context_fail_period(context, rc, entry->key, entry->size - 1, period)
               : rc;
}

/* Bytes that words take, packed anew, that came more than once. */
static size_t sums_size(const struct gather *gather)
{
    size_t size = 8;
    for (size_t i = 0, end; i < gather->n; i = end) {
        end = word_end(gather, i);
        for (size_t j = i; j < end && end - i > 1; j++) {
            const struct entry *entry = gather->items[j].entry;
            size += entry_stride(entry->size) + SERIES_SIZE_MAX(series_n(entry));
        }
    }
    return size;
}

/* Packs the points of a word at *sums; items are what it becomes. Returns how many. */
static size_t pack_word(const struct entry *word, const struct points *points, char **sums,
                        struct order_item *items)
{
    size_t n_items = 0;
    for (size_t i = 0, n; i < points->n; i += n) {
        n = points->n - i < SERIES_MAX ? points->n - i : SERIES_MAX;
        struct entry *entry = memcpy(*sums, word, entry_stride(word->size));
        series_pack(entry, points->periods + i, points->counts + i, n);
        *sums += entry_bytes(entry);
        items[n_items++] = (struct order_item){0, entry};
    }
    return n_items;
}

static int combine(struct context *context, struct gather *gather, struct points *points)
{
    struct order_item *items = gather->items;
    size_t n = 0;
    if (gather_reserve_sums(gather, sums_size(gather)) < 0)
        return CODE_NOMEM;
    char *sums = gather->sums;
    for (size_t i = 0, end; i < gather->n; i = end) {
        end = word_end(gather, i);
        const struct entry *word = items[i].entry;
        if (end - i == 1) {
            items[n++] = items[i];
            continue;
        }
        int rc = read_word(context, items + i, end - i, points);
        if (rc < 0)
            return rc;
        n += pack_word(word, points, &sums, items + n);
    }
    gather->n = n;
    return 0;
}

static int write_words(struct context *context, const struct gather *gather, struct points *points,
                       struct series_text *text)
{
    for (size_t i = 0, end; i < gather->n; i = end) {
        const struct order_item *items = gather->items + i;
        if (i + WRITE_PREFETCH_DISTANCE < gather->n)
            __builtin_prefetch(items[WRITE_PREFETCH_DISTANCE].entry);
        end = word_end(gather, i);
        int rc = read_word(context, items, end - i, points);
        if (rc == 0)
            rc = points_sort_as_text(points);
        if (rc == 0)
            rc = series_text_add(text, items[0].entry, points);
        if (rc < 0)
            return rc;
    }
    return series_text_end(text);
}

int reduce_series(struct context *context, struct gather *gather, struct points *points,
                  const struct message_reduce *message, struct message_done *done)
{
    struct series_text text;
    int rc = context_check(context);
    if (rc < 0)
        return rc;
    if (message->kind == REDUCE_ROUND) {
        rc = combine(context, gather, points);
        progress_step(context->slot);
        return rc < 0 ? rc : write_runs(context, message->task, gather->items, gather->n);
    }
    rc = series_text_init(&text, context, message->task);
    if (rc == 0)
        rc = write_words(context, gather, points, &text);
    done->words += text.n_lines;
    done->replaced += text.text.n_replaced;
    done->beyond += text.text.n_beyond;
    series_text_release(&text);
    return rc;
}
