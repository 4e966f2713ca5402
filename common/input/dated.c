/*
 * Years and counts of the lines of one word are read by scan->points, as many as there are, and
 * told together when the word changes. Other values are read line by line, and unusual lines by
 * v1_v2_read.
 */
#include "input/dated.h"

#include <string.h>

#include "input/lines.h"
#include "input/several.h"
#include "scan/digits.h"
#include "words/entry.h"
#include "words/series.h"

struct dated {
    const struct ngram_sink *sink;
    const struct scan *scan;
    struct ngram_chunk *chunk;
    struct points *points; /* of word */
    unsigned field;
    int has_range;   /* not all years are asked for */
    int has_decades; /* of what points are */
    struct scan_word word;
};

/* The value of a line whose fields behind the year start at text, if it is short; or *bad. */
static inline uint64_t short_value(unsigned field, const char *text, const char *end, uint64_t *bad)
{
    if (field == 0)
        return memchr(text, '\t', (size_t)(end - text)) ? 1 : (*bad = 1);
    for (unsigned i = V1_V2_MATCHES; i < field; i++) {
        size_t size = digits_after_tab(text, end);
        *bad |= size == 0;
        text += size;
    }
    return digits_lanes_sum(digits_ended(text, end, bad));
}

static int tell(struct dated *dated)
{
    const struct ngram_sink *sink = dated->sink;
    if (dated->points->n == 0)
        return 0;
    int rc = sink->series(sink->user, dated->word.data, (uint32_t)(dated->word.size - 1));
    dated->points->n = 0;
    return rc;
}

/* The line is the first one of another word; size: of its word and TAB. */
static int begin_word(struct dated *dated, const char *line, size_t size)
{
    int rc = tell(dated);
    scan_word_set(&dated->word, line, size, 0);
    return rc;
}

static inline int is_word(const struct dated *dated, const char *line, size_t size)
{
    const struct scan_word *word = &dated->word;
    return word->data && size == word->size && memcmp(line, word->data, size) == 0;
}

/* Of n new points, keeps those of the years asked for; a decade is asked for in part, so these are
 * years. Returns how many. */
static size_t keep_asked(const struct dated *dated, size_t n)
{
    const struct ngram_query *query = dated->sink->query;
    struct points *points = dated->points;
    size_t kept = points->n;
    for (size_t i = points->n; i < points->n + n; i++) {
        points->periods[kept] = points->periods[i];
        points->counts[kept] = points->counts[i];
        kept += (size_t)is_asked_for(query, points->periods[kept]);
    }
    return kept - points->n;
}

/* Makes one point of those of a decade that are side by side, n of them new ones. No branch depends
 * on where a decade ends: counts are summed up across decades, and then what was before each is
 * taken off. New counts are short: as many as a chunk has of them are below SUM_MAX. */
static void join_decades(struct points *points, size_t n)
{
    uint64_t *decades = points->periods, *counts = points->counts, sum = 0;
    size_t i = points->n, end = i + n, start = i;
    if (n == 0)
        return;
    if (i > 0 && counts[i - 1] <= SUM_MAX)
        sum = counts[--start];
    size_t at = start;
    uint64_t last = decades[at];
#pragma GCC unroll 4
    for (; i < end; i++) {
        uint64_t decade = decades[i];
        sum += counts[i];
        at += decade != last;
        last = decades[at] = decade;
        counts[at] = sum;
    }
    for (size_t k = at; k > start; k--)
        counts[k] -= counts[k - 1];
    points->n = at + 1;
}

/* Takes n new points, as the scan has read them: of lines that count if they are asked for. */
static int take(struct dated *dated, size_t n)
{
    struct points *points = dated->points;
    size_t n_in = dated->has_range ? keep_asked(dated, n) : n;
    dated->chunk->n_counted += n_in;
    dated->chunk->n_filtered += n - n_in;
    if (dated->has_decades && dated->has_range)
        for (size_t i = points->n; i < points->n + n_in; i++)
            points->periods[i] -= points->periods[i] % 10;
    if (dated->has_decades && !dated->sink->each_line)
        join_decades(points, n_in);
    else
        points->n += n_in;
    return points->n > NGRAM_POINTS_MAX ? tell(dated) : 0;
}

