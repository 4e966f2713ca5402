/* What the built-in map does, as a host would write it. */
#ifndef TESTS_SUPPORT_V2_MAP_H
#define TESTS_SUPPORT_V2_MAP_H

#include <string.h>

#include <wordmill.h>

#include "oracle.h"

static inline int v2_map(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const char *field[4] = {record}, *end = record + size;
    uint64_t year, count;
    (void)user;
    for (int i = 1; i < 4; i++) {
        const char *tab = memchr(field[i - 1], '\t', (size_t)(end - field[i - 1]));
        if (!tab)
            return 1;
        field[i] = tab + 1;
    }
    if (!oracle_number(field[1], (size_t)(field[2] - field[1]) - 1, &year) ||
        !oracle_number(field[2], (size_t)(field[3] - field[2]) - 1, &count))
        return 1;
    wm_emit(mapper, record, (size_t)(field[1] - record) - 1, count);
    return 0;
}

#endif
