/*
 * How often a test repeats with random inputs, or with each of a row, unless WORDMILL_LONG is set:
 * with sanitizers every sixth time, since the same inputs come without them, too; and every third
 * time for a SIMD variant, which test_scan and twins compare with the portable one.
 */
#ifndef TESTS_SUPPORT_REPEAT_H
#define TESTS_SUPPORT_REPEAT_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t repeat(uint64_t n)
{
    if (getenv("WORDMILL_LONG"))
        return n;
#ifdef __SANITIZE_ADDRESS__
    return n / 6;
#else
    return getenv("WORDMILL_SIMD") ? n / 3 : n;
#endif
}

#endif
