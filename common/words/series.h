/*
 * The counts of a word in many periods, which are years or decades. They are points while they are
 * worked with. In an entry they are packed behind the key, which is the word and a TAB.
 *
 *     | hash: what is behind the key | count: the first period | size | word, TAB, zeros up to 8 |
 *     | counts, 1, 2, 4 or 8 bytes each | the other periods | zeros up to 8 |
 *
 * Periods ascend, and none is there twice. They are offsets from the first of 1 or 2 bytes, or bits
 * for all that there might be, or whole numbers: whatever is shortest. The same word may have
 * several entries.
 */
#ifndef COMMON_WORDS_SERIES_H
#define COMMON_WORDS_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "words/entry.h"

/* Periods of an entry; more of a word are in another. */
#define SERIES_MAX 1024

/* Bytes that one with so many takes behind its key, at most. */
#define SERIES_SIZE_MAX(n) (16 * (size_t)(n))

struct points {
    uint64_t *periods, *counts; /* n of them, with room for capacity */
    size_t n;
    size_t capacity;
};

void points_release(struct points *points);

/* Room for n points; those there are stay. 0 or CODE_NOMEM (unchanged). */
int points_reserve(struct points *points, size_t n);

/*
 * Puts points in ascending order and adds up those of the same period. 0 or CODE_OVERFLOW: the sum
 * of *period passes 64 bits, and the points are useless. CODE_NOMEM is possible only if periods
 * are far apart.
 */
int points_combine(struct points *points, uint64_t *period);

/* Puts ascending periods in the order of the bytes of their decimal numbers. 0 or CODE_NOMEM. */
int points_sort_as_text(struct points *points);

/*
 * Packs ascending points, 1 to SERIES_MAX of them, behind an entry whose size and key are set.
 * There is room for SERIES_SIZE_MAX(n) bytes. entry_bytes says what it takes.
 */
void series_pack(struct entry *entry, const uint64_t *periods, const uint64_t *counts, size_t n);

/* How many periods an entry has. */
size_t series_n(const struct entry *entry);

/* Appends those of the entry to points, which has room for them. */
void series_unpack(const struct entry *entry, struct points *points);

#endif
