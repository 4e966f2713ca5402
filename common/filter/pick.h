/*
 * The words that are written, where all others count as well: those asked for when words have
 * ranks. So they are looked for at the end, as they are spelled in the result.
 */
#ifndef COMMON_FILTER_PICK_H
#define COMMON_FILTER_PICK_H

#include <stdint.h>

#include "filter/filter.h"
#include "words/entry.h"
#include "words/table.h"

struct pick {
    const struct table *words; /* in lower case, if case does not count */
    int dated;                 /* TAB and what follows are no part of the word */
    int folded;                /* the result has other spellings than words */
    uint64_t seed;             /* of table_hash */
};

/* Bytes that pick_has writes to. */
#define PICK_SCRATCH_SIZE FOLD_SIZE_MAX(KEY_SIZE_MAX)

/* Whether a word of the result was asked for. */
int pick_has(const struct pick *pick, char *scratch, const struct entry *entry);

#endif
