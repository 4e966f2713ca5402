/*
 * What the twins of scan_lines share: from 64 bytes' worth of marks to positions. Four are stored
 * whether they are there or not, since the branch that would save a store mispredicts (Langdale and
 * Lemire, "Parsing gigabytes of JSON per second", 2019, flatten_bits).
 */
#ifndef COMMON_SCAN_SCAN_BITS_H
#define COMMON_SCAN_SCAN_BITS_H

#include <stddef.h>
#include <stdint.h>

/* The lowest bit that is set; of 0, any number: the position stored will be overwritten. */
static inline uint32_t scan_lowest(uint64_t bits)
{
#if defined(__BMI__)
    return (uint32_t)__builtin_ia32_tzcnt_u64(bits);
#elif defined(__aarch64__)
    uint64_t lowest; /* of 0 it is 64, which the builtin function does not promise */
    __asm__("rbit %0, %1\n\tclz %0, %0" : "=r"(lowest) : "r"(bits));
    return (uint32_t)lowest;
#else
    return (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
#endif
}

static inline uint32_t *scan_store_ends(uint32_t *ends, uint64_t bits, uint32_t base)
{
    unsigned n = (unsigned)__builtin_popcountll(bits);
#pragma GCC unroll 4
    for (unsigned i = 0; i < 4; i++) {
        ends[i] = base + scan_lowest(bits);
        bits &= bits - 1;
    }
    if (__builtin_expect(n > 4, 0)) {
        for (unsigned i = 4; i < n; i++) {
            ends[i] = base + scan_lowest(bits);
            bits &= bits - 1;
        }
    }
    return ends + n;
}

/* The number of marks in data, 64 bytes at a time. */
#define SCAN_COUNT(name, mark)                                                                     \
    size_t name(const char *data, size_t size)                                                     \
    {                                                                                              \
        size_t n = 0, at = 0;                                                                      \
        for (; size - at >= 64; at += 64)                                                          \
            n += (size_t)__builtin_popcountll(mark(data + at));                                    \
        if (at < size)                                                                             \
            n += (size_t)__builtin_popcountll(mark(data + at) &                                    \
                                              ((UINT64_C(1) << (size - at)) - 1));                 \
        return n;                                                                                  \
    }

/* Whole blocks of 64 bytes, and the part of the last one that counts. */
#define SCAN_LINES(name, mark)                                                                     \
    size_t name(const char *data, size_t size, uint32_t *ends)                                     \
    {                                                                                              \
        uint32_t *end = ends;                                                                      \
        size_t at = 0;                                                                             \
        for (; at + 64 <= size; at += 64)                                                          \
            end = scan_store_ends(end, mark(data + at), (uint32_t)at);                             \
        if (at < size)                                                                             \
            end = scan_store_ends(end, mark(data + at) & ((UINT64_C(1) << (size - at)) - 1),       \
                                  (uint32_t)at);                                                   \
        return (size_t)(end - ends);                                                               \
    }

#endif
