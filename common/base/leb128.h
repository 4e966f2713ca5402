/* Numbers in as few bytes as they need: seven bits in each, the lowest first (LEB128). */
#ifndef COMMON_BASE_LEB128_H
#define COMMON_BASE_LEB128_H

#include <stddef.h>
#include <stdint.h>

/* Returns where it ends. */
static inline unsigned char *leb128_write(unsigned char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

/* Returns where it ends; NULL: no number of 64 bits stands here. */
static inline const unsigned char *leb128_read(const unsigned char *at, const unsigned char *end,
                                               uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        uint64_t bits = *at & 0x7F;
        if (shift == 63 && bits > 1)
            return NULL;
        sum |= bits << shift;
        if (*at++ < 0x80) {
            *value = sum;
            return at;
        }
    }
    return NULL;
}

#endif
