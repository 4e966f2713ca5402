/*
 * Two looks at what was gathered: the first finds the commonest spelling of each word, the second
 * counts all under its name.
 */
#include "tasks/spelling.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"

int spelling_init(struct spelling *spelling, struct context *context, struct gather *gather)
{
    const struct job_spec *spec = context->spec;
    *spelling = (struct spelling){.context = context, .gather = gather};
    if (!spec->filter || spec->filter->fold != FOLD_DOMINANT)
        return 0;
    struct table *tables[] = {&spelling->spellings, &spelling->numbers, &spelling->renamed};
    int rc = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && rc == 0; i++)
        rc = table_init(tables[i], spec->n_entries_max, spec->table_size, spec->table_size);
    spelling->spellings.reduce = spelling->renamed.reduce = spec->reduce;
    spelling->renamed.n_more = spec->n_more;
    if (rc == 0)
        rc = filter_scratch_init(&spelling->scratch, spec->filter);
    if (rc == 0)
        return 0;
    spelling_release(spelling);
    return CODE_NOMEM;
}

void spelling_release(struct spelling *spelling)
{
    table_release(&spelling->spellings);
    table_release(&spelling->numbers);
    table_release(&spelling->renamed);
    filter_scratch_release(&spelling->scratch);
}

/* Bytes of the word, which a TAB and a year may follow. */
static uint32_t word_size(const struct spelling *spelling, const struct entry *entry)
{
    const char *tail = NULL;
    if (spelling->context->spec->filter->dated)
        tail = memrchr(entry->key, '\t', entry->size);
    return tail ? (uint32_t)(tail - entry->key) : entry->size;
}

/* Writes a word folded to folded. Returns its size. */
static uint32_t fold(const struct spelling *spelling, const char *word, uint32_t size, char *folded,
                     uint64_t *hash)
{
    uint32_t folded_size = filter_fold(folded, word, size);
    *hash = table_hash(folded, folded_size, spelling->context->spec->seed);
    return folded_size;
}

static int spelling_add(struct spelling *spelling, struct table *table, uint64_t hash,
                        const char *key, uint32_t size, const uint64_t *counts)
{
    int rc = table_add_counts(table, hash, key, size, counts);
    if (rc == TABLE_FULL) {
        rc = table_grow(table);
        if (rc == 0)
            rc = table_add_counts(table, hash, key, size, counts);
    }
    return rc == CODE_OVERFLOW ? context_fail(spelling->context, rc, key, size) : rc;
}

/* What each spelling has in all years; past 64 bits it is common enough. */
static int sum_years(struct spelling *spelling)
{
    struct table *spellings = &spelling->spellings;
    const struct gather *gather = spelling->gather;
    int rc = 0;
    for (size_t i = 0; i < gather->n && rc == 0; i++) {
        const struct entry *entry = gather->items[i].entry;
        uint32_t size = word_size(spelling, entry);
        uint64_t hash = table_hash(entry->key, size, spelling->context->spec->seed);
        rc = spelling_add(spelling, spellings, hash, entry->key, size, &entry->count);
        if (rc == CODE_OVERFLOW)
            rc = spelling->context->failure.code = 0;
    }
    return rc;
}

/* What stands for a word that was asked for, and is not there, is none of its spellings. */
static uint64_t commonness(const struct spelling *spelling, const struct entry *entry)
{
    return entry->count == reduce_none(spelling->context->spec->reduce) ? 0 : entry->count;
}

static int is_commoner(const struct spelling *spelling, const struct entry *a,
                       const struct entry *b)
{
    uint64_t a_count = commonness(spelling, a), b_count = commonness(spelling, b);
    return a_count != b_count ? a_count > b_count : order_compare(ORDER_WORD, a, b) < 0;
}

/* Gives each word in lower case a number, and finds the best spelling for each number. */
static int choose_best(struct spelling *spelling, const struct entry **best)
{
    const struct entry *end = table_end(&spelling->spellings);
    char *folded = spelling->scratch.text;
    uint64_t n = 0, hash;
    int rc = 0;
    for (const struct entry *entry = table_first(&spelling->spellings); entry < end && rc == 0;
         entry = entry_next(entry)) {
        uint32_t size = fold(spelling, entry->key, entry->size, folded, &hash);
        const struct entry *word = table_find(&spelling->numbers, hash, folded, size);
        if (!word) {
            best[n] = entry;
            rc = spelling_add(spelling, &spelling->numbers, hash, folded, size, &n);
            n++;
        } else if (is_commoner(spelling, entry, best[word->count])) {
            best[word->count] = entry;
        }
    }
    return rc;
}

/* Counts what was gathered again, under the names of the best spellings. */
static int rename_words(struct spelling *spelling, const struct entry *const *best)
{
    const struct gather *gather = spelling->gather;
    char *key = spelling->scratch.text, *folded = key + KEY_SIZE_MAX;
    uint64_t hash, counts[1 + ENTRY_MORE_MAX];
    int rc = 0;
    for (size_t i = 0; i < gather->n && rc == 0; i++) {
        const struct entry *entry = gather->items[i].entry;
        entry_counts(entry, counts);
        uint32_t own_size = word_size(spelling, entry), tail_size = entry->size - own_size;
        uint32_t size = fold(spelling, entry->key, own_size, folded, &hash);
        const struct entry *name = best[table_find(&spelling->numbers, hash, folded, size)->count];
        memcpy(key, name->key, name->size);
        memcpy(key + name->size, entry->key + own_size, tail_size);
        size = name->size + tail_size;
        hash = table_hash(key, size, spelling->context->spec->seed);
        rc = spelling_add(spelling, &spelling->renamed, hash, key, size, counts);
    }
    return rc;
}

/* What is left are the renamed words, which are no more than those that were gathered. */
static void take_renamed(struct spelling *spelling)
{
    struct gather *gather = spelling->gather;
    const struct entry *end = table_end(&spelling->renamed);
    gather->n = 0;
    for (const struct entry *entry = table_first(&spelling->renamed); entry < end;
         entry = entry_next(entry))
        gather->items[gather->n++] = (struct order_item){0, entry};
}

int spelling_choose(struct spelling *spelling)
{
    const struct gather *gather = spelling->gather;
    const struct entry **best = malloc((gather->n + 1) * sizeof *best);
    size_t size = 0;
    for (size_t i = 0; i < gather->n; i++)
        size += entry_bytes(gather->items[i].entry);
    table_clear(&spelling->numbers);
    table_clear(&spelling->renamed);
    table_clear(&spelling->spellings);
    /* A letter of two bytes may have one of three, and a shorter spelling a longer name. */
    int rc = best ? table_reserve(&spelling->numbers, 2 * size) : CODE_NOMEM;
    if (rc == 0)
        rc = table_reserve(&spelling->renamed, 2 * size);
    if (rc == 0)
        rc = table_reserve(&spelling->spellings, size);
    if (rc == 0)
        rc = sum_years(spelling);
    if (rc == 0)
        rc = choose_best(spelling, best);
    if (rc == 0)
        rc = rename_words(spelling, best);
    if (rc == 0)
        take_renamed(spelling);
    free(best);
    context_note_probe(spelling->context, spelling->renamed.longest_probe);
    return rc;
}
