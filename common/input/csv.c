/* A word of one plain field is told where it lies; any other is put together. */
#include "input/csv.h"

#include "base/number.h"
#include "input/counts.h"
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
    static const char *const starts[] = {[NGRAM_BY_WORD] = "word,",
                                         [NGRAM_BY_YEAR] = "word,year,",
                                         [NGRAM_BY_DECADE] = "word,decade,"};
    for (unsigned i = NGRAM_BY_DECADE + 1; i-- > 0;) {
        size_t size = strlen(starts[i]);
        if ((size_t)(end - line) < size || memcmp(line, starts[i], size) != 0)
            continue;
        line += size;
        *values = (struct entry_values){.n = 1};
        int is_header =
            (end - line == 5 && memcmp(line, "count", 5) == 0) || read_values(line, end, values);
        values->by = (unsigned char)i;
        return is_header;
    }
    return 0;
}

int csv_has_shares(const char *line, const char *end)
{
    static const char start[] = "word,", *const ends[] = {",cumulative", ",per_million"};
    size_t size = (size_t)(end - line);
    if (size < strlen(start) || memcmp(line, start, strlen(start)) != 0)
        return 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (size > n && memcmp(end - n, ends[i], n) == 0)
            return 1;
    }
    return 0;
}

/* 0, or why the key is too long. */
static enum reject_reason measure_key(struct csv_line *csv)
{
    csv->key_size = csv->n - 1;
    for (unsigned i = 0; i < csv->n; i++) {
        size_t size = field_copy_size(&csv->fields[i], '"');
        size_t most = i == 0 ? WORD_SIZE_MAX : KEY_SIZE_MAX - WORD_SIZE_MAX - 1;
        csv->bad = csv->fields[i].start;
        csv->bad_end = csv->fields[i].end;
        if (size > most)
            return i == 0 ? REJECT_WORD : REJECT_YEAR;
        csv->key_size += size;
    }
    return 0;
}

enum reject_reason csv_parse_line(const char *line, const char *end, int is_dated,
                                  unsigned n_counts, struct csv_line *csv)
{
    const char *at = line;
    unsigned n_fields = 1 + (unsigned)is_dated + n_counts;
    csv->n = 0;
    csv->bad = line;
    csv->bad_end = end;
    for (;;) {
        at = field_read(at, end, ',', '"', &csv->fields[csv->n]);
        if (!at)
            return REJECT_QUOTE;
        if (++csv->n == n_fields || at == end)
            break;
        at++;
    }
    if (csv->n < n_fields)
        return REJECT_FIELDS;
    if (at < end)
        return REJECT_MORE;
    csv->n -= n_counts;
    for (unsigned i = 0; i < n_counts; i++) {
        const struct field *field = &csv->fields[csv->n + i];
        csv->bad = field->start;
        csv->bad_end = field->end;
        if (number_read(field->start, (size_t)(field->end - field->start), &csv->counts[i]) < 0)
            return REJECT_COUNT;
    }
    return measure_key(csv);
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

/* Takes a line whose key does not stand there as it is: TABs and quotes are other bytes in it. */
static int take_joined(const struct csv *csv, const struct csv_line *read, const char *line,
                       const char *end)
{
    const struct ngram_sink *sink = csv->sink;
    const char *field;
    uint64_t period;
    char *room;
    int rc = sink->room(sink->user, read->key_size, &room);
    if (rc < 0)
        return rc;
    uint32_t size = (uint32_t)csv_join(room, read);
    int is_dated = csv->values.by != NGRAM_BY_WORD;
    if (is_dated && !counts_cut_period(sink->query->by, room, &size, &period, &field))
        return line_reject(sink, REJECT_YEAR, line, end, read->fields[1].start,
                           read->fields[1].end);
    csv->chunk->n_counted++;
    return is_dated ? sink->dated(sink->user, room, size, period, read->counts)
                    : sink->word(sink->user, room, size, read->counts);
}

static int csv_take_line(void *user, const char *line, const char *end)
{
    const struct csv *csv = user;
    const struct ngram_sink *sink = csv->sink;
    const char *text_end = line_text_end(line, end);
    int is_dated = csv->values.by != NGRAM_BY_WORD;
    struct csv_line read;
    struct entry_values values;
    if (csv_is_header(line, text_end, &values) && entry_values_are_equal(&values, &csv->values)) {
        csv->chunk->n_filtered++;
        return 0;
    }
    enum reject_reason reason = csv_parse_line(line, text_end, is_dated, csv->values.n, &read);
    if (reason != 0)
        return line_reject(sink, reason, line, end, read.bad, read.bad_end);
    const struct field *word = &read.fields[0];
    if (is_dated || word->has_escapes)
        return take_joined(csv, &read, line, end);
    csv->chunk->n_counted++;
    return sink->word(sink->user, word->start, (uint32_t)(word->end - word->start), read.counts);
}

static int csv_parse(const struct ngram_sink *sink, const struct scan *scan,
                     struct ngram_chunk *chunk)
{
    const struct ngram_query *query = sink->query;
    struct csv csv = {sink, chunk, {.n = query_n_values(query), .by = (unsigned char)query->by}};
    for (unsigned i = 0; i < query->n_values; i++)
        csv.values.value[i] = (unsigned char)query->values[i];
    return lines_each(scan, chunk, csv_take_line, &csv);
}

const struct input_format input_csv = {.name = "csv",
                                       .parse = csv_parse,
                                       .values = NGRAM_VALUES_ALL,
                                       .has_several = 1,
                                       .is_result = 1};
