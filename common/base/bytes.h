/* Bytes as one number, the lowest first, and bytes put one behind the other. */
#ifndef COMMON_BASE_BYTES_H
#define COMMON_BASE_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Eight times the same byte. */
#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t load_le64(const void *data)
{
    uint64_t value;
    memcpy(&value, data, sizeof value);
    return le64toh(value);
}

static inline uint32_t load_le32(const void *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return le32toh(value);
}

static inline void store_le64(void *out, uint64_t value)
{
    value = htole64(value);
    memcpy(out, &value, sizeof value);
}

static inline void store_le32(void *out, uint32_t value)
{
    value = htole32(value);
    memcpy(out, &value, sizeof value);
}

/* Copies a string without its NUL. Returns where it ends. */
static inline char *bytes_put(char *at, const char *string)
{
    size_t size = strlen(string);
    memcpy(at, string, size);
    return at + size;
}

/* The first n bytes, 8 at most, as a number, the first one lowest; no other is read. */
static inline uint64_t load_some(const char *at, size_t n)
{
    if (n >= 8)
        return load_le64(at);
    if (n >= 4)
        return load_le32(at) | (uint64_t)load_le32(at + n - 4) << (8 * (n - 4));
    if (n == 0)
        return 0;
    return (unsigned char)at[0] | (uint64_t)(unsigned char)at[n / 2] << (8 * (n / 2)) |
           (uint64_t)(unsigned char)at[n - 1] << (8 * (n - 1));
}

/*
 * As memcpy, sooner for some bytes, since nothing depends on their number but how often 8 of them
 * are moved. Up to 8 behind the copy may be overwritten.
 */
static inline void bytes_copy(char *to, const char *from, size_t size)
{
    if (size < 8) {
        store_le64(to, load_some(from, size));
    } else if (size > 64) {
        memcpy(to, from, size);
    } else {
        for (size_t at = 0; at < size - 8; at += 8)
            memcpy(to + at, from + at, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    }
}

#endif
