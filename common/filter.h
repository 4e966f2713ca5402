/*
 * What is decided by a word alone: whether it counts. That is asked once for each word of a table,
 * when a map task writes it out, and not for each line.
 */
#ifndef COMMON_FILTER_H
#define COMMON_FILTER_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

struct filter {
    const regex_t *match; /* only words that it matches; NULL: all */
};

/* 1 if the word counts, 0 if it does not, or CODE_NOMEM. */
int filter_word(const struct filter *filter, const char *word, uint32_t size);

#endif
