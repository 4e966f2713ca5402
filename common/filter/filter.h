/*
 * What is decided by a word alone: whether it counts, and as what. That is asked once for each word
 * of a table, when a map task writes it out, and not for each line.
 */
#ifndef COMMON_FILTER_FILTER_H
#define COMMON_FILTER_FILTER_H

#include <stdint.h>

#include "filter/fold.h"
#include "filter/match.h"
#include "filter/pos.h"
#include "words/entry.h"
#include "words/table.h"

enum fold {
    FOLD_NONE,
    FOLD_LOWER,    /* count the word folded */
    FOLD_DOMINANT, /* the same, but each spelling for itself until the end */
};

/* In this order: */
struct filter {
    int dated;                 /* TAB and what follows are no part of the word, and stay */
    struct pos pos;            /* only entries that it takes */
    int strip;                 /* without their tags */
    enum fold fold;            /* from here on folded */
    const struct match *match; /* only words that it matches; NULL: all */
    const struct table *words; /* only these; NULL: all */
    uint64_t seed;             /* of table_hash */
};

/* What filter_word writes to, one for each worker. {0} may be released. */
#define FILTER_TEXT_SIZE (KEY_SIZE_MAX + FOLD_SIZE_MAX(KEY_SIZE_MAX))

struct filter_scratch {
    char *text; /* of that size; only if the filter rewrites words */
    struct matcher matcher;
};

/* 0 or CODE_NOMEM. */
int filter_scratch_init(struct filter_scratch *scratch, const struct filter *filter);
void filter_scratch_release(struct filter_scratch *scratch);

#define FILTER_HASH_BITS 16

struct filter_word {
    const char *data;
    uint32_t size;
    uint64_t hash; /* 0: it is not wanted, and is not made, but with FOLD_DOMINANT */
};

/* Whether words may count as others. */
static inline int filter_rewrites(const struct filter *filter)
{
    return filter->strip || filter->fold;
}

/* Whether words may be folded before anything else is decided. */
static inline int filter_folds_first(const struct filter *filter)
{
    return filter->fold == FOLD_LOWER && !filter->pos.allowed && !filter->strip;
}

/*
 * 1, and *word as it counts, maybe in scratch; 0: it does not count; or CODE_NOMEM or CODE_MATCH.
 * With FOLD_DOMINANT the highest FILTER_HASH_BITS of the hash are those of the folded word. So all
 * its spellings lie side by side in the order of hashes. The other bits keep them apart in a table.
 */
int filter_word(const struct filter *filter, struct filter_scratch *scratch,
                struct filter_word *word);

/*
 * As filter_word of a word whose hash is not wanted, where no more is to be done than to fold
 * ASCII: it is changed where it stands. 8 bytes behind it can be written to, and stay. 1, 0, or
 * FILTER_ASK: nothing has changed, filter_word can tell.
 */
enum { FILTER_ASK = 2 };
int filter_in_place(const struct filter *filter, char *word, uint32_t size);

/*
 * Writes the word folded, but for tags, placeholders and boundaries, or as it is if that would be
 * longer than a word may be. Returns its size. out takes FOLD_SIZE_MAX(size) bytes.
 */
uint32_t filter_fold(char *out, const char *word, uint32_t size);

#endif
