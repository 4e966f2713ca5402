/*
 * The words of running text, found without haste: each line is taken apart into characters, and of
 * each place between two of them the rules of UAX #29 are asked in their order. Of the code under
 * test it uses the table of properties alone, which tests compare with what others know.
 */
#ifndef TESTS_NAIVE_TEXT_H
#define TESTS_NAIVE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "input/format.h"

struct naive_word {
    char *data; /* allocated */
    size_t size;
    uint64_t count;
};

/* Words, and what else a parser tells. {0} is empty. */
struct naive_words {
    struct naive_word *words;
    size_t n, capacity;
    uint64_t n_lines, n_counted, n_invalid;
    uint64_t n_rejects, reject_sum; /* their number, and something of all their places */
};

/* Ends the test if there is no memory. */
void naive_add(struct naive_words *words, const char *data, size_t size, uint64_t count);
void naive_release(struct naive_words *words);

/* Sorts both and makes one of words that are the same; then 1 if all is equal. */
int naive_equal(struct naive_words *a, struct naive_words *b);

/* Of a whole input. */
void naive_text(struct naive_words *words, const char *text, size_t size,
                const struct ngram_query *query);

/* Stores where segments of UAX #29 end, in ends, which takes size. Returns how many there are. */
size_t naive_segments(const char *text, size_t size, size_t *ends);

#endif
