/*
 * Words counted by spelling become one word each, under the name of its commonest spelling. All
 * spellings of a word are in one partition, so the last round can do that to each partition alone.
 */
#include <stdlib.h>

#include "code.h"
#include "worker.h"

/* A word in lower case: as it is written there, and its hash. */
static uint32_t fold(const struct worker *worker, const struct entry *entry, uint64_t *hash)
{
    uint32_t size = filter_fold(worker->scratch, entry->key, entry->size);
    *hash = table_hash(worker->scratch, size, worker->spec->seed);
    return size;
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
    const struct entry *end = table_end(&worker->reduce_table);
    uint64_t n = 0, hash;
    int rc = 0;
    for (const struct entry *entry = table_first(&worker->reduce_table); entry < end && rc == 0;
         entry = entry_next(entry)) {
        uint32_t size = fold(worker, entry, &hash);
        const struct entry *word = table_find(&worker->fold_table, hash, worker->scratch, size);
        if (!word) {
            best[n] = entry;
            rc = add(worker, &worker->fold_table, hash, worker->scratch, size, n++);
        } else if (is_commoner(worker, entry, best[word->count])) {
            best[word->count] = entry;
        }
    }
    return rc;
}

/* Counts what is in the reduce table again, under the names of the best spellings. */
static int merge(struct worker *worker, const struct entry *const *best)
{
    const struct entry *end = table_end(&worker->reduce_table);
    uint64_t hash;
    int rc = 0;
    for (const struct entry *entry = table_first(&worker->reduce_table); entry < end && rc == 0;
         entry = entry_next(entry)) {
        uint32_t size = fold(worker, entry, &hash);
        const struct entry *name =
            best[table_find(&worker->fold_table, hash, worker->scratch, size)->count];
        rc = add(worker, &worker->kept_table, name->hash, name->key, name->size, entry->count);
    }
    return rc;
}

int worker_merge_spellings(struct worker *worker)
{
    const struct table *table = &worker->reduce_table;
    const struct entry **best = malloc((table->n_entries + 1) * sizeof *best);
    table_clear(&worker->fold_table);
    table_clear(&worker->kept_table);
    int rc = best ? table_reserve(&worker->fold_table, 2 * table->size) : CODE_NOMEM;
    if (rc == 0)
        rc = table_reserve(&worker->kept_table, table->size);
    if (rc == 0)
        rc = choose(worker, best);
    if (rc == 0)
        rc = merge(worker, best);
    free(best);
    return rc == CODE_NOMEM ? worker_fail(worker, rc, NULL, 0) : rc;
}
