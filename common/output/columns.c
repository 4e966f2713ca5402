/*
 * Fractions are rounded half up in whole numbers: their digits are the same on every machine and
 * for any number of workers.
 */
#include "output/columns.h"

#include <string.h>

#include "base/number.h"
#include "base/wide.h"
#include "words/entry.h"
#include "words/period.h"

#define DECIMALS 6

const char *column_name(enum column column)
{
    static const char *const names[] = {[COLUMN_RANK] = "rank",
                                        [COLUMN_PERCENT] = "percent",
                                        [COLUMN_CUMULATIVE] = "cumulative",
                                        [COLUMN_PER_MILLION] = "per_million"};
    return names[column];
}

/* part * scale / whole in units of the last decimal; of nothing, a part is 0. */
static wide share(wide part, unsigned scale, wide whole)
{
    return whole == 0 ? 0 : (part * scale * COLUMN_UNIT + whole / 2) / whole;
}

/* What is no number of 64 bits before the point is the largest of them. */
static size_t write_decimal(char *out, wide value)
{
    wide most = (wide)UINT64_MAX * COLUMN_UNIT;
    if (value > most)
        value = most;
    size_t size = number_write(out, (uint64_t)(value / COLUMN_UNIT));
    uint64_t fraction = (uint64_t)(value % COLUMN_UNIT);
    out[size] = '.';
    for (int i = DECIMALS; i > 0; i--) {
        out[size + (size_t)i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    return size + 1 + DECIMALS;
}

uint64_t standing_of(uint64_t rank, wide sum_here, wide sum)
{
    return rank << STANDING_BITS | (uint64_t)share(sum_here, 100, sum);
}

wide columns_sum(const struct columns *columns, const struct entry *entry)
{
    if (!columns->sums)
        return columns->sum;
    uint64_t period = period_of(entry);
    size_t low = 0, high = columns->n_sums - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (columns->sums[middle].period < period)
            low = middle + 1;
        else
            high = middle;
    }
    return wide_of(columns->sums[low].sum);
}

/* A year that is not in the file has none. */
static uint64_t total_of(const struct columns *columns, const struct entry *entry)
{
    if (!columns->years)
        return columns->total_count;
    const char *end = entry->key + entry->size, *tab = memrchr(entry->key, '\t', entry->size);
    uint64_t year;
    if (!tab || number_read(tab + 1, (size_t)(end - tab - 1), &year) < 0)
        return 0;
    size_t low = 0, high = columns->n_years;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (columns->years[middle].year < year)
            low = middle + 1;
        else
            high = middle;
    }
    int found = low < columns->n_years && columns->years[low].year == year;
    return found ? columns->years[low].count : 0;
}

int columns_are_beyond(const struct columns *columns, const struct entry *entry)
{
    return entry->count > total_of(columns, entry);
}

wide column_value(const struct columns *columns, enum column column, const struct entry *entry)
{
    switch (column) {
    case COLUMN_RANK:
        return entry->hash >> STANDING_BITS;
    case COLUMN_PERCENT:
        return share(entry->count, 100, columns_sum(columns, entry));
    case COLUMN_CUMULATIVE:
        return entry->hash & ((UINT64_C(1) << STANDING_BITS) - 1);
    case COLUMN_PER_MILLION:
        return share(entry->count, 1000000, total_of(columns, entry));
    case N_COLUMNS:
        break;
    }
    return 0;
}

size_t column_write(char *out, const struct columns *columns, enum column column,
                    const struct entry *entry)
{
    wide value = column_value(columns, column, entry);
    return column == COLUMN_RANK ? number_write(out, (uint64_t)value) : write_decimal(out, value);
}

char *columns_write(char *at, const struct columns *columns, char before, const struct entry *entry)
{
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = before;
        at += column_write(at, columns, column, entry);
    }
    return at;
}
