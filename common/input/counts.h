/*
 * The input format that results have:
 *
 *     word TAB count LF
 *
 * The count stands behind the last TAB. Of several values each has a count; how many is asked, not
 * told. So it is whether a year or decade stands before them; if not, what does is part of the
 * word.
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

/* Whether a word that is counted by years or decades ends with a TAB and one, in the digits that
 * results have. If so, *size is cut to the word before that; else *field is what stands there. */
int counts_cut_period(enum ngram_by by, const char *word, uint32_t *size, uint64_t *period,
                      const char **field);

#endif
