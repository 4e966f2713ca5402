/*
 * The record formats, one parser for each, all with the same signature:
 *
 *     v1 (2009)   ngram TAB year TAB matches TAB pages TAB volumes LF
 *     v2 (2012)   ngram TAB year TAB matches TAB volumes LF
 *     v3 (2020)   ngram (TAB year,matches,volumes)+ LF
 *     columns     fields between delimiters, one of them the key and one its count
 *     text        words are maximal runs of Unicode letters (categories L*), each counts 1
 *     counts      word TAB count LF, as results are (counts.h)
 *
 * Lines of one word mostly stand together, so parsers compare each line with the word before and
 * add to a register; the sink hears of a word only when it changes. Nothing relies on it.
 */
#ifndef COMMON_INPUT_FORMAT_H
#define COMMON_INPUT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "scan/scan.h"

/* In the order of the public enums. */
enum ngram_format {
    NGRAM_AUTO,
    NGRAM_V1,
    NGRAM_V2,
    NGRAM_V3,
    NGRAM_COLUMNS,
    NGRAM_TEXT,
    NGRAM_COUNTS,
    NGRAM_N_FORMATS
};

enum ngram_value { NGRAM_MATCHES, NGRAM_VOLUMES, NGRAM_PAGES, NGRAM_RECORDS };
enum ngram_by { NGRAM_BY_WORD, NGRAM_BY_YEAR, NGRAM_BY_DECADE };

/* What is read of a record. {.last_year = UINT64_MAX} is the sum of all matches. */
struct ngram_query {
    enum ngram_value value;
    enum ngram_by by;
    uint64_t first_year, last_year; /* both included */
    unsigned key_column;            /* of columns, from 1 */
    unsigned value_column;
    char delimiter;
};

enum reject_reason {
    REJECT_FIELDS = 1, /* too few */
    REJECT_YEAR,       /* not a number */
    REJECT_COUNT,      /* not a decimal number of 64 bits */
    REJECT_WORD,       /* longer than WORD_SIZE_MAX */
    REJECT_LONG,       /* the line, longer than LINE_SIZE_MAX */
    REJECT_ORDER,      /* lines that should be sorted are not */
    REJECT_MAP,        /* a function of the host's says so */
    REJECT_CRASH,      /* or dies of it */
};

/* Where records go: 0, or a negative code that stops the parser and is returned by it. */
struct ngram_sink {
    int (*word)(void *user, const char *word, uint32_t size, uint64_t count);
    /* instead of word, when the query is by year or decade; year is the first one of the decade */
    int (*dated)(void *user, const char *word, uint32_t size, uint64_t year, uint64_t count);
    /* line without its LF; field is the part at fault */
    int (*reject)(void *user, enum reject_reason reason, const char *line, size_t size,
                  const char *field, size_t field_size);
    void *user;
    const struct ngram_query *query;
    int each_line; /* tell every line's count, do not add up lines of one word */
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

ngram_parse_fn ngram_parse_v1;
ngram_parse_fn ngram_parse_v2;
ngram_parse_fn ngram_parse_v3;
ngram_parse_fn ngram_parse_columns;
ngram_parse_fn ngram_parse_text;
ngram_parse_fn ngram_parse_counts;

/* Of a format that is not NGRAM_AUTO. */
ngram_parse_fn *ngram_parser(enum ngram_format format);

/* Whether records of the format have what the query asks for. */
int ngram_can_answer(enum ngram_format format, const struct ngram_query *query);

/*
 * The format of an input that starts with these bytes: what most of the lines among them are.
 * Without any such line it is text if it looks like prose, and else v2, whose parser will say what
 * is wrong. An incomplete line at the end counts when there is no other.
 */
enum ngram_format ngram_detect(const char *data, size_t size);

/* Bytes that are enough for ngram_detect. */
#define NGRAM_DETECT_SIZE 16384

#endif
