/*
 * Fractions are rounded half up in whole numbers: their digits are the same on every machine and
 * for any number of workers.
 */
#include "columns.h"

#include "format.h"

#define DECIMALS 6
#define DECIMAL_UNIT 1000000 /* 10 to the DECIMALS */

typedef unsigned __int128 wide;

const char *column_name(enum column column)
{
    static const char *const names[] = {[COLUMN_PER_MILLION] = "per_million"};
    return names[column];
}

/* part * scale / whole. What is no number of 64 bits before the point is the largest of them. */
static size_t write_share(char *out, uint64_t part, uint64_t scale, uint64_t whole)
{
    wide value = ((wide)part * scale * DECIMAL_UNIT + whole / 2) / whole;
    wide most = (wide)UINT64_MAX * DECIMAL_UNIT;
    if (value > most)
        value = most;
    size_t size = format_number(out, (uint64_t)(value / DECIMAL_UNIT));
    uint64_t fraction = (uint64_t)(value % DECIMAL_UNIT);
    out[size] = '.';
    for (int i = DECIMALS; i > 0; i--) {
        out[size + (size_t)i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    return size + 1 + DECIMALS;
}

size_t column_write(char *out, const struct columns *columns, enum column column,
                    const struct entry *entry)
{
    switch (column) {
    case COLUMN_PER_MILLION:
        return write_share(out, entry->count, 1000000, columns->total_count);
    case N_COLUMNS:
        break;
    }
    return 0;
}
