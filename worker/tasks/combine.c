/*
 * Words wait a little before they are added to the table, so that the memory they will touch can be
 * asked for in the meantime. When lines are scattered, so that a word seldom comes twice in a row,
 * most words would be in every run, so the table grows past the cache instead.
 */
#include "tasks/combine.h"

#include <stdatomic.h>
#include <string.h>

#include "base/code.h"
#include "filter/tag.h"
#include "runs/write.h"

/* Sorted pieces in a table that is only appended to: so few the sort merges. */
#define PIECES_MAX 8

static int tables_init(struct combine *combine, const struct job_spec *spec)
{
    int rc =
        table_init(&combine->table, spec->n_entries_max, spec->table_size, spec->table_size_max);
    combine->table.reduce = spec->reduce;
    combine->table.n_more = spec->n_more;
    if (rc == 0)
        rc = series_init(&combine->series, combine->context, combine->gather, &combine->scratch);
    if (rc < 0 || !spec->filter)
        return rc;
    rc = table_init(&combine->kept, spec->n_entries_max, spec->table_size, spec->table_size);
    combine->kept.reduce = spec->reduce;
    combine->kept.n_more = spec->n_more;
    return rc < 0 ? rc : filter_scratch_init(&combine->scratch, spec->filter);
}

int combine_init(struct combine *combine, struct context *context, struct gather *gather)
{
    *combine = (struct combine){.context = context, .gather = gather};
    combine->recurrence = RECURRENCE_NONE;
    int rc = tables_init(combine, context->spec);
    if (rc < 0)
        combine_release(combine);
    return rc;
}

void combine_release(struct combine *combine)
{
    table_release(&combine->table);
    table_release(&combine->kept);
    series_release(&combine->series);
    filter_scratch_release(&combine->scratch);
}

void combine_drop(struct combine *combine)
{
    table_drop(&combine->table);
    if (combine->context->spec->filter)
        table_drop(&combine->kept);
    if (combine->context->spec->has_series)
        table_drop(&combine->series.list);
}

static void note_periods(struct combine *combine, const struct gather *gather)
{
    for (size_t i = 0; i < gather->n; i++) {
        uint64_t period = period_of(gather->items[i].entry);
        periods_add(&combine->seen, (struct periods){period, period});
    }
}

/* Of a list of which words may have become the same: these are added up where the first stands. */
static int join_words(struct combine *combine, struct table *table)
{
    const struct filter *filter = combine->context->spec->filter;
    struct order_item *items = combine->gather->items;
    size_t n = 0;
    if (!table->is_list || !filter || !filter_rewrites(filter))
        return 0;
    for (size_t i = 0; i < combine->gather->n; i++) {
        if (n == 0 || !items_are_same(&items[i], &items[n - 1])) {
            items[n++] = items[i];
            continue;
        }
        struct entry *sum = table_own(table, items[n - 1].entry);
        int rc = entry_add(table->reduce, sum, items[i].entry);
        if (rc < 0)
            return context_fail(combine->context, rc, sum->key, sum->size);
    }
    combine->gather->n = n;
    return 0;
}

/* A table becomes runs in the order of words, each no larger than one that fits the cache. */
static int make_runs(struct combine *combine, struct table *table)
{
    struct context *context = combine->context;
    enum order order = context->spec->run_order;
    struct gather *gather = combine->gather;
    const struct entry *entry = table_first(table);
    const struct entry *end = table_end(table);
    while (entry < end) {
        int rc = context_room(context);
        if (rc == 0)
            rc = gather_entries(gather, order, &entry, end, context_run_size(context));
        if (rc < 0)
            return rc;
        if (context->spec->fill_step)
            note_periods(combine, gather);
        rc = join_words(combine, table);
        if (rc < 0)
            return rc;
        rc = write_runs(context, combine->task, gather->items, gather->n);
        if (rc < 0)
            return rc;
    }
    table_clear(table);
    return 0;
}

