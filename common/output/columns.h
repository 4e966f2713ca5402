/*
 * The columns that a line of output may have behind the count. Their values are plain decimal
 * numbers, which need no quoting in any format.
 */
#ifndef COMMON_OUTPUT_COLUMNS_H
#define COMMON_OUTPUT_COLUMNS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/wide.h"
#include "words/entry.h"

enum column {
    COLUMN_RANK,        /* by count, from 1 on */
    COLUMN_PERCENT,     /* count by the sum of all, in percent, with 6 decimals */
    COLUMN_CUMULATIVE,  /* the same of all down to this rank */
    COLUMN_PER_MILLION, /* count by the total, in millionths, with 6 decimals */
    N_COLUMNS,
};

#define COLUMNS_OF_RANK (1u << COLUMN_RANK | 1u << COLUMN_PERCENT | 1u << COLUMN_CUMULATIVE)

struct year_total {
    uint64_t year; /* or the first of a decade */
    uint64_t count;
};

/* What the counts of a year or decade add up to. */
struct period_sum {
    uint64_t period;
    uint64_t sum[2]; /* the higher half first */
};

struct columns {
    unsigned which;                 /* bit by enum column */
    uint64_t total_count;           /* more than 0 */
    const struct year_total *years; /* instead, ascending, if a year stands behind the word */
    size_t n_years;
    wide sum;                      /* of all counts; known once words have ranks */
    const struct period_sum *sums; /* instead, ascending, if they have them within periods */
    size_t n_sums;
    const char *names[1 + ENTRY_MORE_MAX];    /* of counts */
    unsigned n_more;                          /* counts behind the first */
    unsigned char values[1 + ENTRY_MORE_MAX]; /* which they are, by enum ngram_value */
    const char *period; /* what a word has behind its last TAB: "year"; NULL: nothing */
    unsigned char by;   /* the same, by enum ngram_by */
};

/* The most bytes a value takes. */
#define COLUMN_SIZE_MAX 32

/*
 * With COLUMNS_OF_RANK the hash of an entry is its standing instead: its rank, and the cumulative
 * share in millionths of a percent in the low STANDING_BITS.
 */
#define STANDING_BITS 27

static inline int columns_have(const struct columns *columns, enum column column)
{
    return columns->which >> column & 1;
}

/* What the counts of all that the entry is ranked among add up to. */
wide columns_sum(const struct columns *columns, const struct entry *entry);

/* The standing of the word with this rank, when counts up to its own add up to sum_here of sum. */
uint64_t standing_of(uint64_t rank, wide sum_here, wide sum);

/*
 * Bytes of the word without its period. *period: where that is, up to the end of the word; NULL:
 * words have none.
 */
static inline size_t columns_split(const struct columns *columns, const struct entry *entry,
                                   const char **period)
{
    *period = columns->period ? memrchr(entry->key, '\t', entry->size) : NULL;
    return *period ? (size_t)((*period)++ - entry->key) : entry->size;
}

/* For formats with a header or keys. */
const char *column_name(enum column column);

/* What the entry has in a column: its rank; or else a share, in parts of COLUMN_UNIT. */
#define COLUMN_UNIT 1000000
wide column_value(const struct columns *columns, enum column column, const struct entry *entry);

/* Writes it. Returns the bytes written. */
size_t column_write(char *out, const struct columns *columns, enum column column,
                    const struct entry *entry);

/* Whether the entry has more than the total that it has a share of. */
int columns_are_beyond(const struct columns *columns, const struct entry *entry);

/* All values there are, a byte before each. Returns the end of what it wrote. */
char *columns_write(char *at, const struct columns *columns, char before,
                    const struct entry *entry);

#endif
