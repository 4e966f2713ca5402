/*
 * The input format that results have:
 *
 *     word TAB count LF
 *
 * What a result has between word and count, such as a year, is part of the word here: the count
 * stands behind the last TAB. Of several values each has a count; how many is asked, not told.
 */
#ifndef COMMON_INPUT_COUNTS_H
#define COMMON_INPUT_COUNTS_H

#include "input/format.h"

extern const struct input_format input_counts;

/* A line with n counts, without its LF and a CR before that: 0, or why it is bad, with the part at
 * fault. */
enum reject_reason counts_parse_line(const char *line, const char *end, unsigned n,
                                     uint32_t *word_size, uint64_t *counts, const char **field,
                                     size_t *field_size);

#endif
