/* What the engine knows of an output format: a row of the table in formats.c. */
#ifndef COMMON_OUTPUT_FORMAT_H
#define COMMON_OUTPUT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "output/columns.h"
#include "words/entry.h"

/* The most bytes of a line beside the word, and of a header: names, numbers, quotes. */
#define OUTPUT_MORE_MAX (384 + N_COLUMNS * (COLUMN_SIZE_MAX + 32))

/* No format makes more bytes of one. */
#define OUTPUT_GROWTH_MAX 6

struct output_format {
    const char *name;   /* as options have it */
    const char *ending; /* of names of files, without the dot; NULL: another format has it */
    unsigned growth;    /* the most bytes that one byte of a word becomes */
    int is_table;       /* words are entries for wmt_pack: they are in order and have no columns */

    /* What stands before the first word. Returns the bytes written. NULL: nothing does. */
    size_t (*header)(char *out, const struct columns *columns);

    /* Writes a word; adds to *n_replaced bytes that it had to replace. As many bytes as output_most
     * says may be overwritten. Returns the bytes written. */
    size_t (*add)(char *out, const struct columns *columns, const struct entry *entry,
                  uint64_t *n_replaced);

    /*
     * Writes a word in n periods, when there are no columns; key: the word and a TAB. So many bytes
     * as output_most says for each line, and OUTPUT_SLACK more, may be overwritten. Returns the
     * bytes written. NULL: each is an entry for add.
     */
    size_t (*add_periods)(char *out, const char *key, uint32_t size, const uint64_t *periods,
                          const uint64_t *counts, size_t n);
};

#define OUTPUT_SLACK 64

/* The most bytes that a word of so many bytes takes. */
static inline size_t output_most(const struct output_format *format, uint32_t word_size)
{
    return (size_t)format->growth * word_size + OUTPUT_MORE_MAX;
}

/* And that any word takes, in any format. */
#define OUTPUT_WORD_MAX (OUTPUT_GROWTH_MAX * KEY_SIZE_MAX + OUTPUT_MORE_MAX)

#endif
