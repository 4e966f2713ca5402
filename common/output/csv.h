/* A header, then `word,count` and the columns, quoted as RFC 4180 says. */
#ifndef COMMON_OUTPUT_CSV_H
#define COMMON_OUTPUT_CSV_H

#include "output/format.h"

extern const struct output_format output_csv;

/* The same without a cell that a spreadsheet takes for a formula. */
extern const struct output_format output_csv_safe;

#endif
