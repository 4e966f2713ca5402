/*
 * The word as it is, its count and its columns, each behind a TAB. So a word with a TAB in it, such
 * as one with its year, is as many fields.
 */
#include "output/tsv.h"

#include <string.h>

#include "base/number.h"
#include "output/format.h"
#include "words/entry.h"

static char *add_columns(char *at, const struct columns *columns, const struct entry *entry)
{
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = '\t';
        at += column_write(at, columns, column, entry);
    }
    return at;
}

static size_t add_word(char *out, const struct columns *columns, const struct entry *entry,
                       uint64_t *n_replaced)
{
    char *at = out;
    (void)n_replaced;
    memcpy(at, entry->key, entry->size);
    at += entry->size;
    *at++ = '\t';
    at += number_write(at, entry->count);
    if (columns->which)
        at = add_columns(at, columns, entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

const struct output_format output_tsv = {
    .name = "tsv", .ending = "tsv", .growth = 1, .add = add_word};
