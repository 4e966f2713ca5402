/* Numbers go out two digits at a time, from the back (Alexandrescu, "Three Optimization Tips"). */
#include "format.h"

#include <string.h>

static const char pairs[201] = "0001020304050607080910111213141516171819"
                               "2021222324252627282930313233343536373839"
                               "4041424344454647484950515253545556575859"
                               "6061626364656667686970717273747576777879"
                               "8081828384858687888990919293949596979899";

size_t format_number(char *out, uint64_t value)
{
    char digits[FORMAT_NUMBER_MAX];
    size_t at = sizeof digits;
    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * value, 2);
    } else {
        digits[--at] = (char)('0' + value);
    }
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

static char *add_columns(char *at, const struct columns *columns, const struct entry *entry)
{
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = '\t';
        at += column_write(at, columns, column, entry);
    }
    return at;
}

size_t format_tsv(char *out, const struct columns *columns, const struct entry *entry)
{
    char *at = out;
    memcpy(at, entry->key, entry->size);
    at += entry->size;
    *at++ = '\t';
    at += format_number(at, entry->count);
    if (columns->which)
        at = add_columns(at, columns, entry);
    *at++ = '\n';
    return (size_t)(at - out);
}
