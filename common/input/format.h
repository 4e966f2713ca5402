/*
 * What an input format is, and what all parsers share: they have the same signature. The formats:
 *
 *     v1 (2009)   ngram TAB year TAB matches TAB pages TAB volumes LF
 *     v2 (2012)   ngram TAB year TAB matches TAB volumes LF
 *     v3 (2020)   ngram (TAB year,matches,volumes)+ LF
 *     columns     fields between delimiters, one of them the key and one its count
 *     text        words of running text (text/token.h), or sequences of them, each counts 1
 *     counts      word TAB count LF, as results are; more counts if there are several values
 *     csv         word,count LF, as results are too
 *
 * Lines of one word mostly stand together, so parsers compare each line with the word before and
 * add to a register; the sink hears of a word only when it changes. Nothing relies on it.
 */
#ifndef COMMON_INPUT_FORMAT_H
#define COMMON_INPUT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/years.h"
#include "input/value.h"
#include "scan/scan.h"
#include "text/token.h"

/* What is read of a record. {.last_year = UINT64_MAX} is the sum of all matches. */
struct ngram_query {
    enum ngram_value value;
    enum ngram_by by;
    uint64_t first_year, last_year; /* both included */
    unsigned key_column;            /* of columns, from 1 */
    unsigned value_column;
    char delimiter;
    enum token_kind tokens; /* of text */
    int composed;           /* tokens are made NFC */
    unsigned n_least;       /* tokens in a sequence; 0: 1, which is each for itself */
    unsigned n_most;        /* the same; TEXT_NGRAM_MAX at most */
    struct years *seen;     /* where the years of lines that count are noted; NULL: nowhere */
    char quote;             /* fields may stand in these; '\0': in none */
    unsigned n_values;      /* more than 1: of formats that can, instead of value */
    enum ngram_value values[NGRAM_VALUES_MAX];
    unsigned value_columns[NGRAM_VALUES_MAX]; /* of columns, where those are; 0 for records */
};

/* Counts of each record. */
static inline unsigned query_n_values(const struct ngram_query *query)
{
    return query->n_values > 1 ? query->n_values : 1;
}

enum reject_reason {
    REJECT_FIELDS = 1, /* too few */
    REJECT_YEAR,       /* not a number, or no decade */
    REJECT_COUNT,      /* not a decimal number of 64 bits */
    REJECT_WORD,       /* longer than WORD_SIZE_MAX */
    REJECT_LONG,       /* the line, longer than LINE_SIZE_MAX */
    REJECT_ORDER,      /* lines that should be sorted are not */
    REJECT_MAP,        /* the caller's map function says so */
    REJECT_QUOTE,      /* a field in quotes does not end with them */
    REJECT_CRASH,      /* or dies of it */
    REJECT_MORE,       /* too many fields */
};

struct text;
struct points;

/* Points of a word that are told at once, unless one block has more of them. */
#define NGRAM_POINTS_MAX (SERIES_MAX - SCAN_SAME_MAX - SCAN_POINTS_MORE)

/*
 * Where records go: 0, or a negative code that stops the parser and is returned by it. There is a
 * count for each value of the query, in its order.
 */
struct ngram_sink {
    int (*word)(void *user, const char *word, uint32_t size, const uint64_t *counts);
    /* instead, when the query is by year or decade: the periods and counts of some lines of the
     * word are in points, in any order; a decade is its first year */
    int (*series)(void *user, const char *word, uint32_t size);
    /* instead of that, when the query has several values, or the input is a result */
    int (*dated)(void *user, const char *word, uint32_t size, uint64_t year,
                 const uint64_t *counts);
    /* line without its LF; field is the part at fault */
    int (*reject)(void *user, enum reject_reason reason, const char *line, size_t size,
                  const char *field, size_t field_size);
    /* words told before may go away after that */
    int (*settle)(void *user);
    void *user;
    /* Room for a word of size bytes, KEY_SIZE_MAX at most, that does not stand in the chunk as it
     * is. What is told of it is there as long as the chunk. 0, or a negative code as above. */
    int (*room)(void *user, size_t size, char **room);
    const struct ngram_query *query;
    int each_line;         /* tell every line's count, do not add up lines of one word */
    struct text *text;     /* of the parser of text alone, which also needs settle */
    struct points *points; /* of the caller's, with room for SERIES_MAX; used with series alone */
};

/* Whole lines: data ends after a LF or at the end of its input. */
struct ngram_chunk {
    const char *data; /* readable for SCAN_PADDING bytes more */
    size_t size;
    int last;            /* it ends at the end of its input */
    uint64_t n_max;      /* lines to parse at most */
    uint64_t n_lines;    /* set: lines parsed, the filtered and rejected ones included */
    uint64_t n_counted;  /* set: of them, those that added to a word */
    uint64_t n_filtered; /* set: of them, those without a year that was asked for */
    uint64_t n_invalid;  /* set: bytes of text that are not UTF-8 */
    size_t parsed;       /* set: bytes */
};

/*
 * Each word may come any number of times. An empty line is rejected, unless it is text, but ignored
 * at the end of the input. 0 or what the sink returned.
 */
typedef int ngram_parse_fn(const struct ngram_sink *sink, const struct scan *scan,
                           struct ngram_chunk *chunk);

/* What is known of a format: a row of the table in formats.c. */
struct input_format {
    const char *name; /* as options and messages have it */
    ngram_parse_fn *parse;
    unsigned values; /* what its records have: bits by enum ngram_value */
    int has_years;
    int has_several; /* its parser reads several values at a time */
    int is_result;   /* what results are; so the input may be a table file as well */

    /*
     * Whether a line, without its LF, looks like one; it is cut off if it is not whole. No other
     * format further down has such lines. NULL: lines do not tell.
     */
    int (*is_line)(const char *line, const char *end, int is_whole);
};

#endif
