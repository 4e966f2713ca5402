/*
 * How often a test repeats with random inputs, or with each of a row, unless WORDMILL_LONG is set:
 * with sanitizers, and on a CPU that is emulated, every eighth time, since the same inputs come
 * without these, too; and every third time for a SIMD variant, which test_scan and twins compare
 * with the portable one.
 */
#ifndef TESTS_SUPPORT_REPEAT_H
#define TESTS_SUPPORT_REPEAT_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t repeat(uint64_t n)
{
#ifdef __SANITIZE_ADDRESS__
    const int is_slow = 1;
#else
    const int is_slow = getenv("WORDMILL_EMULATED") != NULL;
#endif
    if (getenv("WORDMILL_LONG"))
        return n;
    return is_slow ? n / 8 : getenv("WORDMILL_SIMD") ? n / 3 : n;
}

#endif
