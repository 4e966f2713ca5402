/* Lines of v1 and v2, by year or decade. */
#ifndef COMMON_INPUT_DATED_H
#define COMMON_INPUT_DATED_H

#include "input/format.h"

/* As ngram_parse_fn; field: of the value, from 0, or 0 for records. */
int dated_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                unsigned field);

#endif
