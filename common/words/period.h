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

/* Of periods, both included; first > last: none. */
struct periods {
    uint64_t first, last;
};

#define NO_PERIODS ((struct periods){UINT64_MAX, 0})

static inline void periods_add(struct periods *periods, struct periods more)
{
    if (more.first < periods->first)
        periods->first = more.first;
    if (more.last > periods->last)
        periods->last = more.last;
}

/* Where it begins in the key, which has one. */
static inline uint32_t period_start(const struct entry *entry)
{
    const char *tab = memrchr(entry->key, '\t', entry->size);
    return tab ? (uint32_t)(tab + 1 - entry->key) : entry->size;
}

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
