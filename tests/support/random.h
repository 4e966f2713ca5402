/*
 * Random numbers that are the same on every machine and in every run: a test that fails once fails
 * again. splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
 */
#ifndef TESTS_SUPPORT_RANDOM_H
#define TESTS_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Any 64-bit number; the state is a seed, and may start as any. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* A number in [0, n), n > 0 and below 2^32. */
static inline size_t random_below(uint64_t *state, size_t n)
{
    return (size_t)(((random_next(state) >> 32) * n) >> 32);
}

/* Any element of an array. */
#define PICK(state, array) (array)[random_below((state), sizeof(array) / sizeof *(array))]

/* Fills [data, data + size) with bytes drawn from the alphabet. */
static inline void random_fill(uint64_t *state, void *data, size_t size, const char *alphabet,
                               size_t n_letters)
{
    char *at = data;
    for (size_t i = 0; i < size; i++)
        at[i] = alphabet[random_below(state, n_letters)];
}

#endif
