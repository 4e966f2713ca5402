/*
 * A word that is counted by year or decade has its period behind it:
 *
 *     | word | TAB | decimal number |
 */
#ifndef COMMON_WORDS_PERIOD_H
#define COMMON_WORDS_PERIOD_H

#include <stdint.h>
#include <string.h>

#include "words/entry.h"

/* The number behind the last TAB; 0 if there is none. Read from its end, where it is short. */
static inline uint64_t period_of(const struct entry *entry)
{
    uint64_t period = 0, unit = 1;
    const char *at = entry->key + entry->size;
    for (; at > entry->key && at[-1] >= '0' && at[-1] <= '9'; unit *= 10)
        period += unit * (uint64_t)(*--at - '0');
    return at > entry->key && at[-1] == '\t' ? period : 0;
}

#endif
