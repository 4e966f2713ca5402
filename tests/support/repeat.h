/*
 * How often a test repeats with random inputs, or with each of a row: with sanitizers every sixth
 * time, unless WORDMILL_LONG is set, since the same inputs come without them, too.
 */
#ifndef TESTS_SUPPORT_REPEAT_H
#define TESTS_SUPPORT_REPEAT_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t repeat(uint64_t n)
{
#ifdef __SANITIZE_ADDRESS__
    return getenv("WORDMILL_LONG") ? n : n / 6;
#else
    return n;
#endif
}

#endif
