/*
 * Results as the output format csv has them: word,count or word,year,count, quoted as RFC 4180
 * says. A year is part of the word, with a TAB between, as in the format counts.
 */
#ifndef COMMON_INPUT_CSV_H
#define COMMON_INPUT_CSV_H

#include "input/format.h"

extern const struct input_format input_csv;

/* Whether a line is the header of such a result; it is no data wherever it stands. */
int csv_is_header(const char *line, const char *end);

#endif