/* Notes what the tokens of the word are. */
static void note_tokens(struct combine *combine, const struct entry *entry, enum noted what)
{
    const struct job_spec *spec = combine->context->spec;
    if (spec->noted != what)
        return;
    uint32_t size = entry->size;
    const char *tail = spec->query.by == NGRAM_BY_WORD ? NULL : memrchr(entry->key, '\t', size);
    combine->tokens |= tag_set(entry->key, tail ? (uint32_t)(tail - entry->key) : size);
}

/* Adds the word with the counts of the entry to those kept, or puts it behind them:
 * as table_add. */
static int add_kept(struct table *kept, const struct filter_word *word, const struct entry *entry)
{
    uint64_t counts[1 + ENTRY_MORE_MAX];
    entry_counts(entry, counts);
    if (kept->is_list)
        return table_append(kept, word->hash, word->data, word->size, counts) ? 0 : TABLE_FULL;
    return table_add_counts(kept, word->hash, word->data, word->size, counts);
}

static int keep(struct combine *combine, const struct filter_word *word, const struct entry *entry)
{
    struct table *kept = &combine->kept;
    int rc = add_kept(kept, word, entry);
    if (rc == TABLE_FULL) {
        rc = make_runs(combine, kept);
        if (rc == 0)
            rc = add_kept(kept, word, entry);
    }
    return rc == CODE_OVERFLOW ? context_fail(combine->context, rc, word->data, word->size) : rc;
}

/* Whether the word counts, and as what. 1, 0 or a negative code. */
static int look_at(struct combine *combine, const struct entry *entry, struct filter_word *word)
{
    *word = (struct filter_word){entry->key, entry->size, entry->hash};
    int rc = filter_word(combine->context->spec->filter, &combine->scratch, word);
    if (rc > 0)
        note_tokens(combine, entry, NOTED_COUNTED);
    return rc < 0 ? context_fail(combine->context, rc, entry->key, entry->size) : rc;
}

/* Of the words of the table, those that count go to the table of those kept. */
static int filter_table(struct combine *combine)
{
    struct table *table = &combine->table;
    const struct entry *end = table_end(table);
    for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry)) {
        struct filter_word word;
        note_tokens(combine, entry, NOTED_ALL);
        int rc = look_at(combine, entry, &word);
        if (rc > 0)
            rc = keep(combine, &word, entry);
        if (rc < 0)
            return rc;
    }
    table_clear(table);
    return 0;
}

/* Whether words of the list are filtered as they come. */
static int filters_list(const struct combine *combine)
{
    const struct job_spec *spec = combine->context->spec;
    return spec->filter && !spec->has_series;
}

/* The last word of the list is another one, which may be too long for its place. */
static __attribute__((noinline)) int replace_last(struct combine *combine,
                                                  const struct filter_word *word)
{
    struct table *table = &combine->table;
    const struct entry *entry = combine->last;
    uint64_t counts[1 + ENTRY_MORE_MAX];
    entry_counts(entry, counts);
    table_take_back(table, entry);
    return table_append(table, word->hash, word->data, word->size, counts)
               ? 0
               : keep(combine, word, entry);
}

/* The last word of the list, if only filter_word can tell. */
static int look_at_last(struct combine *combine)
{
    struct entry *entry = combine->last;
    struct filter_word word;
    int rc = look_at(combine, entry, &word);
    if (rc <= 0)
        return rc;
    if (word.size != entry->size) {
        rc = replace_last(combine, &word);
        return rc < 0 ? rc : 1;
    }
    entry->hash = word.hash;
    if (word.data != entry->key)
        memcpy(entry->key, word.data, word.size);
    return 1;
}

/*
 * No more is added to the last word of the list, which is still in the cache. It stays, as what it
 * counts as, or goes. One that becomes too long for its place goes to those kept.
 */
static int filter_last(struct combine *combine)
{
    struct entry *entry = combine->last;
    note_tokens(combine, entry, NOTED_ALL);
    int rc = filter_in_place(combine->context->spec->filter, entry->key, entry->size);
    if (rc == FILTER_ASK)
        rc = look_at_last(combine);
    else if (rc > 0)
        note_tokens(combine, entry, NOTED_COUNTED);
    combine->last = NULL;
    if (rc == 0)
        table_take_back(&combine->table, entry);
    return rc < 0 ? rc : 0;
}

