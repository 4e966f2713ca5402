/*
 * Words wait a little before they are added to the table, so that the memory they will touch can be
 * asked for in the meantime. When lines are scattered, so that a word seldom comes twice in a row,
 * most words would be in every run, so the table grows past the cache instead.
 */
#include "tasks/combine.h"

#include "base/code.h"
#include "words/entry.h"

/* Sorted pieces in a table that is only appended to: so few the sort merges. */
#define PIECES_MAX 8

/* A table becomes runs in the order of words, each no larger than one that fits the cache. */
static int write_runs(struct combine *combine, struct table *table)
{
    struct worker *worker = combine->worker;
    const struct job_spec *spec = worker->spec;
    struct gather *gather = &worker->gather;
    const struct entry *entry = table_first(table);
    const struct entry *end = table_end(table);
    while (entry < end) {
        int rc = worker_room(worker);
        if (rc < 0)
            return rc;
        int spilled = arena_is_spilled(spec->arena, worker->grant.first);
        size_t room = spilled ? spec->spill_size : spec->table_size;
        const char *cut = (const char *)entry + room;
        if (gather_reserve(gather, room / entry_stride(0)) < 0)
            return worker_fail(worker, CODE_NOMEM, NULL, 0);
        for (; entry < end && (const char *)entry_next(entry) <= cut; entry = entry_next(entry))
            gather->items[gather->n++] =
                (struct order_item){order_key(spec->run_order, entry), entry};
        order_sort(spec->run_order, gather->items, gather->items + gather->capacity, gather->n);
        rc = worker_write_runs(worker, combine->task, gather->items, gather->n);
        if (rc < 0)
            return rc;
    }
    table_clear(table);
    return 0;
}

static int keep(struct combine *combine, const struct filter_word *word, uint64_t count)
{
    struct table *kept = &combine->worker->kept_table;
    int rc = table_add(kept, word->hash, word->data, word->size, count);
    if (rc == TABLE_FULL) {
        rc = write_runs(combine, kept);
        if (rc == 0)
            rc = table_add(kept, word->hash, word->data, word->size, count);
    }
    return rc == CODE_OVERFLOW ? worker_fail(combine->worker, rc, word->data, word->size) : rc;
}

/* Of the words of the map table, those that count go to the table of those kept. */
static int filter_table(struct combine *combine)
{
    struct worker *worker = combine->worker;
    struct table *table = &worker->map_table;
    const struct entry *end = table_end(table);
    for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry)) {
        struct filter_word word = {entry->key, entry->size, entry->hash};
        int rc = filter_word(worker->spec->filter, worker->scratch, &word);
        if (rc < 0)
            return worker_fail(worker, rc, NULL, 0);
        if (rc > 0)
            rc = keep(combine, &word, entry->count);
        if (rc < 0)
            return rc;
    }
    table_clear(table);
    return 0;
}

static int flush_table(struct combine *combine)
{
    struct worker *worker = combine->worker;
    return worker->spec->filter ? filter_table(combine) : write_runs(combine, &worker->map_table);
}

/* The sum of a word that does not count may pass 64 bits. */
static int overflow(struct combine *combine, const struct pending *word)
{
    struct worker *worker = combine->worker;
    struct filter_word counted = {word->word, word->size, word->hash};
    int rc = 1;
    if (worker->spec->filter)
        rc = filter_word(worker->spec->filter, worker->scratch, &counted);
    if (rc == 0)
        return 0;
    return worker_fail(worker, rc < 0 ? rc : CODE_OVERFLOW, counted.data, counted.size);
}

/* What is to be spilled is made large, so that its slices are read in long pieces. */
static int will_spill(const struct combine *combine)
{
    const struct worker *worker = combine->worker;
    const struct job_spec *spec = worker->spec;
    return 2 * worker->map_table.limit <= spec->spill_size &&
           arena_is_spilled(spec->arena, worker->grant.first);
}

/*
 * Whether a larger table would combine more: if words come back, but not at once. Among n random
 * ones of D words, n^2 / 2D have been there before (the birthday problem); where D is not even four
 * times what the largest table can hold, it pays to get there.
 */
static int is_scattered(const struct combine *combine)
{
    const struct table *table = &combine->worker->map_table;
    uint64_t size_max = combine->worker->spec->table_size_max;
    uint64_t n = table->n_entries, n_back = combine->n_added - combine->n_before - n;
    return !combine->is_ascending && combine->n_lines < 2 * combine->n_told &&
           2 * table->limit <= size_max && 8 * n_back * (size_max / table->limit) > n;
}

/* The table is full: makes it larger, or empties it. */
static int make_room(struct combine *combine)
{
    struct table *table = &combine->worker->map_table;
    int rc = worker_room(combine->worker);
    if (rc < 0)
        return rc;
    if ((will_spill(combine) || is_scattered(combine)) && table_grow(table) == 0) {
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
    struct table *table = &combine->worker->map_table;
    int rc;
    while ((rc = table_add(table, word->hash, word->word, word->size, word->count)) == TABLE_FULL) {
        rc = make_room(combine);
        if (rc < 0)
            return rc;
    }
    return rc == CODE_OVERFLOW ? overflow(combine, word) : rc;
}

/* There is no order in these words: from now on they are looked for. */
static int give_up_order(struct combine *combine)
{
    int rc = flush_table(combine);
    combine->n_before = combine->n_added;
    combine->worker->is_unsorted = 1;
    combine->is_ascending = combine->worker->map_table.is_list = 0;
    return rc;
}

int combine_append(struct combine *combine, const char *word, uint32_t size, uint64_t count)
{
    struct worker *worker = combine->worker;
    struct table *table = &worker->map_table;
    struct entry *entry, *last;
    combine->n_added = ++combine->n_told;
    while (!(entry = table_append(table, 0, word, size, count))) {
        int rc = make_room(combine);
        if (rc < 0)
            return rc;
    }
    uint64_t key = order_key(ORDER_WORD, entry), last_key = combine->last_key;
    last = combine->last;
    combine->last = entry;
    combine->last_key = key;
    if (!last || key > last_key)
        return 0;
    int order = order_compare(ORDER_WORD, last, entry);
    if (order > 0 && ++combine->n_pieces > PIECES_MAX)
        return give_up_order(combine);
    if (order != 0)
        return 0;
    table_take_back(table, entry);
    combine->last = last;
    if (reduce_count(table->reduce, &last->count, count) < 0)
        return worker_fail(worker, CODE_OVERFLOW, last->key, last->size);
    return 0;
}

void combine_begin(struct combine *combine, struct worker *worker, uint32_t task)
{
    *combine = (struct combine){.worker = worker, .task = task, .n_pieces = 1};
    combine->is_ascending = !worker->is_unsorted && !worker->spec->filter;
    table_clear(&worker->map_table);
    table_clear(&worker->kept_table);
    worker->map_table.is_list = combine->is_ascending;
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
    int rc = flush_table(combine);
    if (rc == 0 && combine->worker->spec->filter)
        rc = write_runs(combine, &combine->worker->kept_table);
    return rc;
}
