/*
 * How words are put in order: every word gets a 64-bit order key, and only words with equal keys
 * are looked at further. By word, the key is the first 8 bytes, big-endian; by count, the count's
 * complement; by period it is that, and then the count's complement. Sorting is a
 * least-significant-digit radix sort of the keys, or a merge if they are sorted pieces, then the
 * same again on the next 8 bytes within each group of equal keys (caching multikey sort: Ng and
 * Kakehi, "Cache efficient radix sort for string sorting", 2007).
 */
#ifndef COMMON_WORDS_ORDER_H
#define COMMON_WORDS_ORDER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "words/entry.h"

enum order {
    ORDER_WORD,
    ORDER_COUNT,  /* the largest first */
    ORDER_HASH,   /* of runs, if words belong together that are apart in the order of words */
    ORDER_PERIOD, /* by the year or decade behind the word, then as ORDER_COUNT */
};

struct order_item {
    uint64_t key;
    const struct entry *entry;
};

/* By their bytes: negative, 0 or positive as a goes before, is equal to, or goes after b. */
static inline int order_words(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* Bytes [depth, depth + 8) of the word as a big-endian number, zeros after its end. */
static inline uint64_t order_prefix(const struct entry *entry, size_t depth)
{
    if (depth >= entry->size)
        return 0;
    uint64_t prefix = __builtin_bswap64(load_le64(entry->key + depth));
    size_t left = entry->size - depth;
    return left >= 8 ? prefix : prefix & ~(UINT64_MAX >> (8 * left));
}

/* The first 8 bytes of a word that is not in an entry yet. */
static inline uint64_t order_key_of(const char *word, size_t size)
{
    return __builtin_bswap64(load_some(word, size));
}

/* order_key, but by word. */
uint64_t order_key_other(enum order order, const struct entry *entry);

static inline uint64_t order_key(enum order order, const struct entry *entry)
{
    return order == ORDER_WORD ? order_prefix(entry, 0) : order_key_other(order, entry);
}

/* The same of entries, in the order that is asked for. */
int order_compare(enum order order, const struct entry *a, const struct entry *b);

/*
 * Sorts n items, their keys already set, with scratch for n more. Keys change, but those of equal
 * words are equal afterwards. Entries must be followed by 8 readable bytes. The same word may be
 * there many times.
 */
void order_sort(enum order order, struct order_item *items, struct order_item *scratch, size_t n);

#endif
