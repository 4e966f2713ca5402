/* Words and their counts as they look in the output, one behind the other. */
#ifndef COMMON_OUTPUT_FORMATTER_H
#define COMMON_OUTPUT_FORMATTER_H

#include <stddef.h>
#include <stdint.h>

#include "output/format.h"
#include "words/entry.h"

/* Output being made, in memory of the caller's. */
struct formatter {
    const struct columns *columns;
    const struct output_format *format;
    char *data;
    size_t size;
    uint64_t n_replaced; /* bytes that were not UTF-8 */
    uint64_t n_beyond;   /* words with more than their total */
};

/* The most bytes that formatter_add adds for a word of so many bytes. */
static inline size_t formatter_most(const struct formatter *text, uint32_t word_size)
{
    return output_most(text->format, word_size);
}

/* Adds what stands before the first word: at most OUTPUT_MORE_MAX bytes. */
void formatter_begin(struct formatter *text);

/* Adds a word; of a table file, an entry for wmt_pack. */
void formatter_add(struct formatter *text, const struct entry *entry);

#endif
