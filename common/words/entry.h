/*
 * A word and its count, as tables and runs have them: one after the other, each in whole pieces of
 * 8 bytes.
 *
 *     | hash | count | size | key, zeros up to 8 bytes | more counts | hash | count | ...
 *
 * All entries of a job have as many counts; most have one alone. In jobs by year or decade they may
 * have a series instead: see words/series.h.
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
    uint32_t size : 28;  /* bytes of key */
    uint32_t n_more : 4; /* counts behind the key */
    char key[];
};

#define ENTRY_MORE_MAX 3
/* As n_more: a series is behind the key, of as many bytes as hash ends with. */
#define ENTRY_SERIES 15

/* What the n counts of words are, by the numbers of enum ngram_value; n 0: that is not known. And
 * what they are counted by, and have behind them: a number of enum ngram_by. */
struct entry_values {
    unsigned n;
    unsigned char value[1 + ENTRY_MORE_MAX];
    unsigned char by;
};

static inline int entry_values_are_equal(const struct entry_values *a, const struct entry_values *b)
{
    return a->by == b->by && a->n == b->n && (a->n <= 1 || memcmp(a->value, b->value, a->n) == 0);
}

static inline void entry_set_size(struct entry *entry, uint32_t size)
{
    entry->size = size & 0xFFFFFFF;
}

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

/* What a word has that no line has. It changes no count that it is reduced with. */
static inline uint64_t reduce_none(enum reduce_op op)
{
    return op == REDUCE_MIN ? UINT64_MAX : 0;
}

/* Bytes that an entry with a key of size bytes and one count takes. */
static inline size_t entry_stride(uint32_t size)
{
    return (offsetof(struct entry, key) + (size_t)size + 7) & ~(size_t)7;
}

/* Those of an entry, whatever it has. */
static inline size_t entry_bytes(const struct entry *entry)
{
    size_t more = entry->n_more == ENTRY_SERIES ? (uint32_t)entry->hash : 8 * (size_t)entry->n_more;
    return entry_stride(entry->size) + more;
}

/* What all entries of a run have behind their keys, as one of them says; or that it varies. */
#define ENTRY_VARIES SIZE_MAX

static inline size_t entry_more_of_all(const struct entry *entry)
{
    return entry->n_more == ENTRY_SERIES ? ENTRY_VARIES : 8 * (size_t)entry->n_more;
}

/* The bytes of an entry where that is known; and where the one behind it is. */
static inline size_t entry_bytes_with(const struct entry *entry, size_t more)
{
    return more == ENTRY_VARIES ? entry_bytes(entry) : entry_stride(entry->size) + more;
}

static inline const struct entry *entry_behind(const struct entry *entry, size_t more)
{
    return (const struct entry *)((const char *)entry + entry_bytes_with(entry, more));
}

/* The counts behind the first. */
static inline uint64_t *entry_more(struct entry *entry)
{
    return (uint64_t *)(void *)((char *)entry + entry_stride(entry->size));
}

/* Count number i, from 0. */
static inline uint64_t entry_count(const struct entry *entry, unsigned i)
{
    const char *more = (const char *)entry + entry_stride(entry->size);
    return i == 0 ? entry->count : ((const uint64_t *)(const void *)more)[i - 1];
}

/* All of them, in a row. */
static inline void entry_counts(const struct entry *entry, uint64_t counts[1 + ENTRY_MORE_MAX])
{
    for (unsigned i = 0; i <= entry->n_more; i++)
        counts[i] = entry_count(entry, i);
}

/* Sets all of them to what a word has that no line has. */
static inline void entry_set_none(enum reduce_op op, struct entry *entry)
{
    entry->count = reduce_none(op);
    for (unsigned i = 0; i < entry->n_more; i++)
        entry_more(entry)[i] = entry->count;
}

/* Adds to all of them. 0 or CODE_OVERFLOW. */
static inline int entry_add_counts(enum reduce_op op, struct entry *entry, const uint64_t *counts)
{
    int rc = reduce_count(op, &entry->count, counts[0]);
    for (unsigned i = 0; i < entry->n_more && rc == 0; i++)
        rc = reduce_count(op, &entry_more(entry)[i], counts[i + 1]);
    return rc;
}

/* Adds the counts of another entry of the same word. 0 or CODE_OVERFLOW. */
static inline int entry_add(enum reduce_op op, struct entry *entry, const struct entry *other)
{
    uint64_t counts[1 + ENTRY_MORE_MAX];
    entry_counts(other, counts);
    return entry_add_counts(op, entry, counts);
}

static inline const struct entry *entry_next(const struct entry *entry)
{
    return (const struct entry *)((const char *)entry + entry_bytes(entry));
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
#define KEY_SIZE_SHORT 16

static inline int keys_are_equal(const char *a, const char *b, size_t size)
{
    if (size > KEY_SIZE_SHORT)
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
