/* A word of one plain field is told where it lies; any other is put together. */
#include "input/csv.h"

#include "base/number.h"
#include "input/lines.h"
#include "words/entry.h"

struct csv {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
    struct entry_values values;
};

/* Names of two or more values with commas between. */
static int read_values(const char *at, const char *end, struct entry_values *values)
{
    struct entry_values read = {0};
    for (const char *comma; at < end; at = comma + 1) {
        comma = memchr(at, ',', (size_t)(end - at));
        if (!comma)
            comma = end;
        int value = ngram_value_find(at, (size_t)(comma - at));
        if (value < 0 || memchr(read.value, value, read.n))
            return 0;
        read.value[read.n++] = (unsigned char)value;
    }
    *values = read;
    return read.n > 1;
}

int csv_is_header(const char *line, const char *end, struct entry_values *values)
{
    static const char *const starts[] = {"word,year,", "word,decade,", "word,"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t size = strlen(starts[i]);
        if ((size_t)(end - line) < size || memcmp(line, starts[i], size) != 0)
            continue;
        line += size;
        *values = (struct entry_values){.n = 1};
        return (end - line == 5 && memcmp(line, "count", 5) == 0) || read_values(line, end, values);
    }
    return 0;
}

enum reject_reason csv_parse_line(const char *line, const char *end, unsigned n_counts,
                                  struct csv_line *csv)
{
    const char *at = line;
    csv->n = 0;
    csv->bad = line;
    csv->bad_end = end;
    for (;;) {
        at = field_read(at, end, ',', '"', &csv->fields[csv->n]);
        if (!at)
            return REJECT_QUOTE;
        if (++csv->n == 2 + n_counts || at == end)
            break;
        at++;
    }
    if (csv->n <= n_counts)
        return REJECT_FIELDS;
    csv->n -= n_counts;
    for (unsigned i = 0; i < n_counts; i++) {
        const struct field *field = &csv->fields[csv->n + i];
        int has_more = i + 1 == n_counts && at < end;
        csv->bad = field->start;
        csv->bad_end = has_more ? end : field->end;
        if (has_more ||
            number_read(field->start, (size_t)(field->end - field->start), &csv->counts[i]) < 0)
            return REJECT_COUNT;
    }
    const char *word_end = csv->fields[csv->n - 1].end;
    csv->bad = line;
    csv->bad_end = word_end;
    return word_end - line > WORD_SIZE_MAX ? REJECT_WORD : 0;
}

size_t csv_join(char *out, const struct csv_line *csv)
{
    char *at = out;
    for (unsigned i = 0; i < csv->n; i++) {
        if (i > 0)
            *at++ = '\t';
        at += field_copy(at, &csv->fields[i], '"');
    }
    return (size_t)(at - out);
}

static int csv_take_line(void *user, const char *line, const char *end)
{
    const struct csv *csv = user;
    const struct ngram_sink *sink = csv->sink;
    const char *text_end = line_text_end(line, end);
    const struct field *word;
    struct csv_line read;
    struct entry_values values;
    char *room;
    if (csv_is_header(line, text_end, &values) && entry_values_are_equal(&values, &csv->values)) {
        csv->chunk->n_filtered++;
        return 0;
    }
    enum reject_reason reason = csv_parse_line(line, text_end, csv->values.n, &read);
    if (reason != 0)
        return line_reject(sink, reason, line, end, read.bad, read.bad_end);
    csv->chunk->n_counted++;
    word = &read.fields[0];
    if (read.n == 1 && !word->has_escapes)
        return sink->word(sink->user, word->start, (uint32_t)(word->end - word->start),
                          read.counts);
    int rc = sink->room(sink->user, (size_t)(text_end - line), &room);
    return rc < 0 ? rc : sink->word(sink->user, room, (uint32_t)csv_join(room, &read), read.counts);
}

static int csv_parse(const struct ngram_sink *sink, const struct scan *scan,
                     struct ngram_chunk *chunk)
{
    const struct ngram_query *query = sink->query;
    struct csv csv = {sink, chunk, {.n = query_n_values(query)}};
    for (unsigned i = 0; i < query->n_values; i++)
        csv.values.value[i] = (unsigned char)query->values[i];
    return lines_each(scan, chunk, csv_take_line, &csv);
}

const struct input_format input_csv = {.name = "csv",
                                       .parse = csv_parse,
                                       .values = NGRAM_VALUES_ALL,
                                       .has_several = 1,
                                       .is_result = 1};
