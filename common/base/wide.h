/* Numbers of 128 bits, for sums of counts, which have 64 bits each. */
#ifndef COMMON_BASE_WIDE_H
#define COMMON_BASE_WIDE_H

#include <stdint.h>

typedef unsigned __int128 wide;

/* From two halves, the higher first, and to them. */
static inline wide wide_of(const uint64_t halves[2])
{
    return (wide)halves[0] << 64 | halves[1];
}

static inline void wide_split(wide value, uint64_t halves[2])
{
    halves[0] = (uint64_t)(value >> 64);
    halves[1] = (uint64_t)value;
}

#endif
