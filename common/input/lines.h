/*
 * What parsers share: the lines of a chunk, one after the other, how a bad one is told, and what a
 * year is in a query.
 */
#ifndef COMMON_INPUT_LINES_H
#define COMMON_INPUT_LINES_H

#include "base/number.h"
#include "input/format.h"
#include "scan/digits.h"
#include "scan/scan.h"
#include "words/series.h"

/* Sums are told before they pass it, so what one chunk adds can never pass 64 bits. */
#define SUM_MAX (UINT64_C(1) << 62)

/* Bytes after which words are compared again, if lines were taken each on its own. */
#define LINES_APART_SIZE (32 * SCAN_BLOCK_SIZE)

/* The first year of the group that a year is in. */
static inline uint64_t group_of(const struct ngram_query *query, uint64_t year)
{
    return query->by == NGRAM_BY_DECADE ? year - year % 10 : year;
}

/* Years of four digits, as scan->dated compares them. */
static inline struct scan_years lines_years(const struct ngram_query *query)
{
    uint64_t last = query->last_year < 9999 ? query->last_year : 9999;
    if (query->first_year > last)
        return (struct scan_years){.first = UINT32_MAX};
    uint32_t first_digits = digits_of_year((uint32_t)query->first_year);
    return (struct scan_years){first_digits, digits_of_year((uint32_t)last) - first_digits, 0};
}

static inline int is_asked_for(const struct ngram_query *query, uint64_t year)
{
    return year >= query->first_year && year <= query->last_year;
}

/* A line of the year counts. */
static inline void note_year(const struct ngram_query *query, uint64_t year)
{
    if (query->seen)
        years_add(query->seen, year);
}

/* Adds a point of the word that points are of, or adds it to the one before. */
static inline void points_add(const struct ngram_sink *sink, uint64_t period, uint64_t count)
{
    struct points *points = sink->points;
    size_t at = points->n;
    if (at > 0 && points->periods[at - 1] == period && !sink->each_line &&
        (points->counts[at - 1] | count) <= SUM_MAX) {
        points->counts[at - 1] += count;
        return;
    }
    points->periods[at] = period;
    points->counts[at] = count;
    points->n++;
}

static inline int line_reject(const struct ngram_sink *sink, enum reject_reason reason,
                              const char *line, const char *end, const char *field,
                              const char *field_end)
{
    return sink->reject(sink->user, reason, line, (size_t)(end - line), field,
                        (size_t)(field_end - field));
}

/* Where a line ends without a CR. */
static inline const char *line_text_end(const char *line, const char *end)
{
    return end > line && end[-1] == '\r' ? end - 1 : end;
}

static inline int line_is_number(const char *start, const char *end)
{
    uint64_t ignored;
    return number_read(start, (size_t)(end - start), &ignored) == 0;
}

/* The lines of a chunk, as many as end in one block of it at a time. */
struct line_reader {
    const struct scan *scan;
    struct ngram_chunk *chunk;
    const char *block; /* that lines_next has found the lines of */
    const char *line;  /* that comes after them */
    const char *end;
    size_t n; /* lines of the block; number i starts at scan_line(block, ends, i) */
    const uint32_t *ends;
    uint32_t room[1 + SCAN_N_ENDS];
};

static inline void lines_begin(struct line_reader *lines, const struct scan *scan,
                               struct ngram_chunk *chunk)
{
    lines->scan = scan;
    lines->chunk = chunk;
    lines->block = NULL;
    lines->line = chunk->data;
    lines->end =
        chunk->data + (chunk->last ? scan_trim_end(chunk->data, chunk->size) : chunk->size);
    lines->ends = lines->room + 1;
    chunk->n_lines = chunk->n_counted = chunk->n_filtered = chunk->n_invalid = 0;
}

/* 1: at another block, and its lines are counted in the chunk; 0: there is none. */
static inline int lines_next(struct line_reader *lines)
{
    struct ngram_chunk *chunk = lines->chunk;
    const char *block = lines->block ? lines->block + SCAN_BLOCK_SIZE : chunk->data;
    if (block >= lines->end || chunk->n_lines >= chunk->n_max)
        return 0;
    size_t left = (size_t)(lines->end - block);
    size_t n =
        lines->scan->lines(block, left < SCAN_BLOCK_SIZE ? left : SCAN_BLOCK_SIZE, lines->room + 1);
    if (n > chunk->n_max - chunk->n_lines)
        n = (size_t)(chunk->n_max - chunk->n_lines);
    chunk->n_lines += n;
    lines->room[0] = (uint32_t)(lines->line - block - 1);
    lines->block = block;
    lines->n = n;
    lines->line = scan_line(block, lines->ends, n);
    return 1;
}

/* 1: behind all blocks a line is left that no LF ends, from *line to lines->end. */
static inline int lines_last(struct line_reader *lines, const char **line)
{
    struct ngram_chunk *chunk = lines->chunk;
    *line = lines->line;
    if (*line >= lines->end || chunk->n_lines >= chunk->n_max)
        return 0;
    chunk->n_lines++;
    lines->line = lines->end;
    return 1;
}

static inline void lines_end(const struct line_reader *lines)
{
    struct ngram_chunk *chunk = lines->chunk;
    chunk->parsed =
        chunk->n_lines < chunk->n_max ? chunk->size : (size_t)(lines->line - chunk->data);
}

/* 0, or what lets lines_each return it. */
typedef int line_fn(void *user, const char *line, const char *end);

/* Calls take for each line, without its LF. */
static inline __attribute__((always_inline)) int
lines_each(const struct scan *scan, struct ngram_chunk *chunk, line_fn *take, void *user)
{
    struct line_reader lines;
    const char *last;
    int rc = 0;
    lines_begin(&lines, scan, chunk);
    while (rc == 0 && lines_next(&lines)) {
        const char *line = scan_line(lines.block, lines.ends, 0);
        for (size_t i = 0; i < lines.n && rc == 0; i++) {
            const char *end = lines.block + lines.ends[i];
            rc = take(user, line, end);
            line = end + 1;
        }
    }
    if (rc == 0 && lines_last(&lines, &last))
        rc = take(user, last, lines.end);
    lines_end(&lines);
    return rc;
}

#endif
