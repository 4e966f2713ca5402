/* The made words: the text of a word is a function of the seed and its number, so none is kept. */
#ifndef DATASETS_VOCABULARY_H
#define DATASETS_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    STEM_SPACE = 19, /* and a tag of 5 bytes makes 24, the longest word of the real file */
    WORD_SPACE = 48,
};

/* splitmix64 by Sebastiano Vigna (public domain, prng.di.unimi.it/splitmix64.c), after Steele, Lea
 * and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline uint64_t random_next(uint64_t *state)
{
    return random_mix(*state += 0x9e3779b97f4a7c15);
}

static inline uint64_t random_below(uint64_t *state, uint64_t n)
{
    return ((random_next(state) >> 32) * n) >> 32;
}

struct vocabulary {
    uint64_t seed, n_words, n_stems, n_short;
    unsigned n_letters, n_digits;
    bool phrases;
};

struct word {
    char text[WORD_SPACE]; /* padded with zeros */
    unsigned size, n_lines;
    uint64_t total; /* what the counts must add up to; 0: anything */
};

/* phrases: keys of several words, as in 5-gram files. */
void vocabulary_init(struct vocabulary *v, uint64_t n_words, bool phrases, uint64_t seed);

/* The word with that number, below n_words; different numbers give different words. */
void word_init(struct word *word, const struct vocabulary *v, uint64_t number);

#endif
