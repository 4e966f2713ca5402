/*
 * The two numbers of a record, eight bytes at a time in a 64-bit word (SWAR; after Lemire, "Quickly
 * parsing eight digits", 2018): is this a year, and which short number is that?
 */
#ifndef COMMON_SCAN_DIGITS_H
#define COMMON_SCAN_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Bytes up to and with the first TAB of the line; 0 if it has none. */
static inline size_t digits_after_tab(const char *line, const char *end)
{
    for (const char *at = line; at < end; at += 8) {
        uint64_t x = load_le64(at) ^ EACH_BYTE('\t');
        uint64_t tabs = (x - EACH_BYTE(1)) & ~x & EACH_BYTE(0x80);
        if (tabs) {
            at += __builtin_ctzll(tabs) / 8 + 1;
            return at <= end ? (size_t)(at - line) : 0;
        }
    }
    return 0;
}

/* 0 if four digits and a TAB stand here. */
static inline uint64_t digits_bad_year(const char *year)
{
    uint64_t x = load_le64(year) ^ 0x0930303030;
    return (x | (x + 0x76767676)) & 0xFF80808080;
}

/* How often lanes can be added up. */
#define DIGITS_LANES_MAX (UINT16_MAX / 99)

/*
 * One to seven digits before a TAB, as four numbers of two digits in 16 bits each, the first two
 * digits lowest; such lanes can be added up DIGITS_LANES_MAX times. *bad is not 0 if there is no
 * such number.
 */
static inline uint64_t digits_short(const char *text, uint64_t *bad)
{
    uint64_t x = load_le64(text);
    uint64_t digits = x ^ EACH_BYTE('0');
    /* The first byte that is no digit is marked; a carry may mark later ones wrongly. */
    uint64_t others = ((digits + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
    unsigned at = (unsigned)__builtin_ctzll(others | UINT64_C(1) << 63);
    *bad |= (others & 0x80) | (((x >> (at - 7)) & 0xFF) ^ '\t');
    digits <<= (71 - at) & 63;
    return (digits * 2561 >> 8) & 0x00FF00FF00FF00FF;
}

/* The sum of the numbers whose lanes were added up. */
static inline uint64_t digits_lanes_sum(uint64_t lanes)
{
    return (lanes & 0xFFFF) * 1000000 + (lanes >> 16 & 0xFFFF) * 10000 +
           (lanes >> 32 & 0xFFFF) * 100 + (lanes >> 48);
}

/*
 * The lanes of one to seven digits at text, *size of them. *bad is not 0 if there are none, or it
 * may be that text[*size] is one more: whoever calls looks at that byte.
 */
static inline uint64_t digits_lanes(const char *text, unsigned *size, uint64_t *bad)
{
    uint64_t digits = load_le64(text) ^ EACH_BYTE('0');
    uint64_t others = ((digits + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
    unsigned at = (unsigned)__builtin_ctzll(others | UINT64_C(1) << 63);
    *bad |= others & 0x80;
    *size = at / 8;
    digits <<= (71 - at) & 63;
    return (digits * 2561 >> 8) & 0x00FF00FF00FF00FF;
}

/* The same where a TAB or the end of the line follows, with or without a CR; else *bad is not 0. */
static inline uint64_t digits_ended(const char *text, const char *end, uint64_t *bad)
{
    unsigned size;
    uint64_t lanes = digits_lanes(text, &size, bad);
    const char *behind = text + size;
    *bad |= !(behind == end || (behind < end && *behind == '\t') ||
              (behind + 1 == end && *behind == '\r'));
    return lanes;
}

/* Four digits as a number. */
static inline uint32_t digits_year(const char *year)
{
    uint32_t n = 0;
    for (int i = 0; i < 4; i++)
        n = n * 10 + (uint32_t)(unsigned char)year[i] - '0';
    return n;
}

/* The four digits of a year up to 9999, the first one highest. */
static inline uint32_t digits_of_year(uint32_t year)
{
    return (year / 1000 << 24 | year / 100 % 10 << 16 | year / 10 % 10 << 8 | year % 10) +
           0x30303030;
}

#endif
