/*
 * What Unicode says of a code point, as far as words and their normalization ask: a record of 24
 * bits, out of tables that unicode_tables.py makes of the character database.
 *
 *     | combining class, 8 bits | flags, 8 | word break property, 8 |
 */
#ifndef COMMON_TEXT_UNICODE_H
#define COMMON_TEXT_UNICODE_H

#include <stddef.h>
#include <stdint.h>

/* Word_Break (UAX #29, table 3), and letters of scripts that it leaves to dictionaries. */
enum unicode_break {
    BREAK_OTHER,
    BREAK_CR,
    BREAK_LF,
    BREAK_NEWLINE,
    BREAK_EXTEND,
    BREAK_ZWJ,
    BREAK_FORMAT,
    BREAK_REGIONAL_INDICATOR,
    BREAK_KATAKANA,
    BREAK_HEBREW_LETTER,
    BREAK_ALETTER,
    BREAK_SINGLE_QUOTE,
    BREAK_DOUBLE_QUOTE,
    BREAK_MIDNUMLET,
    BREAK_MIDLETTER,
    BREAK_MIDNUM,
    BREAK_NUMERIC,
    BREAK_EXTENDNUMLET,
    BREAK_WSEGSPACE,
    BREAK_COMPLEX_CONTEXT, /* letters of Line_Break SA: Thai, Lao, Khmer, Burmese, ... */
    BREAK_N
};

enum unicode_flag {
    UNICODE_LETTER = 1 << 8,       /* categories L* */
    UNICODE_NUMBER = 1 << 9,       /* N* */
    UNICODE_MARK = 1 << 10,        /* M* */
    UNICODE_BLANK = 1 << 11,       /* White_Space */
    UNICODE_PICTOGRAPH = 1 << 12,  /* Extended_Pictographic */
    UNICODE_SOFT_HYPHEN = 1 << 13, /* U+00AD */
    UNICODE_NFC_MAYBE = 1 << 14,   /* NFC_Quick_Check */
    UNICODE_NFC_NO = 1 << 15
};

#define UNICODE_BLOCK_SIZE 128

/* Where in unicode_plain the words of UTF-8 of three bytes are; those of two are before them. */
#define UNICODE_PLAIN_3 32

extern const char unicode_version[];
extern const uint32_t unicode_records[];
extern const uint16_t unicode_blocks[];
extern const uint8_t unicode_numbers[];

/*
 * Plain are the letters and marks that most are: ALetter, or Extend of combining class 0, and
 * nothing else is said of them. Bit i of the word of the bytes before is that of the last byte,
 * 0x80 + i. Overlong forms and surrogates are not plain, nor is ASCII, which is not in it.
 */
extern const uint64_t unicode_plain[];

/* Of a code point, at most 0x10FFFF. */
static inline uint32_t unicode_record(uint32_t point)
{
    size_t block = unicode_blocks[point / UNICODE_BLOCK_SIZE];
    return unicode_records[unicode_numbers[block * UNICODE_BLOCK_SIZE +
                                           point % UNICODE_BLOCK_SIZE]];
}

static inline enum unicode_break unicode_break(uint32_t record)
{
    return (enum unicode_break)(record & 0xFF);
}

static inline unsigned unicode_combining_class(uint32_t record)
{
    return record >> 16;
}

static inline int utf8_is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/*
 * The code point at `at`, before end. Returns its bytes, or 0: these are no UTF-8, which is without
 * surrogates, overlong forms and what is over U+10FFFF.
 */
static inline size_t utf8_decode(const char *at, const char *end, uint32_t *point)
{
    const unsigned char *in = (const unsigned char *)at;
    size_t left = (size_t)(end - at);
    if (in[0] < 0x80) {
        *point = in[0];
        return 1;
    }
    if (left >= 2 && in[0] >= 0xC2 && in[0] < 0xE0 && utf8_is_tail(in[1])) {
        *point = (uint32_t)(in[0] & 0x1F) << 6 | (in[1] & 0x3F);
        return 2;
    }
    if (left >= 3 && (in[0] & 0xF0) == 0xE0 && utf8_is_tail(in[1]) && utf8_is_tail(in[2])) {
        *point = (uint32_t)(in[0] & 0x0F) << 12 | (uint32_t)(in[1] & 0x3F) << 6 | (in[2] & 0x3F);
        return *point >= 0x800 && (*point & 0xF800) != 0xD800 ? 3 : 0;
    }
    if (left >= 4 && (in[0] & 0xF8) == 0xF0 && utf8_is_tail(in[1]) && utf8_is_tail(in[2]) &&
        utf8_is_tail(in[3])) {
        *point = (uint32_t)(in[0] & 0x07) << 18 | (uint32_t)(in[1] & 0x3F) << 12 |
                 (uint32_t)(in[2] & 0x3F) << 6 | (in[3] & 0x3F);
        return *point >= 0x10000 && *point < 0x110000 ? 4 : 0;
    }
    return 0;
}

#endif
