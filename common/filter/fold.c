/*
 * Letters of ASCII up to eight at a time; the rest one by one, by a table of rows, of which there
 * are some 200.
 */
#include "filter/fold.h"

#include <string.h>
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

int fold_case_ascii(char *out, const char *word, uint32_t size)
{
    uint64_t last = load_some(word + (size < 8 ? 0 : size - 8), size), all = last;
    for (uint32_t at = 0; at + 8 < size; at += 8) {
        uint64_t bytes = load_le64(word + at);
        store_le64(out + at, fold_ascii(bytes & ~EACH_BYTE(0x80)));
        all |= bytes;
    }
    store_le64(out + (size < 8 ? 0 : size - 8), fold_ascii(last & ~EACH_BYTE(0x80)));
    return (all & EACH_BYTE(0x80)) == 0;
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
