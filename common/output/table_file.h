/* The entries of a table file, in the order of words and without columns. */
#ifndef COMMON_OUTPUT_TABLE_FILE_H
#define COMMON_OUTPUT_TABLE_FILE_H

#include "output/format.h"

extern const struct output_format output_table_file;

#endif
