/* Fields between delimiters: one is the key, others its counts. */
#include "input/columns.h"

#include <string.h>

#include "base/number.h"
#include "input/fields.h"
#include "input/lines.h"
#include "words/entry.h"

struct reader {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
    unsigned n;                         /* values */
    unsigned columns[NGRAM_VALUES_MAX]; /* of them; 0: each line counts 1 */
    unsigned n_fields;                  /* as far as they are looked at */
    const char *key;                    /* NULL: none yet */
    size_t size;
    uint64_t sums[NGRAM_VALUES_MAX];
};

static int columns_flush(struct reader *reader)
{
    const struct ngram_sink *sink = reader->sink;
    if (!reader->key)
        return 0;
    return sink->word(sink->user, reader->key, (uint32_t)reader->size, reader->sums);
}

/* Finds key and values. 0, or why the line is bad. */
static int columns_find(const struct reader *reader, const char *line, const char *end,
                        struct field *key, struct field *values)
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
        for (unsigned j = 0; j < reader->n; j++)
            if (i == reader->columns[j])
                values[j] = field;
        at = next + 1;
    }
    return line == end ? REJECT_FIELDS : 0;
}

/* A word with quotes in it is not what stands there. */
static int tell_copy(struct reader *reader, const struct field *key, const uint64_t *counts)
{
    const struct ngram_sink *sink = reader->sink;
    char *word;
    int rc = columns_flush(reader);
    reader->key = NULL;
    if (rc == 0)
        rc = sink->room(sink->user, field_copy_size(key, sink->query->quote), &word);
    if (rc < 0)
        return rc;
    size_t size = field_copy(word, key, sink->query->quote);
    return sink->word(sink->user, word, (uint32_t)size, counts);
}

/* Adds to the sums, unless one of them may become too large. */
static int add_counts(struct reader *reader, const uint64_t *counts)
{
    for (unsigned i = 0; i < reader->n; i++)
        if (reader->sums[i] > SUM_MAX)
            return 0;
    for (unsigned i = 0; i < reader->n; i++)
        reader->sums[i] += counts[i];
    return 1;
}

static int columns_take_line(void *user, const char *line, const char *end)
{
    struct reader *reader = user;
    const struct ngram_sink *sink = reader->sink;
    struct field key = {0}, values[NGRAM_VALUES_MAX] = {{0}};
    uint64_t counts[NGRAM_VALUES_MAX], most = 0;
    int reason = columns_find(reader, line, line_text_end(line, end), &key, values);
    size_t size = (size_t)(key.end - key.start);
    if (reason != 0)
        return line_reject(sink, (enum reject_reason)reason, line, end, line, end);
    if (size > WORD_SIZE_MAX && field_copy_size(&key, sink->query->quote) > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, key.start, key.end);
    for (unsigned i = 0; i < reader->n; i++) {
        const struct field *value = &values[i];
        counts[i] = 1;
        if (reader->columns[i] > 0 &&
            number_read(value->start, (size_t)(value->end - value->start), &counts[i]) < 0)
            return line_reject(sink, REJECT_COUNT, line, end, value->start, value->end);
        most |= counts[i];
    }
    reader->chunk->n_counted++;
    if (key.has_escapes)
        return tell_copy(reader, &key, counts);
    if (sink->each_line || most > SUM_MAX)
        return sink->word(sink->user, key.start, (uint32_t)size, counts);
    if (reader->key && size == reader->size && memcmp(key.start, reader->key, size) == 0 &&
        add_counts(reader, counts))
        return 0;
    int rc = columns_flush(reader);
    reader->key = key.start;
    reader->size = size;
    memcpy(reader->sums, counts, sizeof counts);
    return rc;
}

static int columns_parse(const struct ngram_sink *sink, const struct scan *scan,
                         struct ngram_chunk *chunk)
{
    const struct ngram_query *query = sink->query;
    struct reader reader = {.sink = sink,
                            .chunk = chunk,
                            .n = query_n_values(query),
                            .columns = {query->value_column},
                            .n_fields = query->key_column};
    if (query->n_values > 1)
        memcpy(reader.columns, query->value_columns, sizeof reader.columns);
    else if (query->value == NGRAM_RECORDS)
        reader.columns[0] = 0;
    for (unsigned i = 0; i < reader.n; i++)
        if (reader.columns[i] > reader.n_fields)
            reader.n_fields = reader.columns[i];
    int rc = lines_each(scan, chunk, columns_take_line, &reader);
    return rc == 0 ? columns_flush(&reader) : rc;
}

const struct input_format input_columns = {
    .name = "columns", .parse = columns_parse, .values = NGRAM_VALUES_ALL, .has_several = 1};
