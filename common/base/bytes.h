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

#endif