/* Makes runs of the table, but of what is kept. */
static int flush_table(struct combine *combine)
{
    const struct job_spec *spec = combine->context->spec;
    struct table *table = &combine->table;
    combine->n_noted = 0;
    if (spec->has_series)
        return series_take_table(&combine->series, table);
    if (spec->filter && !table->is_list)
        return filter_table(combine);
    int rc = combine->last && filters_list(combine) ? filter_last(combine) : 0;
    if (!spec->filter && spec->noted != NOTED_NONE) {
        const struct entry *end = table_end(table);
        for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry))
            note_tokens(combine, entry, NOTED_COUNTED);
    }
    return rc < 0 ? rc : make_runs(combine, table);
}

/* The sum of a word that does not count may pass 64 bits. */
static int overflow(struct combine *combine, const char *word, uint32_t size, uint64_t hash)
{
    struct context *context = combine->context;
    const struct filter *filter = context->spec->filter;
    struct filter_word counted = {word, size, hash};
    int rc = filter ? filter_word(filter, &combine->scratch, &counted) : 1;
    if (rc <= 0)
        return rc;
    return context_fail(context, CODE_OVERFLOW, counted.data, counted.size);
}

/* What is to be spilled is made large, so that its slices are read in long pieces. */
static int will_spill(const struct combine *combine)
{
    const struct context *context = combine->context;
    return 2 * combine->table.limit <= context->spec->spill_size && context_will_spill(context);
}

/*
 * Whether a larger table would combine more: if words come back, but not at once. Among n random
 * ones of D words, n^2 / 2D have been there before (the birthday problem). Where D is not even four
 * times what the largest table can hold, a larger table pays.
 */
static int combine_is_scattered(const struct combine *combine)
{
    const struct table *table = &combine->table;
    uint64_t size_max = combine->context->spec->table_size_max;
    uint64_t n = table->n_entries, n_back = combine->n_added - combine->n_before - n;
    return !combine->is_ascending && combine->n_lines < 2 * combine->n_told &&
           8 * n_back * (size_max / table->limit) > n;
}

/* Whether words come back that the table had before, and one that holds them all may be had. */
static int combine_recurs(struct combine *combine)
{
    struct table *table = &combine->table;
    recurrence_note(&combine->recurrence, table, combine->n_noted);
    combine->n_noted = table->size;
    uint64_t entry_size = table->size / table->n_entries;
    return recurrence_is_seen(&combine->recurrence) &&
           recurrence_n_words(&combine->recurrence) * entry_size <=
               combine->context->spec->table_size_max / 2;
}

/* There is no order in these words: from now on they are looked for. The last that came waits. */
static int give_up_order(struct combine *combine)
{
    int rc = flush_table(combine);
    if (rc == 0 && combine->context->spec->filter && !combine->context->spec->has_series)
        rc = make_runs(combine, &combine->kept);
    combine->n_before = combine->n_added - (combine->n_added > 0);
    combine->is_unsorted = 1;
    combine->is_ascending = combine->table.is_list = combine->kept.is_list = 0;
    return rc;
}

/* The table is full: makes it larger, or empties it. */
static int combine_make_room(struct combine *combine)
{
    struct table *table = &combine->table;
    int rc = context_room(combine->context);
    if (rc < 0)
        return rc;
    int recurs = combine_recurs(combine);
    if (recurs && combine->is_ascending)
        return give_up_order(combine);
    if ((recurs || will_spill(combine) || combine_is_scattered(combine)) &&
        2 * table->limit <= combine->context->spec->table_size_max && table_grow(table) == 0) {
        table->limit *= 2;
        return 0;
    }
    combine->last = NULL;
    combine->n_pieces = 1;
    combine->n_before = combine->n_added - 1;
    return flush_table(combine);
}

