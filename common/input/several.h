/* Lines of v1 and v2: any of their values, one or several, and a line as such. */
#ifndef COMMON_INPUT_SEVERAL_H
#define COMMON_INPUT_SEVERAL_H

#include "input/format.h"
#include "scan/digits.h"
#include "words/entry.h"

#define V1_V2_MATCHES 2 /* the field that they are in, from 0 */
/* Fields of a line, at least and at most. */
#define V1_V2_FIELDS_MIN 4
#define V1_V2_FIELDS_MAX 5

/* Size of the word and its TAB, if it is not too long and a year of four digits follows; or 0. */
static inline size_t v1_v2_word_size(const char *line, const char *end)
{
    size_t size = digits_after_tab(line, end);
    return size == 0 || size - 1 > WORD_SIZE_MAX || digits_bad_year(line + size) ? 0 : size;
}

/* What a line says. */
struct v1_v2_record {
    size_t size; /* of its word and TAB */
    uint64_t year;
    uint64_t counts[NGRAM_VALUES_MAX];
};

/*
 * Reads any line at all. fields: where each of the n values is in it, 0 for records. 1; or it is
 * bad, and that was told: 0 or what the sink returned.
 */
int v1_v2_read(const struct ngram_sink *sink, const char *line, const char *end,
               const unsigned *fields, unsigned n, struct v1_v2_record *record);

/* A parser of what else is asked for than the matches. fields: of the query's values. */
int several_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                  const unsigned *fields);

#endif
