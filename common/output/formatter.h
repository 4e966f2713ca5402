/* How a word and its count look in the output. */
#ifndef COMMON_OUTPUT_FORMATTER_H
#define COMMON_OUTPUT_FORMATTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/number.h"
#include "output/columns.h"
#include "wmt/wmt.h"
#include "words/entry.h"

static inline size_t format_tsv_max(const struct entry *entry)
{
    return entry->size + NUMBER_SIZE_MAX + 2 + N_COLUMNS * (COLUMN_SIZE_MAX + 1);
}

/* What words are written as. */
enum format { FORMAT_TSV, FORMAT_CSV, FORMAT_JSONL, FORMAT_TABLE };

/* Output being made, in memory of the caller's. */
struct formatter {
    const struct columns *columns;
    enum format format;
    char *data;
    size_t size;
    uint64_t n_replaced; /* bytes that were not UTF-8 */
};

/* The most bytes that any word takes. */
#define FORMAT_WORD_MAX(format)                                                                    \
    ((format) == FORMAT_JSONL ? 6 * WORD_SIZE_MAX + FORMAT_MORE_MAX                                \
                              : 2 * WORD_SIZE_MAX + FORMAT_MORE_MAX)
/* And of them beside the word: names, numbers, quotes, the header of a file. */
#define FORMAT_MORE_MAX (256 + N_COLUMNS * (COLUMN_SIZE_MAX + 32))

/* The most bytes that formatter_add adds for a word of so many bytes. */
static inline size_t formatter_most(const struct formatter *text, uint32_t word_size)
{
    static const unsigned factors[] = {
        [FORMAT_TSV] = 1, [FORMAT_CSV] = 2, [FORMAT_JSONL] = 6, [FORMAT_TABLE] = 1};
    return (size_t)factors[text->format] * word_size + FORMAT_MORE_MAX;
}

/* Adds a word; of a table file, an entry for wmt_pack. */
void formatter_add(struct formatter *text, const struct entry *entry);

/* What stands before the first word: at most FORMAT_MORE_MAX bytes. Returns the bytes written. */
size_t format_header(enum format format, const struct columns *columns, char *out);

/* Writes `word TAB count LF`, with a TAB and its value for each column. Returns the bytes written.
 */
size_t format_tsv(char *out, const struct columns *columns, const struct entry *entry);

#endif
