/*
 * A set of years, which may lie in memory that processes share: each adds what it sees. Years past
 * YEARS_MAX are as one.
 */
#ifndef COMMON_BASE_YEARS_H
#define COMMON_BASE_YEARS_H

#include <stdatomic.h>
#include <stdint.h>

#define YEARS_MAX 10000

/* All zero: empty. */
struct years {
    _Atomic uint64_t bits[YEARS_MAX / 64 + 1];
};

static inline int years_has(const struct years *years, uint64_t year)
{
    uint64_t at = year < YEARS_MAX ? year : YEARS_MAX;
    return atomic_load_explicit(&years->bits[at / 64], memory_order_relaxed) >> (at % 64) & 1;
}

/* Mostly the year is there already, and the cache line stays shared. */
static inline void years_add(struct years *years, uint64_t year)
{
    uint64_t at = year < YEARS_MAX ? year : YEARS_MAX;
    if (!years_has(years, at))
        atomic_fetch_or_explicit(&years->bits[at / 64], UINT64_C(1) << (at % 64),
                                 memory_order_relaxed);
}

#endif
