/*
 * The word as it is, its count and its columns, each behind a TAB. So a word with a TAB in it, such
 * as one with its year, is as many fields.
 */
#include "output/tsv.h"

#include <string.h>

#include "base/number.h"
#include "output/format.h"
#include "words/entry.h"

static char *tsv_columns(char *at, const struct columns *columns, const struct entry *entry)
{
    for (unsigned i = 1; i <= columns->n_more; i++) {
        *at++ = '\t';
        at += number_write(at, entry_count(entry, i));
    }
    return columns_write(at, columns, '\t', entry);
}

static size_t tsv_add_word(char *out, const struct columns *columns, const struct entry *entry,
                           uint64_t *n_replaced)
{
    char *at = out;
    (void)n_replaced;
    size_t size = entry->size;
    memcpy(at, entry->key, size);
    at += size;
    *at++ = '\t';
    at += number_write(at, entry->count);
    if (columns->which | columns->n_more)
        at = tsv_columns(at, columns, entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

const struct output_format output_tsv = {
    .name = "tsv", .ending = "tsv", .growth = 1, .add = tsv_add_word};
