/*
 * A word and its count, as tables and runs have them: one after the other, each in whole pieces of
 * 8 bytes.
 *
 *     | hash | count | size | key, zeros up to 8 bytes | hash | count | ...
 */
#ifndef COMMON_WORDS_ENTRY_H
#define COMMON_WORDS_ENTRY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/code.h"

#define WORD_SIZE_MAX 65536               /* bytes; longer words are bad lines */
#define KEY_SIZE_MAX (WORD_SIZE_MAX + 21) /* of a word with TAB and year */

struct entry {
    uint64_t hash; /* in a ranked run: its standing instead, see output/columns.h */
    uint64_t count;
    uint32_t size; /* bytes of key */
    char key[];
};

/* How the counts of a word become one. */
enum reduce_op { REDUCE_SUM, REDUCE_MIN, REDUCE_MAX };

/* 0, or CODE_OVERFLOW: the sum passes 64 bits, and nothing has changed. */
static inline int reduce_count(enum reduce_op op, uint64_t *count, uint64_t more)
{
    uint64_t sum = *count;
    if (__builtin_expect(op != REDUCE_SUM, 0))
        sum = (op == REDUCE_MIN) == (more < sum) ? more : sum;
    else if (__builtin_add_overflow(sum, more, &sum))
        return CODE_OVERFLOW;
    *count = sum;
    return 0;
}

/* Bytes that an entry with a key of size bytes takes. */
static inline size_t entry_stride(uint32_t size)
{
    return (offsetof(struct entry, key) + (size_t)size + 7) & ~(size_t)7;
}

static inline const struct entry *entry_next(const struct entry *entry)
{
    return (const struct entry *)((const char *)entry + entry_stride(entry->size));
}

/* Whether the first and the last 4 bytes are equal, or 8. */
static inline int ends_are_equal_4(const char *a, const char *b, size_t size)
{
    uint32_t x[4];
    memcpy(&x[0], a, 4);
    memcpy(&x[1], b, 4);
    memcpy(&x[2], a + size - 4, 4);
    memcpy(&x[3], b + size - 4, 4);
    return ((x[0] ^ x[1]) | (x[2] ^ x[3])) == 0;
}

static inline int ends_are_equal_8(const char *a, const char *b, size_t size)
{
    return ((load_le64(a) ^ load_le64(b)) | (load_le64(a + size - 8) ^ load_le64(b + size - 8))) ==
           0;
}

/* Most keys are short, and are compared sooner than memcmp is called. */
static inline int keys_are_equal(const char *a, const char *b, size_t size)
{
    if (size > 16)
        return memcmp(a, b, size) == 0;
    if (size >= 8)
        return ends_are_equal_8(a, b, size);
    if (size >= 4)
        return ends_are_equal_4(a, b, size);
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

#endif
