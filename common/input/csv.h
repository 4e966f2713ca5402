/*
 * Results as the output format csv has them: word,count or word,year,count, quoted as RFC 4180
 * says. A year is part of the word, with a TAB between, as in the format counts.
 */
#ifndef COMMON_INPUT_CSV_H
#define COMMON_INPUT_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "input/fields.h"
#include "input/format.h"

extern const struct input_format input_csv;

/* Whether a line is the header of such a result; it is no data wherever it stands. */
int csv_is_header(const char *line, const char *end);

#define CSV_FIELDS_MAX 3 /* a word, a year, a count */

struct csv_line {
    struct field fields[CSV_FIELDS_MAX];
    unsigned n; /* of them, those before the count */
    uint64_t count;
    const char *bad, *bad_end; /* what a reason is about */
};

/* Reads a line without its end, which is no header. 0 or a reason. */
enum reject_reason csv_parse_line(const char *line, const char *end, struct csv_line *csv);

/* Writes the word and, if there is one, TAB and year. Returns the bytes written. out may be where
 * the line begins. */
size_t csv_join(char *out, const struct csv_line *csv);

#endif
