/*
 * What a map task does with its words: they are combined in a table that fits the cache; whenever
 * it is full, and at the end, it becomes runs. As long as words come in ascending order, in a few
 * pieces, they need not be looked for: they are just put one behind the other.
 */
#ifndef WORKER_TASKS_COMBINE_H
#define WORKER_TASKS_COMBINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "context/context.h"
#include "runs/gather.h"
#include "tasks/recurrence.h"
#include "tasks/series.h"
#include "words/period.h"
#include "words/table.h"

#define PENDING_MAX 64    /* words, a power of 2 */
#define ADD_DISTANCE 40   /* words that came since the one that is added */
#define GUESS_DISTANCE 24 /* since the one whose entry is asked for */

/* A word that waits. */
struct pending {
    uint64_t hash;
    const char *word;
    uint32_t size;
    uint32_t guess; /* where it may be in the table; 0 until its entry was asked for */
    uint64_t counts[1 + ENTRY_MORE_MAX + 1]; /* one more: 64 bytes */
};

struct combine {
    struct context *context;
    struct gather *gather;
    struct table table; /* dropped after the last map */
    struct table kept;  /* only with spec->filter: what it lets through; the same */
    struct filter_scratch scratch;
    struct series series; /* where words go instead of the table as long as they are ascending, and
                             afterwards those of the table; with spec->has_series */
    unsigned tokens;      /* of words so far, as spec->noted says */
    int is_unsorted;      /* of tasks so far: words come in no order, or come back */
    struct recurrence recurrence; /* of their words */

    /* Of the task: */
    uint32_t task;
    uint64_t n_lines;  /* the caller's: lines so far, or a little less */
    uint64_t n_told;   /* words that came */
    uint64_t n_added;  /* of them, those that do not wait any more */
    uint64_t n_before; /* of those, the ones that came before the table was last empty */
    struct pending pending[PENDING_MAX]; /* a ring */
    struct periods seen;                 /* in its runs, with spec->fill_step */
    int is_ascending;   /* words are appended; those that come again are in a run more than once */
    struct entry *last; /* the one before, or NULL */
    uint64_t last_key;  /* its order key */
    unsigned n_pieces;  /* that ascend, in the table */
    size_t n_noted;     /* bytes of the table that the recurrence has */
};

/* The gather is lent, to sort in. 0 or CODE_NOMEM: there is nothing to release. */
int combine_init(struct combine *combine, struct context *context, struct gather *gather);
void combine_release(struct combine *combine);

/* There are no more map tasks: gives the memory of tables back to the system. */
void combine_drop(struct combine *combine);

void combine_begin(struct combine *combine, uint32_t task);

/* Whether the word must be hashed. */
static inline int combine_wants_hash(const struct combine *combine)
{
    return !combine->is_ascending;
}

/* Parts of combine_word: puts the word behind the one before, with all its counts; adds one that
 * waited. */
int combine_append(struct combine *combine, const char *word, uint32_t size,
                   const uint64_t *counts);
int combine_add(struct combine *combine, const struct pending *word);

/*
 * Adds the counts to the word's, whose hash may be 0 if it is not wanted. The word has to stay
 * where it is until combine_settle. 0 or a negative code, as the others.
 */
static inline int combine_word(struct combine *combine, uint64_t hash, const char *word,
                               uint32_t size, const uint64_t *counts)
{
    if (combine->is_ascending)
        return combine_append(combine, word, size, counts);
    struct table *table = &combine->table;
    struct pending *ring = combine->pending;
    uint64_t n = combine->n_told++;
    struct pending *new = &ring[n % PENDING_MAX];
    new->hash = hash;
    new->word = word;
    new->size = size;
    new->guess = 0;
    new->counts[0] = counts[0];
    if (table->n_more > 0)
        memcpy(new->counts + 1, counts + 1, table->n_more * sizeof *counts);
    table_prefetch(table, hash);
    if (n - combine->n_added < ADD_DISTANCE)
        return 0;
    struct pending *next = &ring[(n - GUESS_DISTANCE) % PENDING_MAX];
    next->guess = table_guess(table, next->hash, next->size);
    const struct pending *due = &ring[combine->n_added++ % PENDING_MAX];
    int rc = table_add_at(table, due->guess, due->hash, due->word, due->size, due->counts);
    return rc == 0 ? 0 : combine_add(combine, due);
}

/* Whether combine_series takes words; if not, each of their periods is a key of its own. */
static inline int combine_wants_series(const struct combine *combine)
{
    return combine->context->spec->has_series && combine->is_ascending;
}

/* Adds a word, without a TAB, with its points: in any order, useless afterwards. */
int combine_series(struct combine *combine, const char *word, uint32_t size, struct points *points);

/* Adds all that wait. */
int combine_settle(struct combine *combine);

/* The task is done: makes runs of all words, of which none waits. */
int combine_end(struct combine *combine);

#endif
