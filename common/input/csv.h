/*
 * Results as the output format csv has them: word,count or word,year,count, quoted as RFC 4180
 * says. Of several values each has a count, whose name stands in the header. So does
 * "year" or "decade", if words are counted by them.
 */
#ifndef COMMON_INPUT_CSV_H
#define COMMON_INPUT_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "input/fields.h"
#include "input/format.h"
#include "words/entry.h"

extern const struct input_format input_csv;

/* Whether a line is the header of such a result, and of which values; it is no data wherever it
 * stands. */
int csv_is_header(const char *line, const char *end, struct entry_values *values);

#define CSV_FIELDS_MAX (2 + NGRAM_VALUES_MAX) /* a word, a year, counts */

struct csv_line {
    struct field fields[CSV_FIELDS_MAX];
    unsigned n;      /* of them, those before the counts */
    size_t key_size; /* of what csv_join makes of these, KEY_SIZE_MAX at most */
    uint64_t counts[NGRAM_VALUES_MAX];
    const char *bad, *bad_end; /* what a reason is about */
};

/* Whether the line, without its end, is the header of a result with ranks or shares. */
int csv_has_shares(const char *line, const char *end);

/* Reads a line without its end, which is no header, of so many counts, with a year or decade before
 * them if is_dated. 0 or a reason. */
enum reject_reason csv_parse_line(const char *line, const char *end, int is_dated,
                                  unsigned n_counts, struct csv_line *csv);

/* Writes the word and, if there is one, TAB and year. Returns the bytes written. out may be where
 * the line begins. */
size_t csv_join(char *out, const struct csv_line *csv);

#endif
