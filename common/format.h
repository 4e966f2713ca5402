/* How a word and its count look in the output. */
#ifndef COMMON_FORMAT_H
#define COMMON_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "table.h"

/* The most bytes a number takes. */
#define FORMAT_NUMBER_MAX 20

/* Writes value in decimal, without a NUL. Returns the bytes written. */
size_t format_number(char *out, uint64_t value);

static inline size_t format_tsv_max(const struct entry *entry)
{
    return entry->size + FORMAT_NUMBER_MAX + 2;
}

/* Writes `word TAB count LF`. Returns the bytes written. */
size_t format_tsv(char *out, const struct entry *entry);

#endif
