/* A word of one plain field is told where it lies; any other is put together. */
#include "input/csv.h"

#include "base/number.h"
#include "input/lines.h"
#include "words/entry.h"

struct csv {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
};

int csv_is_header(const char *line, const char *end)
{
    static const char *const headers[] = {"word,count", "word,year,count", "word,decade,count"};
    size_t size = (size_t)(end - line);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (size == strlen(headers[i]) && memcmp(line, headers[i], size) == 0)
            return 1;
    return 0;
}

enum reject_reason csv_parse_line(const char *line, const char *end, struct csv_line *csv)
{
    const char *at = line;
    csv->n = 0;
    csv->bad = line;
    csv->bad_end = end;
    for (;;) {
        at = field_read(at, end, ',', '"', &csv->fields[csv->n]);
        if (!at)
            return REJECT_QUOTE;
        if (++csv->n == CSV_FIELDS_MAX || at == end)
            break;
        at++;
    }
    if (csv->n < 2)
        return REJECT_FIELDS;
    const struct field *last = &csv->fields[--csv->n], *before = last - 1;
    csv->bad = last->start;
    csv->bad_end = at < end ? end : last->end;
    if (at < end || number_read(last->start, (size_t)(last->end - last->start), &csv->count) < 0)
        return REJECT_COUNT;
    csv->bad = line;
    csv->bad_end = before->end;
    return before->end - line > WORD_SIZE_MAX ? REJECT_WORD : 0;
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
    char *room;
    if (csv_is_header(line, text_end)) {
        csv->chunk->n_filtered++;
        return 0;
    }
    enum reject_reason reason = csv_parse_line(line, text_end, &read);
    if (reason != 0)
        return line_reject(sink, reason, line, end, read.bad, read.bad_end);
    csv->chunk->n_counted++;
    word = &read.fields[0];
    if (read.n == 1 && !word->has_escapes)
        return sink->word(sink->user, word->start, (uint32_t)(word->end - word->start),
                          &read.count);
    int rc = sink->room(sink->user, (size_t)(text_end - line), &room);
    return rc < 0 ? rc
                  : sink->word(sink->user, room, (uint32_t)csv_join(room, &read), &read.count);
}

static int csv_parse(const struct ngram_sink *sink, const struct scan *scan,
                     struct ngram_chunk *chunk)
{
    struct csv csv = {sink, chunk};
    return lines_each(scan, chunk, csv_take_line, &csv);
}

const struct input_format input_csv = {.name = "csv",
                                       .parse = csv_parse,
                                       .values = 1u << NGRAM_MATCHES | 1u << NGRAM_RECORDS,
                                       .is_result = 1};