int combine_add(struct combine *combine, const struct pending *word)
{
    struct table *table = &combine->table;
    int rc;
    while ((rc = table_add_counts(table, word->hash, word->word, word->size, word->counts)) ==
           TABLE_FULL) {
        rc = combine_make_room(combine);
        if (rc < 0)
            return rc;
    }
    return rc == CODE_OVERFLOW ? overflow(combine, word->word, word->size, word->hash) : rc;
}

/* So many pieces are fine for a list that is full; if words of it were left out, for each such. */
static int is_out_of_order(const struct combine *combine)
{
    uint64_t n = combine->n_told - combine->n_before;
    return combine->n_pieces > PIECES_MAX * (1 + n / combine->table.n_entries_max);
}

/* There is no list any more. Apart, since what is on the stack here would be guarded for every
 * word. */
static __attribute__((noinline)) int add_unlisted(struct combine *combine, const char *word,
                                                  uint32_t size, const uint64_t *counts)
{
    uint64_t hash = table_hash(word, size, combine->context->spec->seed);
    struct pending pending = {.hash = hash, .word = word, .size = size};
    memcpy(pending.counts, counts, (1 + combine->table.n_more) * sizeof *counts);
    return combine_add(combine, &pending);
}

/* Puts a word into the list that is not the last one of it. */
static int append(struct combine *combine, uint64_t key, const char *word, uint32_t size,
                  const uint64_t *counts)
{
    struct table *table = &combine->table;
    struct entry *entry = NULL;
    int rc = combine->last && filters_list(combine) ? filter_last(combine) : 0;
    while (rc == 0 && combine->is_ascending &&
           !(entry = table_append(table, 0, word, size, counts)))
        rc = combine_make_room(combine);
    combine->last = entry;
    combine->last_key = key;
    return entry || rc < 0 ? rc : add_unlisted(combine, word, size, counts);
}

int combine_append(struct combine *combine, const char *word, uint32_t size, const uint64_t *counts)
{
    struct entry *last = combine->last;
    uint64_t key = order_key_of(word, size);
    combine->n_added = ++combine->n_told;
    if (last && key <= combine->last_key) {
        int order = order_words(last->key, last->size, word, size);
        if (order == 0 && entry_add_counts(combine->table.reduce, last, counts) < 0)
            return overflow(combine, last->key, last->size, 0);
        if (order == 0)
            return 0;
        combine->n_pieces += order > 0;
        int rc = order > 0 && is_out_of_order(combine) ? give_up_order(combine) : 0;
        if (rc < 0)
            return rc;
    }
    return append(combine, key, word, size, counts);
}

int combine_series(struct combine *combine, const char *word, uint32_t size, struct points *points)
{
    int rc = series_add(&combine->series, word, size, points);
    return rc == 0 && series_is_scattered(&combine->series) ? give_up_order(combine) : rc;
}

void combine_begin(struct combine *combine, uint32_t task)
{
    combine->task = task;
    combine->seen = NO_PERIODS;
    combine->n_lines = combine->n_told = combine->n_added = combine->n_before = 0;
    combine->last = NULL;
    combine->n_pieces = 1;
    combine->series.task = task;
    combine->is_ascending = !combine->is_unsorted;
    table_clear(&combine->table);
    table_clear(&combine->kept);
    table_clear(&combine->series.list);
    combine->table.is_list = combine->kept.is_list = combine->is_ascending;
}

int combine_settle(struct combine *combine)
{
    int rc = 0;
    while (combine->n_added < combine->n_told && rc == 0)
        rc = combine_add(combine, &combine->pending[combine->n_added++ % PENDING_MAX]);
    return rc;
}

int combine_end(struct combine *combine)
{
    const struct job_spec *spec = combine->context->spec;
    int rc = flush_table(combine);
    if (rc == 0 && spec->has_series)
        rc = series_flush(&combine->series);
    else if (rc == 0 && spec->filter)
        rc = make_runs(combine, &combine->kept);
    context_note_probe(combine->context, combine->table.longest_probe);
    context_note_probe(combine->context, combine->kept.longest_probe);
    atomic_fetch_or_explicit(&combine->context->slot->tokens,
                             combine->tokens | combine->series.tokens, memory_order_relaxed);
    return rc;
}
