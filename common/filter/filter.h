/*
 * What is decided by a word alone: whether it counts, and as what. That is asked once for each word
 * of a table, when a map task writes it out, and not for each line.
 */
#ifndef COMMON_FILTER_FILTER_H
#define COMMON_FILTER_FILTER_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/fold.h"
#include "words/entry.h"
#include "words/table.h"

enum fold {
    FOLD_NONE,
    FOLD_LOWER,    /* count the word in lower case */
    FOLD_DOMINANT, /* the same, but each spelling for itself until the end */
};

/* In this order: */
struct filter {
    int dated;                 /* TAB and what follows are no part of the word, and stay */
    unsigned tags;             /* only words that have none but these, see tag.h; 0: all */
    int strip;                 /* without their tags */
    enum fold fold;            /* from here on in lower case */
    const regex_t *match;      /* only words that it matches; NULL: all */
    const struct table *words; /* only these; NULL: all */
    uint64_t seed;             /* of table_hash */
};

/* Bytes that filter_word writes to. */
#define FILTER_SCRATCH_SIZE (KEY_SIZE_MAX + FOLD_SIZE_MAX(KEY_SIZE_MAX))

#define FILTER_HASH_BITS 16

struct filter_word {
    const char *data;
    uint32_t size;
    uint64_t hash;
};

/* Whether words may count as others. */
static inline int filter_rewrites(const struct filter *filter)
{
    return filter->strip || filter->fold;
}

/*
 * 1, and *word as it counts, maybe in scratch; 0: it does not count; or CODE_NOMEM. With
 * FOLD_DOMINANT the highest FILTER_HASH_BITS of the hash are those of the folded word, so that all
 * its spellings lie side by side in the order of hashes; the others keep them apart in a table.
 */
int filter_word(const struct filter *filter, char *scratch, struct filter_word *word);

/*
 * Writes the word in lower case, or as it is if that would be longer than a word may be. Returns
 * its size. out takes FOLD_SIZE_MAX(size) bytes.
 */
uint32_t filter_fold(char *out, const char *word, uint32_t size);

#endif
