/* Lines of v1 and v2 of which several values are added up, by the same rules as one. */
#ifndef COMMON_INPUT_SEVERAL_H
#define COMMON_INPUT_SEVERAL_H

#include "input/format.h"

/* field: where each value of the query is in a line, from 0; 0 for records. Returns as parsers do.
 */
int several_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                  const unsigned field[NGRAM_VALUES_MAX]);

#endif
