/* `word TAB count LF`, with a TAB and its value for each column. */
#ifndef COMMON_OUTPUT_TSV_H
#define COMMON_OUTPUT_TSV_H

#include "output/format.h"

extern const struct output_format output_tsv;

#endif
