/* How a word and its count look in the output. */
#ifndef COMMON_FORMAT_H
#define COMMON_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "columns.h"
#include "table.h"

/* The most bytes a number takes. */
#define FORMAT_NUMBER_MAX 20

/* Writes value in decimal, without a NUL. Returns the bytes written. */
size_t format_number(char *out, uint64_t value);

static inline size_t format_tsv_max(const struct entry *entry)
{
    return entry->size + FORMAT_NUMBER_MAX + 2 + N_COLUMNS * (COLUMN_SIZE_MAX + 1);
}

/* Writes `word TAB count LF`, with a TAB and its value for each column. Returns the bytes written.
 */
size_t format_tsv(char *out, const struct columns *columns, const struct entry *entry);

#endif
