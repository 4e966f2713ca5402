/*
 * What is decided by a word alone: whether it counts, and as what. That is asked once for each word
 * of a table, when a map task writes it out, and not for each line.
 */
#ifndef COMMON_FILTER_H
#define COMMON_FILTER_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "table.h"

/* In this order: */
struct filter {
    unsigned tags;             /* only words that have none but these, see tag.h; 0: all */
    int strip;                 /* without their tags */
    const regex_t *match;      /* only words that it matches; NULL: all */
    const struct table *words; /* only these; NULL: all */
    uint64_t seed;             /* of table_hash */
};

/* Bytes that filter_word writes to. */
#define FILTER_SCRATCH_SIZE WORD_SIZE_MAX

struct filter_word {
    const char *data;
    uint32_t size;
    uint64_t hash;
};

/* Whether words may count as others. */
static inline int filter_rewrites(const struct filter *filter)
{
    return filter->strip;
}

/* 1, and *word as it counts, maybe in scratch; 0: it does not count; or CODE_NOMEM. */
int filter_word(const struct filter *filter, char *scratch, struct filter_word *word);

#endif
