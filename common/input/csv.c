/* A word of one plain field is told where it lies; any other is put together. */
#include "input/csv.h"

#include "base/number.h"
#include "input/fields.h"
#include "input/lines.h"
#include "words/entry.h"

#define FIELDS_MAX 3 /* a word, a year, a count */

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

/* Word and year, of two fields. 0 or a negative code. */
static int tell_joined(const struct ngram_sink *sink, const struct field *fields, unsigned n,
                       uint64_t count)
{
    size_t size = 0;
    for (unsigned i = 0; i < n; i++)
        size += (size_t)(fields[i].end - fields[i].start) + 1;
    char *word, *at;
    int rc = sink->room(sink->user, size, &word);
    if (rc < 0)
        return rc;
    at = word;
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            *at++ = '\t';
        at += field_copy(at, &fields[i], '"');
    }
    return sink->word(sink->user, word, (uint32_t)(at - word), count);
}

static int csv_take_line(void *user, const char *line, const char *end)
{
    struct csv *csv = user;
    const struct ngram_sink *sink = csv->sink;
    const char *text_end = line_text_end(line, end), *at = line;
    struct field fields[FIELDS_MAX];
    unsigned n = 0;
    uint64_t count;
    if (csv_is_header(line, text_end)) {
        csv->chunk->n_filtered++;
        return 0;
    }
    for (;;) {
        at = field_read(at, text_end, ',', '"', &fields[n]);
        if (!at)
            return line_reject(sink, REJECT_QUOTE, line, end, line, end);
        if (++n == FIELDS_MAX || at == text_end)
            break;
        at++;
    }
    if (n < 2)
        return line_reject(sink, REJECT_FIELDS, line, end, line, end);
    const struct field *last = &fields[--n];
    if (at < text_end || number_read(last->start, (size_t)(last->end - last->start), &count) < 0)
        return line_reject(sink, REJECT_COUNT, line, end, last->start,
                           at < text_end ? text_end : last->end);
    if (fields[n - 1].end - line > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, line, fields[n - 1].end);
    csv->chunk->n_counted++;
    if (n > 1 || fields[0].has_escapes)
        return tell_joined(sink, fields, n, count);
    return sink->word(sink->user, fields[0].start, (uint32_t)(fields[0].end - fields[0].start),
                      count);
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
