/*
 * What a map task does with its words: they are combined in a table that fits the cache; whenever
 * it is full, and at the end, it becomes runs. As long as words come in ascending order, in a few
 * pieces, they need not be looked for: they are just put one behind the other.
 */
#ifndef WORKER_COMBINE_H
#define WORKER_COMBINE_H

#include <stddef.h>
#include <stdint.h>

#include "worker.h"

#define PENDING_MAX 32 /* words, a power of 2 */

struct pending {
    uint64_t hash;
    uint64_t count;
    const char *word;
    uint32_t size;
};

struct combine {
    struct worker *worker;
    uint32_t task;
    int is_distinct;  /* no word is expected twice, so a larger table would not help */
    uint64_t n_lines; /* the caller's: lines so far, or a little less */
    uint64_t n_told;  /* words that came */
    uint64_t n_added; /* of them, those that do not wait any more */
    struct pending pending[PENDING_MAX]; /* a ring */
    int is_ascending;   /* words are appended; those that come again are in a run more than once */
    struct entry *last; /* the one before, or NULL */
    uint64_t last_key;  /* its order key */
    unsigned n_pieces;  /* that ascend, in the table */
};

void combine_begin(struct combine *combine, struct worker *worker, uint32_t task, int is_distinct);

/* Whether the word must be hashed. */
static inline int combine_wants_hash(const struct combine *combine)
{
    return !combine->is_ascending;
}

/*
 * Adds count to the word's, whose hash may be 0 if it is not wanted. The word has to stay where it
 * is until combine_settle. 0 or a negative code, with worker->failure filled in, as the others.
 */
int combine_word(struct combine *combine, uint64_t hash, const char *word, uint32_t size,
                 uint64_t count);
int combine_settle(struct combine *combine);

/* The task is done: makes runs of all words, of which none waits. */
int combine_end(struct combine *combine);

#endif
