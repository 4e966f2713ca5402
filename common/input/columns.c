/* Fields between delimiters: one is the key, another its count; nothing is quoted or escaped. */
#include "input/columns.h"

#include <string.h>

#include "base/number.h"
#include "input/lines.h"
#include "words/entry.h"

struct reader {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
    unsigned n_fields; /* as far as they are looked at */
    const char *key;   /* NULL: none yet */
    size_t size;
    uint64_t sum;
};

static int columns_flush(struct reader *reader)
{
    const struct ngram_sink *sink = reader->sink;
    if (!reader->key)
        return 0;
    return sink->word(sink->user, reader->key, (uint32_t)reader->size, reader->sum);
}

static int columns_take_line(void *user, const char *line, const char *end)
{
    struct reader *reader = user;
    const struct ngram_sink *sink = reader->sink;
    const struct ngram_query *query = sink->query;
    const char *text_end = line_text_end(line, end);
    const char *key = NULL, *key_end = NULL, *value = NULL, *value_end = NULL;
    const char *field = line;
    for (unsigned i = 1; i <= reader->n_fields; i++) {
        const char *delimiter = memchr(field, query->delimiter, (size_t)(text_end - field));
        const char *field_end = delimiter ? delimiter : text_end;
        if (!delimiter && i < reader->n_fields)
            return line_reject(sink, REJECT_FIELDS, line, end, line, end);
        if (i == query->key_column)
            key = field, key_end = field_end;
        if (i == query->value_column)
            value = field, value_end = field_end;
        field = field_end + 1;
    }
    uint64_t count = 1;
    size_t size = (size_t)(key_end - key);
    if (line == text_end)
        return line_reject(sink, REJECT_FIELDS, line, end, line, end);
    if (size > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, key, key_end);
    if (query->value != NGRAM_RECORDS &&
        number_read(value, (size_t)(value_end - value), &count) < 0)
        return line_reject(sink, REJECT_COUNT, line, end, value, value_end);
    reader->chunk->n_counted++;
    if (sink->each_line || count > SUM_MAX)
        return sink->word(sink->user, key, (uint32_t)size, count);
    if (reader->key && reader->sum <= SUM_MAX && size == reader->size &&
        memcmp(key, reader->key, size) == 0) {
        reader->sum += count;
        return 0;
    }
    int rc = columns_flush(reader);
    reader->key = key;
    reader->size = size;
    reader->sum = count;
    return rc;
}

static int columns_parse(const struct ngram_sink *sink, const struct scan *scan,
                         struct ngram_chunk *chunk)
{
    const struct ngram_query *query = sink->query;
    struct reader reader = {.sink = sink, .chunk = chunk, .n_fields = query->key_column};
    if (query->value != NGRAM_RECORDS && query->value_column > reader.n_fields)
        reader.n_fields = query->value_column;
    int rc = lines_each(scan, chunk, columns_take_line, &reader);
    return rc == 0 ? columns_flush(&reader) : rc;
}

const struct input_format input_columns = {
    .name = "columns", .parse = columns_parse, .values = 1u << NGRAM_MATCHES | 1u << NGRAM_RECORDS};
