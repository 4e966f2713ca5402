/*
 * A small table in front of the one that words are combined in. It has words of up to 16 bytes,
 * which two registers hold, with their counts beside them. So a word that is there costs one line
 * of the cache and no call. Half of its slots stay empty; when it may not grow any more, further
 * words are the caller's to count elsewhere. Words come by the dozen, so that their slots are asked
 * for in the meantime.
 *
 *     | word, zeros up to 16 bytes | count, 56 bits | size, 8 bits |      (linear probing)
 */
#ifndef COMMON_TEXT_FRONT_H
#define COMMON_TEXT_FRONT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan/scan.h"

#define FRONT_WORD_MAX 16

struct front_slot {
    uint64_t head, tail; /* the word's bytes as they lie in memory */
    uint64_t count;      /* shifted by 8, and the size; 0: empty */
};

struct front {
    struct front_slot *slots;
    uint32_t n_slots; /* a power of 2 */
    uint32_t n_words;
    uint64_t seeds[2]; /* of its hash */
    size_t size_max;   /* bytes of slots */
};

/* A word on its way to its slot. */
struct front_word {
    uint64_t head, tail;
    const char *data; /* as it came */
    uint32_t size;
    uint32_t hash;
};

/* It may grow to size_max bytes, or is as small as it can be. 0 or CODE_NOMEM. */
int front_init(struct front *front, size_t size_max, uint64_t seed);
void front_release(struct front *front);

/* Forgets all words. */
void front_clear(struct front *front);

/* Makes room for twice as many words: 1; 0: it may not grow, or there is no memory. */
int front_grow(struct front *front);

/* The word of 1 to FRONT_WORD_MAX bytes at data, which is readable for as many. */
static inline struct front_word front_word(const char *data, size_t size)
{
    static const unsigned char masks[2 * FRONT_WORD_MAX] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                            0xFF, 0xFF, 0xFF, 0xFF};
    uint64_t word[2], mask[2];
    memcpy(word, data, sizeof word);
    memcpy(mask, masks + FRONT_WORD_MAX - size, sizeof mask);
    return (struct front_word){
        .head = word[0] & mask[0], .tail = word[1] & mask[1], .data = data, .size = (uint32_t)size};
}

/* Sets bit 5 of each byte from A to Z, unless there is an underscore: behind that may be a tag,
 * which keeps its case. */
static inline void front_fold(struct front_word *word)
{
    typedef unsigned char bytes_of_word __attribute__((vector_size(FRONT_WORD_MAX)));
    bytes_of_word bytes;
    uint64_t both[2] = {word->head, word->tail};
    memcpy(&bytes, both, sizeof bytes);
    bytes_of_word underscores = (bytes_of_word)(bytes == '_');
    bytes |= (bytes_of_word)(bytes - 'A' < 26) & 0x20;
    memcpy(both, &underscores, sizeof underscores);
    if (both[0] | both[1])
        return;
    memcpy(both, &bytes, sizeof bytes);
    word->head = both[0];
    word->tail = both[1];
}

static inline int front_is_ascii(const struct front_word *word)
{
    return ((word->head | word->tail) & UINT64_C(0x8080808080808080)) == 0;
}

/* A multiplication of what nobody can know, folded (as in wyhash). */
static inline uint32_t front_hash(const struct front *front, uint64_t head, uint64_t tail)
{
    __extension__ typedef unsigned __int128 both;
    both product = (both)(head ^ front->seeds[0]) * (tail ^ front->seeds[1]);
    return (uint32_t)product ^ (uint32_t)(product >> 64);
}

/* Asks for the slot. */
static inline void front_prefetch(const struct front *front, struct front_word *word)
{
    word->hash = front_hash(front, word->head, word->tail);
    __builtin_prefetch(&front->slots[word->hash & (front->n_slots - 1)], 1);
}

/* Counts a word that was prefetched: 1; 0: it is not there, and there is no room for more. */
static inline int front_add(struct front *front, const struct front_word *word)
{
    uint32_t mask = front->n_slots - 1;
    for (uint32_t i = word->hash & mask;; i = (i + 1) & mask) {
        struct front_slot *slot = &front->slots[i];
        if (slot->head == word->head && slot->tail == word->tail &&
            (uint8_t)slot->count == word->size) {
            slot->count += 1 << 8;
            return 1;
        }
        if (slot->count != 0)
            continue;
        if (front->n_words == front->n_slots / 2)
            return front_grow(front) ? front_add(front, word) : 0;
        front->n_words++;
        *slot = (struct front_slot){word->head, word->tail, 1 << 8 | word->size};
        return 1;
    }
}

#endif
