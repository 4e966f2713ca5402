/* Decimal numbers of 64 bits, as text. */
#ifndef COMMON_BASE_NUMBER_H
#define COMMON_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

/* The most bytes a number takes. */
#define NUMBER_SIZE_MAX 20

/*
 * Reads all of [data, data + size) as an unsigned decimal number: 0, or -1 if it is empty, has a
 * byte that is no digit, or passes 64 bits.
 */
int number_read(const char *data, size_t size, uint64_t *value);

/* Writes value in decimal, without a NUL. Returns the bytes written. */
size_t number_write(char *out, uint64_t value);

/* 00 to 99, two digits each. */
extern const char number_pairs[201];

/* Of numbers below NUMBER_SHORT_END:
 * their digits, the first one lowest, and above them how many. */
#define NUMBER_SHORT_END 1000
extern const uint32_t number_shorts[NUMBER_SHORT_END];

/* The digits of a number below 100,000,000, a byte each: the first, which may be 0, is the lowest.
 * Two halves, then four quarters, then eight digits are divided at a time. */
static inline uint64_t number_digits(uint32_t value)
{
    uint64_t halves = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = (halves * 10486 >> 20) & UINT64_C(0x7F0000007F);
    uint64_t pairs = hundreds | (halves - 100 * hundreds) << 16;
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0xF000F000F000F);
    return tens | (pairs - 10 * tens) << 8;
}

/* As number_write, sooner for short numbers, and without a branch on how many digits they have.
 * Eight bytes may be overwritten. */
static inline size_t number_put(char *out, uint64_t value)
{
    if (value < NUMBER_SHORT_END) {
        store_le32(out, number_shorts[value]);
        return number_shorts[value] >> 24;
    }
    if (value >= 100000000)
        return number_write(out, value);
    uint64_t digits = number_digits((uint32_t)value);
    unsigned n_zeros = (unsigned)__builtin_ctzll(digits) / 8;
    store_le64(out, (digits | EACH_BYTE('0')) >> (8 * n_zeros));
    return 8 - n_zeros;
}

/* A number of exactly four digits. */
static inline char *number_put_four(char *out, uint32_t value)
{
    memcpy(out, number_pairs + 2 * (value / 100), 2);
    memcpy(out + 2, number_pairs + 2 * (value % 100), 2);
    return out + 4;
}

#endif
