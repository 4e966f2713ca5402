/*
 * The columns that a line of output may have behind the count. Their values are plain decimal
 * numbers, which need no quoting in any format.
 */
#ifndef COMMON_COLUMNS_H
#define COMMON_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "table.h"

enum column {
    COLUMN_PER_MILLION, /* count by total_count, in millionths, with 6 decimals */
    N_COLUMNS,
};

struct columns {
    unsigned which;       /* bit by enum column */
    uint64_t total_count; /* more than 0 */
};

/* The most bytes a value takes. */
#define COLUMN_SIZE_MAX 32

static inline int columns_have(const struct columns *columns, enum column column)
{
    return columns->which >> column & 1;
}

/* For formats with a header or keys. */
const char *column_name(enum column column);

/* Writes the value that the entry has in a column. Returns the bytes written. */
size_t column_write(char *out, const struct columns *columns, enum column column,
                    const struct entry *entry);

#endif
