/*
 * What the twins of edges.h share: from marks of 64 bytes to where runs begin and end, which is
 * where a mark differs from the one before.
 */
#ifndef COMMON_SCAN_EDGES_BITS_H
#define COMMON_SCAN_EDGES_BITS_H

#include "scan/edges.h"
#include "scan/scan_bits.h"

/* A bit for each of 64 bytes. */
struct edges_marks {
    uint64_t alnum; /* letters and digits, of ASCII as the next two */
    uint64_t underscore;
    uint64_t punctuation; /* ! to ; but digits, so all that may stand inside of words */
    uint64_t high;        /* not ASCII */
};

static inline int edges_is_letter(unsigned char byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

static inline int edges_is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Of punctuation between letters and digits, what does not end the word (WB6, 7, 11, 12). */
static inline uint64_t edges_inside(const char *data, uint64_t bits)
{
    uint64_t inside = 0;
    for (; bits; bits &= bits - 1) {
        unsigned i = (unsigned)__builtin_ctzll(bits);
        unsigned char before = (unsigned char)data[(int)i - 1], after = (unsigned char)data[i + 1];
        char byte = data[i];
        int is_stop = byte == '.' || byte == '\'';
        if (edges_is_letter(before) && edges_is_letter(after) ? is_stop || byte == ':'
            : edges_is_digit(before) && edges_is_digit(after)
                ? is_stop || byte == ',' || byte == ';'
                : 0)
            inside |= UINT64_C(1) << i;
    }
    return inside;
}

/* The bytes of runs; next: of the byte behind the 64, if it is part of the text, else 0. */
static inline uint64_t edges_words(const char *data, const struct edges_marks *marks,
                                   const struct edges_marks *before, unsigned char next)
{
    uint64_t punctuation = marks->punctuation;
    uint64_t words = marks->alnum | marks->underscore | marks->high;
    uint64_t after = (uint64_t)(edges_is_letter(next) || edges_is_digit(next)) << 63;
    uint64_t between =
        punctuation & (marks->alnum << 1 | before->alnum >> 63) & (marks->alnum >> 1 | after);
    uint64_t beside = punctuation & (marks->high << 1 | before->high >> 63 | marks->high >> 1 |
                                     (uint64_t)(next >> 7) << 63);
    if (__builtin_expect(between != 0, 0))
        words |= edges_inside(data, between);
    return words | beside;
}

/* Eight are stored whether they are there or not, since most blocks have twice as many. */
static inline uint32_t *edges_store(uint32_t *edges, uint64_t bits, uint32_t base)
{
    unsigned n = (unsigned)__builtin_popcountll(bits);
    for (unsigned i = 0; i < n; i += 8) {
#pragma GCC unroll 8
        for (unsigned j = 0; j < 8; j++) {
            edges[i + j] = base + scan_lowest(bits);
            bits &= bits - 1;
        }
    }
    return edges + n;
}

static inline uint64_t edges_first(size_t n)
{
    return n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

/* Runs of the bytes that mark says. */
#define EDGES_SIMPLE(name, mark)                                                                   \
    static size_t name(const char *data, size_t size, uint32_t *edges)                             \
    {                                                                                              \
        uint32_t *edge = edges;                                                                    \
        uint64_t before = 0;                                                                       \
        for (size_t at = 0; at < size; at += 64) {                                                 \
            uint64_t in = mark(data + at) & edges_first(size - at);                                \
            edge = edges_store(edge, in ^ (in << 1 | before >> 63), (uint32_t)at);                 \
            before = in;                                                                           \
        }                                                                                          \
        if ((edge - edges) % 2 == 1)                                                               \
            *edge++ = (uint32_t)size;                                                              \
        return (size_t)(edge - edges);                                                             \
    }

/* mark_all fills in a struct edges_marks. */
#define EDGES_UAX29(name, mark_all)                                                                \
    static size_t name(const char *data, size_t size, uint32_t *edges)                             \
    {                                                                                              \
        uint32_t *edge = edges;                                                                    \
        uint64_t in_before = 0;                                                                    \
        struct edges_marks before = {0}, marks;                                                    \
        for (size_t at = 0; at < size; at += 64, before = marks) {                                 \
            uint64_t first = edges_first(size - at);                                               \
            mark_all(data + at, &marks);                                                           \
            marks.alnum &= first;                                                                  \
            marks.underscore &= first;                                                             \
            marks.punctuation &= first;                                                            \
            marks.high &= first;                                                                   \
            unsigned char next = size - at > 64 ? (unsigned char)data[at + 64] : 0;                \
            uint64_t in = edges_words(data + at, &marks, &before, next);                           \
            edge = edges_store(edge, in ^ (in << 1 | in_before >> 63), (uint32_t)at);              \
            in_before = in;                                                                        \
        }                                                                                          \
        if ((edge - edges) % 2 == 1)                                                               \
            *edge++ = (uint32_t)size;                                                              \
        return (size_t)(edge - edges);                                                             \
    }

#define EDGES(variant, mark_all, mark_letters, mark_filled)                                        \
    EDGES_UAX29(find_uax29, mark_all)                                                              \
    EDGES_SIMPLE(find_letters, mark_letters)                                                       \
    EDGES_SIMPLE(find_filled, mark_filled)                                                         \
    const struct edges variant = {{[TOKEN_UAX29] = find_uax29,                                     \
                                   [TOKEN_LETTERS] = find_letters,                                 \
                                   [TOKEN_BLANKS] = find_filled}};

#endif
