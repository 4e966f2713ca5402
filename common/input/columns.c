/* Fields between delimiters: one is the key, another its count. */
#include "input/columns.h"

#include <string.h>

#include "base/number.h"
#include "input/fields.h"
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
    return sink->word(sink->user, reader->key, (uint32_t)reader->size, &reader->sum);
}

/* Finds key and value. 0, or why the line is bad. */
static int columns_find(const struct reader *reader, const char *line, const char *end,
                        struct field *key, struct field *value)
{
    const struct ngram_query *query = reader->sink->query;
    struct field field;
    const char *at = line;
    for (unsigned i = 1; i <= reader->n_fields; i++) {
        const char *next = field_read(at, end, query->delimiter, query->quote, &field);
        if (!next)
            return REJECT_QUOTE;
        if (next == end && i < reader->n_fields)
            return REJECT_FIELDS;
        if (i == query->key_column)
            *key = field;
        if (i == query->value_column)
            *value = field;
        at = next + 1;
    }
    return line == end ? REJECT_FIELDS : 0;
}

/* A word with quotes in it is not what stands there. */
static int tell_copy(struct reader *reader, const struct field *key, uint64_t count)
{
    const struct ngram_sink *sink = reader->sink;
    char *word;
    int rc = columns_flush(reader);
    reader->key = NULL;
    if (rc == 0)
        rc = sink->room(sink->user, (size_t)(key->end - key->start), &word);
    if (rc < 0)
        return rc;
    size_t size = field_copy(word, key, sink->query->quote);
    return sink->word(sink->user, word, (uint32_t)size, &count);
}

static int columns_take_line(void *user, const char *line, const char *end)
{
    struct reader *reader = user;
    const struct ngram_sink *sink = reader->sink;
    const struct ngram_query *query = sink->query;
    struct field key = {0}, value = {0};
    int reason = columns_find(reader, line, line_text_end(line, end), &key, &value);
    uint64_t count = 1;
    size_t size = (size_t)(key.end - key.start);
    if (reason != 0)
        return line_reject(sink, (enum reject_reason)reason, line, end, line, end);
    if (size > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, key.start, key.end);
    if (query->value != NGRAM_RECORDS &&
        number_read(value.start, (size_t)(value.end - value.start), &count) < 0)
        return line_reject(sink, REJECT_COUNT, line, end, value.start, value.end);
    reader->chunk->n_counted++;
    if (key.has_escapes)
        return tell_copy(reader, &key, count);
    if (sink->each_line || count > SUM_MAX)
        return sink->word(sink->user, key.start, (uint32_t)size, &count);
    if (reader->key && reader->sum <= SUM_MAX && size == reader->size &&
        memcmp(key.start, reader->key, size) == 0) {
        reader->sum += count;
        return 0;
    }
    int rc = columns_flush(reader);
    reader->key = key.start;
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
