/*
 * Letters of ASCII up to eight at a time; the rest one by one, by a table of rows, of which there
 * are some 200.
 */
#include "filter/fold.h"

#include <utf8proc.h>

#include "base/bytes.h"

struct fold_row {
    uint32_t first, last, step;
    int32_t difference;
};

#include "filter/fold_table.h"

/* Sets bit 5 of each byte from A to Z; all bytes are ASCII, so no sum passes its byte. */
static uint64_t fold_ascii(uint64_t bytes)
{
    uint64_t from_a = bytes + EACH_BYTE(0x80 - 'A');
    uint64_t after_z = bytes + EACH_BYTE(0x80 - 'Z' - 1);
    return bytes | ((from_a & ~after_z & EACH_BYTE(0x80)) >> 2);
}

uint32_t fold_point(uint32_t point)
{
    size_t low = 0, high = sizeof fold_rows / sizeof *fold_rows;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct fold_row *row = &fold_rows[middle];
        if (point < row->first)
            high = middle;
        else if (point > row->last)
            low = middle + 1;
        else
            return (point - row->first) % row->step == 0 ? point + (uint32_t)row->difference
                                                         : point;
    }
    return point;
}

/* One code point or, if there is none, one byte. */
static size_t fold_one(char *out, const char *at, size_t left, size_t *size)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)left, &point);
    if (n <= 0) {
        *out = *at;
        *size = 1;
        return 1;
    }
    *size = (size_t)n;
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)fold_point((uint32_t)point),
                                        (utf8proc_uint8_t *)out);
}

/* 0xFF for each of n bytes, 7 at most. */
static inline uint64_t first_bytes(size_t n)
{
    return ~(UINT64_MAX << (8 * n));
}

void fold_case_ascii(char *text, uint32_t size)
{
    uint32_t at = 0;
    for (; at + 8 <= size; at += 8)
        store_le64(text + at, fold_ascii(load_le64(text + at)));
    uint64_t bytes = load_le64(text + at), mask = first_bytes(size - at);
    store_le64(text + at, fold_ascii(bytes & mask) | (bytes & ~mask));
}

/* Each byte is 0x80 at least where what was looked at is ASCII, but not this. */
static inline uint64_t differs(uint64_t bytes, unsigned char byte)
{
    return (bytes ^ EACH_BYTE(byte)) + EACH_BYTE(0x7F);
}

struct seen {
    uint64_t all, no_underscore, no_other;
};

static inline void look_at(struct seen *seen, uint64_t bytes)
{
    seen->all |= bytes;
    seen->no_underscore &= differs(bytes, '_');
    seen->no_other &= differs(bytes, ' ') & differs(bytes, '=');
}

unsigned fold_look(const char *text, uint32_t size)
{
    struct seen seen = {0, UINT64_MAX, UINT64_MAX};
    uint32_t at = 0;
    for (; at + 8 <= size; at += 8)
        look_at(&seen, load_le64(text + at));
    look_at(&seen, load_le64(text + at) & first_bytes(size - at));
    if (seen.all & EACH_BYTE(0x80))
        return FOLD_OTHER;
    return (~seen.no_underscore & EACH_BYTE(0x80) ? FOLD_UNDERSCORE : 0) |
           (~seen.no_other & EACH_BYTE(0x80) ? FOLD_SEVERAL : 0);
}

uint32_t fold_case(char *out, const char *word, uint32_t size)
{
    const char *at = word, *end = word + size;
    char *to = out;
    while (at < end) {
        size_t left = (size_t)(end - at), n = left < 8 ? left : 8;
        uint64_t bytes = load_some(at, n), others = bytes & EACH_BYTE(0x80);
        if (others != 0)
            n = (size_t)__builtin_ctzll(others) / 8;
        if (n > 0) {
            store_le64(to, fold_ascii(bytes & ~EACH_BYTE(0x80)));
            to += n;
        } else {
            to += fold_one(to, at, left, &n);
        }
        at += n;
    }
    return (uint32_t)(to - out);
}
