/* The filter is asked here, for each word as it comes, and not for its periods. */
#include "tasks/series.h"

#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "filter/tag.h"
#include "runs/write.h"
#include "words/order.h"
#include "words/period.h"

/* Words after which it is known whether they are scattered. */
#define WORDS_MIN 256

int series_init(struct series *series, struct context *context, struct gather *gather,
                struct filter_scratch *scratch)
{
    const struct job_spec *spec = context->spec;
    *series = (struct series){
        .context = context, .gather = gather, .scratch = scratch, .recurrence = RECURRENCE_NONE};
    if (!spec->has_series)
        return 0;
    size_t capacity = spec->spill_size > spec->table_size ? spec->spill_size : spec->table_size;
    int rc = table_init(&series->list, spec->n_entries_max, spec->table_size, capacity);
    series->list.is_list = 1;
    return rc < 0 ? rc : points_reserve(&series->points, SERIES_MAX);
}

void series_release(struct series *series)
{
    table_release(&series->list);
    gather_release(&series->sorted);
    points_release(&series->points);
}

static void note_tokens(struct series *series, const struct filter_word *word, enum noted what)
{
    if (series->context->spec->noted == what)
        series->tokens |= tag_set(word->data, word->size);
}

/* What is to be spilled is made large, so that its slices are read in long pieces. */
static int make_room(struct series *series)
{
    struct table *list = &series->list;
    int rc = context_room(series->context);
    if (rc < 0)
        return rc;
    if (!context_will_spill(series->context) || 2 * list->limit > list->capacity)
        return series_flush(series);
    list->limit *= 2;
    return 0;
}

/* Whether the word goes before the last one, as far as their order keys say. */
static void note_order(struct series *series, const struct entry *entry, size_t n)
{
    uint64_t key = order_key(ORDER_WORD, entry);
    series->n_words++;
    series->n_points += n;
    series->n_descents += key < series->last_key;
    series->last_key = key;
}

/* Puts ascending points, SERIES_MAX of them at most, behind the words there are. */
static int append(struct series *series, const struct filter_word *word, const uint64_t *periods,
                  const uint64_t *counts, size_t n)
{
    struct table *list = &series->list;
    size_t key_end = entry_stride(word->size + 1), most = key_end + SERIES_SIZE_MAX(n);
    while (most > list->limit - list->size) {
        int rc = make_room(series);
        if (rc < 0)
            return rc;
    }
    struct entry *entry = (struct entry *)(void *)(list->entries + list->size);
    memset((char *)entry + key_end - 8, 0, 8);
    entry_set_size(entry, word->size + 1);
    memcpy(entry->key, word->data, word->size);
    entry->key[word->size] = '\t';
    series_pack(entry, periods, counts, n);
    list->size += entry_bytes(entry);
    list->n_entries++;
    note_order(series, entry, n);
    return 0;
}

int series_add(struct series *series, const char *word, uint32_t size, struct points *points)
{
    struct context *context = series->context;
    const struct filter *filter = context->spec->filter;
    struct filter_word counted = {word, size, 0};
    uint64_t period;
    note_tokens(series, &counted, NOTED_ALL);
    int rc = filter ? filter_word(filter, series->scratch, &counted) : 1;
    if (rc < 0)
        return context_fail(context, rc, word, size);
    if (rc == 0)
        return 0;
    note_tokens(series, &counted, NOTED_COUNTED);
    rc = points_combine(points, &period);
    if (rc == CODE_OVERFLOW)
        return context_fail_period(context, rc, counted.data, counted.size, period);
    for (size_t i = 0, n; i < points->n && rc == 0; i += n) {
        n = points->n - i < SERIES_MAX ? points->n - i : SERIES_MAX;
        rc = append(series, &counted, points->periods + i, points->counts + i, n);
    }
    return rc;
}

int series_is_scattered(const struct series *series)
{
    return series->n_words >= WORDS_MIN && series->n_points < 2 * series->n_words &&
           (8 * series->n_descents > series->n_words || recurrence_is_seen(&series->recurrence));
}

/* Adds the word of item i and of those behind it.
 * Returns how many these are, or a negative code. */
static ptrdiff_t take_word(struct series *series, size_t i)
{
    const struct gather *sorted = &series->sorted;
    const struct entry *first = sorted->items[i].entry;
    struct points *points = &series->points;
    uint32_t size = period_start(first);
    size_t n = 0;
    for (points->n = 0; i + n < sorted->n && points->n < SERIES_MAX; n++) {
        const struct entry *entry = sorted->items[i + n].entry;
        if (entry->size < size || memcmp(entry->key, first->key, size) != 0)
            break;
        points->periods[points->n] = period_of(entry);
        points->counts[points->n++] = entry->count;
    }
    int rc = series_add(series, first->key, size - 1, points);
    return rc < 0 ? rc : (ptrdiff_t)n;
}

int series_take_table(struct series *series, struct table *table)
{
    const struct entry *entry = table_first(table), *end = table_end(table);
    struct gather *sorted = &series->sorted;
    while (entry < end) {
        int rc = gather_entries(sorted, ORDER_WORD, &entry, end, series->context->spec->table_size);
        ptrdiff_t n = rc;
        for (size_t i = 0; i < sorted->n && n >= 0; i += (size_t)n)
            n = take_word(series, i);
        if (n < 0)
            return (int)n;
    }
    table_clear(table);
    return 0;
}

int series_flush(struct series *series)
{
    struct context *context = series->context;
    const struct entry *entry = table_first(&series->list), *end = table_end(&series->list);
    if (context->spec->query.by == NGRAM_BY_DECADE)
        recurrence_note(&series->recurrence, &series->list, 0);
    while (entry < end) {
        int rc = context_room(context);
        if (rc == 0)
            rc = gather_entries(series->gather, ORDER_WORD, &entry, end, context_run_size(context));
        if (rc == 0)
            rc = write_runs(context, series->task, series->gather->items, series->gather->n);
        if (rc < 0)
            return rc;
    }
    table_clear(&series->list);
    return 0;
}
