/*
 * The private hash table a task combines words into. Entries are appended one after the other to a
 * dense buffer, in the format runs have; an open-addressing index of offsets finds them. The index
 * holds 32 bits of the hash beside the offset, so a probe reads an entry only when it is likely to
 * match. The key is always compared in full.
 *
 *     index:    | tag, offset | 0 | 0 | tag, offset | ...      (linear probing)
 *     entries:  | hash | count | size | key, zeros up to 8 bytes | hash | count | ...
 */
#ifndef COMMON_WORDS_TABLE_H
#define COMMON_WORDS_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "words/entry.h"

/* As far as the offsets of slots reach. */
#define TABLE_CAPACITY_MAX (8 * (uint64_t)(UINT32_MAX - 1))

struct table_slot {
    uint32_t tag;
    uint32_t offset; /* of the entry, in units of 8 bytes, plus 1; 0: empty */
};

struct table {
    struct table_slot *slots;
    uint32_t n_slots; /* a power of 2 */
    uint32_t n_entries;
    uint32_t n_entries_max; /* more are refused with TABLE_FULL */
    unsigned char *entries;
    size_t size;     /* bytes of entries in use */
    size_t limit;    /* more are refused with TABLE_FULL */
    size_t capacity; /* of the memory; limit is never more */
    enum reduce_op reduce;
    unsigned n_more; /* counts of an entry behind the first; set while it is empty */
    int is_list;     /* without the index: entries are only appended; set while it is empty */
    uint32_t longest_probe; /* slots that a word was put away from its own, the most there were */
};

enum { TABLE_FULL = 1 };

/* Inline, since most words are short and the call would cost as much. */
static inline uint64_t table_hash(const char *key, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(key, size, seed);
}

/*
 * A table that takes n_entries_max entries of together limit bytes. Its owner may raise limit up to
 * capacity, and set reduce while it is empty. 0 or CODE_NOMEM. Pages are only used once they are
 * written to.
 */
int table_init(struct table *table, uint32_t n_entries_max, size_t limit, size_t capacity);
void table_release(struct table *table);

/* Forgets all entries. */
void table_clear(struct table *table);

/* The same, and gives their memory back to the system until it is written to again. */
void table_drop(struct table *table);

/*
 * Adds the counts, 1 + table->n_more, to the word's, or does what table->reduce says. 0; TABLE_FULL
 * (the table is unchanged: write it out or grow it); CODE_OVERFLOW (a sum passes 64 bits; that one
 * is unchanged).
 */
int table_add_counts(struct table *table, uint64_t hash, const char *key, uint32_t size,
                     const uint64_t *counts);

/* The same of a table whose words have one count. */
static inline int table_add(struct table *table, uint64_t hash, const char *key, uint32_t size,
                            uint64_t count)
{
    const uint64_t counts[1 + ENTRY_MORE_MAX] = {count};
    return table_add_counts(table, hash, key, size, counts);
}

/* A part of table_append: the counts of a new entry behind the first. */
void table_set_more(struct entry *entry, const uint64_t *counts);

/* Of a list: the new entry behind the others, with as many counts, or NULL if it is full. take_back
 * undoes the last. */
static inline struct entry *table_append(struct table *table, uint64_t hash, const char *key,
                                         uint32_t size, const uint64_t *counts)
{
    size_t key_end = entry_stride(size), stride = key_end + 8 * (size_t)table->n_more;
    if (table->n_entries == table->n_entries_max || stride > table->limit - table->size)
        return NULL;
    struct entry *entry = (struct entry *)(void *)(table->entries + table->size);
    memset((char *)entry + key_end - 8, 0, 8);
    *entry = (struct entry){
        .hash = hash, .count = *counts, .size = size & 0xFFFFFFF, .n_more = table->n_more & 15};
    bytes_copy(entry->key, key, size);
    if (table->n_more > 0)
        table_set_more(entry, counts);
    table->size += stride;
    table->n_entries++;
    return entry;
}

/* An entry of the table as one that may be changed. */
static inline struct entry *table_own(struct table *table, const struct entry *entry)
{
    ptrdiff_t at = (const unsigned char *)entry - table->entries;
    return (struct entry *)(void *)(table->entries + at);
}

void table_take_back(struct table *table, const struct entry *entry);

/*
 * The steps of table_add for whoever has many words: asks for the word's slot, some words later for
 * its entry, and adds it some words after that, so that misses of the cache overlap (Chen et al.,
 * "Improving hash join performance through prefetching", 2004: software-pipelined prefetching).
 */
static inline void table_prefetch(const struct table *table, uint64_t hash)
{
    __builtin_prefetch(&table->slots[(uint32_t)hash & (table->n_slots - 1)]);
}

/* Where table_add_at may find the word. */
static inline uint32_t table_guess(const struct table *table, uint64_t hash, uint32_t size)
{
    uint32_t mask = table->n_slots - 1, i = (uint32_t)hash & mask;
    while (table->slots[i].offset && table->slots[i].tag != (uint32_t)(hash >> 32))
        i = (i + 1) & mask;
    /* An entry is 8 bytes before the place that its offset is, which counts from 1. */
    const unsigned char *place = table->entries + (size_t)table->slots[i].offset * 8;
    __builtin_prefetch(place + offsetof(struct entry, count) - 8, 1);
    __builtin_prefetch(place + offsetof(struct entry, key) - 8 + size);
    return i;
}

/* As table_add_counts, sooner if the guess was right. The table may have changed since. */
static inline int table_add_at(struct table *table, uint32_t guess, uint64_t hash, const char *key,
                               uint32_t size, const uint64_t *counts)
{
    const struct table_slot *slot = &table->slots[guess];
    if (slot->offset) {
        size_t at = (size_t)(slot->offset - 1) * 8;
        struct entry *entry = (struct entry *)(void *)(table->entries + at);
        if (entry->size == size && keys_are_equal(entry->key, key, size))
            return entry_add_counts(table->reduce, entry, counts);
    }
    return table_add_counts(table, hash, key, size, counts);
}

/* The word's entry, or NULL. */
const struct entry *table_find(const struct table *table, uint64_t hash, const char *key,
                               uint32_t size);

/* Doubles n_entries_max. 0 or CODE_NOMEM (the table is unchanged). */
int table_grow(struct table *table);

/*
 * Raises limit to size bytes of entries, at least, in an empty table. 0 or CODE_NOMEM (unchanged),
 * also for more than TABLE_CAPACITY_MAX.
 */
int table_reserve(struct table *table, size_t size);

static inline const struct entry *table_first(const struct table *table)
{
    return (const struct entry *)(const void *)table->entries;
}

static inline const struct entry *table_end(const struct table *table)
{
    return (const struct entry *)(const void *)(table->entries + table->size);
}

#endif
