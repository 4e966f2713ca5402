/*
 * The word as it is, its count and its columns, each behind a TAB. So a word with a TAB in it, such
 * as one with its year, is as many fields.
 */
#include "output/tsv.h"

#include <string.h>

#include "base/number.h"
#include "output/format.h"
#include "words/entry.h"

static size_t tsv_add_word(char *out, const struct columns *columns, const struct entry *entry,
                           uint64_t *n_replaced)
{
    char *at = out;
    (void)n_replaced;
    memcpy(at, entry->key, entry->size);
    at += entry->size;
    *at++ = '\t';
    at += number_write(at, entry->count);
    if (columns->which)
        at = columns_write(at, columns, '\t', entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

const struct output_format output_tsv = {
    .name = "tsv", .ending = "tsv", .growth = 1, .add = tsv_add_word};
