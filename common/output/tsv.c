/*
 * The word as it is, its count and its columns, each behind a TAB. So a word with a TAB in it, such
 * as one with its year, is as many fields.
 */
#include "output/tsv.h"

#include <string.h>

#include "base/bytes.h"
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
    bytes_copy(at, entry->key, size);
    at += size;
    *at++ = '\t';
    at += number_put(at, entry->count);
    if (columns->which | columns->n_more)
        at = tsv_columns(at, columns, entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

/* Copies so many bytes of the key that their number is known when this is compiled. */
static inline __attribute__((always_inline)) char *add_lines(char *at, const char *key, size_t size,
                                                             const uint64_t *periods,
                                                             const uint64_t *counts, size_t n,
                                                             size_t n_copied)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(at, key, n_copied);
        at += size;
        if (periods[i] - 1000 < 9000)
            at = number_put_four(at, (uint32_t)periods[i]);
        else
            at += number_write(at, periods[i]);
        *at++ = '\t';
        at += number_put(at, counts[i]);
        *at++ = '\n';
    }
    return at;
}

static size_t tsv_add_periods(char *out, const char *key, uint32_t size, const uint64_t *periods,
                              const uint64_t *counts, size_t n)
{
    char start[32];
    const char *end;
    if (size <= sizeof start)
        memcpy(start, key, size);
    if (size <= 16)
        end = add_lines(out, start, size, periods, counts, n, 16);
    else if (size <= sizeof start)
        end = add_lines(out, start, size, periods, counts, n, sizeof start);
    else
        end = add_lines(out, key, size, periods, counts, n, size);
    return (size_t)(end - out);
}

const struct output_format output_tsv = {.name = "tsv",
                                         .ending = "tsv",
                                         .growth = 1,
                                         .add = tsv_add_word,
                                         .add_periods = tsv_add_periods};
