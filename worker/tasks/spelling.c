/*
 * Words counted by spelling become one word each, under the name of its commonest spelling. All
 * spellings of a word are in one slice, so the last round can do that to each slice alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "words/entry.h"
#include "worker.h"

/* Bytes of the word, which a TAB and a year may follow. */
static uint32_t word_size(const struct worker *worker, const struct entry *entry)
{
    const char *tail = NULL;
    if (worker->spec->filter->dated)
        tail = memrchr(entry->key, '\t', entry->size);
    return tail ? (uint32_t)(tail - entry->key) : entry->size;
}

/* Writes a word in lower case to folded. Returns its size. */
static uint32_t fold(const struct worker *worker, const char *word, uint32_t size, char *folded,
                     uint64_t *hash)
{
    uint32_t folded_size = filter_fold(folded, word, size);
    *hash = table_hash(folded, folded_size, worker->spec->seed);
    return folded_size;
}

static int add(struct worker *worker, struct table *table, uint64_t hash, const char *key,
               uint32_t size, uint64_t count)
{
    int rc = table_add(table, hash, key, size, count);
    if (rc == TABLE_FULL) {
        rc = table_grow(table);
        if (rc == 0)
            rc = table_add(table, hash, key, size, count);
    }
    return rc == CODE_OVERFLOW ? worker_fail(worker, rc, key, size) : rc;
}

/* What each spelling has in all years; past 64 bits it is common enough. */
static int sum_years(struct worker *worker)
{
    struct table *spellings = &worker->spelling_table;
    const struct gather *gather = &worker->gather;
    int rc = 0;
    for (size_t i = 0; i < gather->n && rc == 0; i++) {
        const struct entry *entry = gather->items[i].entry;
        uint32_t size = word_size(worker, entry);
        uint64_t hash = table_hash(entry->key, size, worker->spec->seed);
        rc = add(worker, spellings, hash, entry->key, size, entry->count);
        if (rc == CODE_OVERFLOW)
            rc = worker->failure.code = 0;
    }
    return rc;
}

/* What stands for a word that was asked for, and is not there, is none of its spellings. */
static uint64_t commonness(const struct worker *worker, const struct entry *entry)
{
    return worker->spec->reduce == REDUCE_MIN && entry->count == UINT64_MAX ? 0 : entry->count;
}

static int is_commoner(const struct worker *worker, const struct entry *a, const struct entry *b)
{
    uint64_t a_count = commonness(worker, a), b_count = commonness(worker, b);
    return a_count != b_count ? a_count > b_count : order_compare(ORDER_WORD, a, b) < 0;
}

/* The number of each word in lower case, in fold_table, and of each number the best spelling. */
static int choose(struct worker *worker, const struct entry **best)
{
    const struct entry *end = table_end(&worker->spelling_table);
    char *folded = worker->scratch;
    uint64_t n = 0, hash;
    int rc = 0;
    for (const struct entry *entry = table_first(&worker->spelling_table); entry < end && rc == 0;
         entry = entry_next(entry)) {
        uint32_t size = fold(worker, entry->key, entry->size, folded, &hash);
        const struct entry *word = table_find(&worker->fold_table, hash, folded, size);
        if (!word) {
            best[n] = entry;
            rc = add(worker, &worker->fold_table, hash, folded, size, n++);
        } else if (is_commoner(worker, entry, best[word->count])) {
            best[word->count] = entry;
        }
    }
    return rc;
}

/* Counts what was gathered again, under the names of the best spellings. */
static int rename_words(struct worker *worker, const struct entry *const *best)
{
    const struct gather *gather = &worker->gather;
    char *key = worker->scratch, *folded = key + KEY_SIZE_MAX;
    uint64_t hash;
    int rc = 0;
    for (size_t i = 0; i < gather->n && rc == 0; i++) {
        const struct entry *entry = gather->items[i].entry;
        uint32_t own_size = word_size(worker, entry), tail_size = entry->size - own_size;
        uint32_t size = fold(worker, entry->key, own_size, folded, &hash);
        const struct entry *name = best[table_find(&worker->fold_table, hash, folded, size)->count];
        memcpy(key, name->key, name->size);
        memcpy(key + name->size, entry->key + own_size, tail_size);
        size = name->size + tail_size;
        hash = table_hash(key, size, worker->spec->seed);
        rc = add(worker, &worker->kept_table, hash, key, size, entry->count);
    }
    return rc;
}

/* What is left are words of the kept table, which are no more than those that were gathered. */
static void take_kept(struct worker *worker)
{
    struct gather *gather = &worker->gather;
    const struct entry *end = table_end(&worker->kept_table);
    gather->n = 0;
    for (const struct entry *entry = table_first(&worker->kept_table); entry < end;
         entry = entry_next(entry))
        gather->items[gather->n++] = (struct order_item){0, entry};
}

int worker_merge_spellings(struct worker *worker)
{
    const struct gather *gather = &worker->gather;
    const struct entry **best = malloc((gather->n + 1) * sizeof *best);
    size_t size = 0;
    for (size_t i = 0; i < gather->n; i++)
        size += entry_stride(gather->items[i].entry->size);
    table_clear(&worker->fold_table);
    table_clear(&worker->kept_table);
    table_clear(&worker->spelling_table);
    /* A letter of two bytes may have one of three, and a shorter spelling a longer name. */
    int rc = best ? table_reserve(&worker->fold_table, 2 * size) : CODE_NOMEM;
    if (rc == 0)
        rc = table_reserve(&worker->kept_table, 2 * size);
    if (rc == 0)
        rc = table_reserve(&worker->spelling_table, size);
    if (rc == 0)
        rc = sum_years(worker);
    if (rc == 0)
        rc = choose(worker, best);
    if (rc == 0)
        rc = rename_words(worker, best);
    if (rc == 0)
        take_kept(worker);
    free(best);
    return rc == CODE_NOMEM ? worker_fail(worker, rc, NULL, 0) : rc;
}