/* The same of one line with any count. */
static int take_one(struct dated *dated, uint64_t year, uint64_t count)
{
    const struct ngram_sink *sink = dated->sink;
    struct points *points = dated->points;
    if (!is_asked_for(sink->query, year)) {
        dated->chunk->n_filtered++;
        return 0;
    }
    dated->chunk->n_counted++;
    note_year(sink->query, year);
    points_add(sink, group_of(sink->query, year), count);
    return points->n > NGRAM_POINTS_MAX ? tell(dated) : 0;
}

/* Any line at all. */
static int take_record(struct dated *dated, const char *line, const char *end)
{
    struct v1_v2_record record;
    int rc = v1_v2_read(dated->sink, line, end, &dated->field, 1, &record);
    if (rc <= 0)
        return rc;
    rc = is_word(dated, line, record.size) ? 0 : begin_word(dated, line, record.size);
    return rc == 0 ? take_one(dated, record.year, record.counts[0]) : rc;
}

/* A line whose value the scan does not read. */
static int take_line(struct dated *dated, const char *line, const char *end)
{
    size_t size = v1_v2_word_size(line, end);
    uint64_t bad = size == 0 || end - line < (ptrdiff_t)size + 5;
    if (bad)
        return take_record(dated, line, end);
    uint64_t value = short_value(dated->field, line + size + 5, end, &bad);
    if (bad)
        return take_record(dated, line, end);
    int rc = is_word(dated, line, size) ? 0 : begin_word(dated, line, size);
    return rc == 0 ? take_one(dated, digits_year(line + size), value) : rc;
}

/* The lines that end in one block. */
static int scan_block(struct dated *dated, const struct line_reader *lines)
{
    const char *block = lines->block;
    const uint32_t *ends = lines->ends;
    struct points *points = dated->points;
    int rc = 0;
    for (size_t i = 0; i < lines->n && rc == 0;) {
        const struct scan_points to = {points->periods + points->n, points->counts + points->n,
                                       dated->has_decades && !dated->has_range};
        size_t n = dated->scan->points(&dated->word, block, ends + i, lines->n - i, &to);
        i += n;
        rc = take(dated, n);
        if (rc < 0 || i == lines->n)
            break;
        const char *line = scan_line(block, ends, i), *end = block + ends[i];
        size_t size = v1_v2_word_size(line, end);
        if (size > 0 && !is_word(dated, line, size)) {
            rc = begin_word(dated, line, size);
            continue;
        }
        rc = take_record(dated, line, end);
        i++;
    }
    return rc;
}

static int read_block(struct dated *dated, const struct line_reader *lines)
{
    int rc = 0;
    for (size_t i = 0; i < lines->n && rc == 0; i++)
        rc = take_line(dated, scan_line(lines->block, lines->ends, i),
                       lines->block + lines->ends[i]);
    return rc;
}

int dated_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                unsigned field)
{
    const struct ngram_query *query = sink->query;
    struct dated dated = {.sink = sink,
                          .scan = scan,
                          .chunk = chunk,
                          .points = sink->points,
                          .field = field,
                          .has_range = query->first_year > 0 || query->last_year < UINT64_MAX,
                          .has_decades = query->by == NGRAM_BY_DECADE,
                          .word = scan_no_word};
    struct line_reader lines;
    const char *last;
    int rc = 0, is_scanned = field == V1_V2_MATCHES && !query->seen;
    sink->points->n = 0;
    lines_begin(&lines, scan, chunk);
    while (rc == 0 && lines_next(&lines))
        rc = is_scanned ? scan_block(&dated, &lines) : read_block(&dated, &lines);
    if (rc == 0 && lines_last(&lines, &last))
        rc = take_record(&dated, last, lines.end);
    lines_end(&lines);
    return rc == 0 ? tell(&dated) : rc;
}
