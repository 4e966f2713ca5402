/*
 * What parsers share: the lines of a chunk, one after the other, how a bad one is told, and what a
 * year is in a query.
 */
#ifndef COMMON_INPUT_LINES_H
#define COMMON_INPUT_LINES_H

#include "base/number.h"
#include "input/format.h"
#include "scan/scan.h"

/* Sums are told before they pass it, so what one chunk adds can never pass 64 bits. */
#define SUM_MAX (UINT64_C(1) << 62)

/* The first year of the group that a year is in. */
static inline uint64_t group_of(const struct ngram_query *query, uint64_t year)
{
    return query->by == NGRAM_BY_DECADE ? year - year % 10 : year;
}

static inline int is_asked_for(const struct ngram_query *query, uint64_t year)
{
    return year >= query->first_year && year <= query->last_year;
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

/* 0, or what lets lines_each return it. */
typedef int line_fn(void *user, const char *line, const char *end);

/* Calls take for each line, without its LF, and sets what is known then. */
static inline __attribute__((always_inline)) int
lines_each(const struct scan *scan, struct ngram_chunk *chunk, line_fn *take, void *user)
{
    const char *line = chunk->data;
    const char *end = line + (chunk->last ? scan_trim_end(line, chunk->size) : chunk->size);
    int rc = 0;
    chunk->n_lines = chunk->n_counted = chunk->n_filtered = chunk->n_invalid = 0;
    for (const char *block = line; block < end && rc == 0 && chunk->n_lines < chunk->n_max;
         block += SCAN_BLOCK_SIZE) {
        uint32_t ends[SCAN_N_ENDS];
        size_t left = (size_t)(end - block);
        size_t n = scan->lines(block, left < SCAN_BLOCK_SIZE ? left : SCAN_BLOCK_SIZE, ends);
        if (n > chunk->n_max - chunk->n_lines)
            n = (size_t)(chunk->n_max - chunk->n_lines);
        chunk->n_lines += n;
        for (size_t i = 0; i < n && rc == 0; i++) {
            rc = take(user, line, block + ends[i]);
            line = block + ends[i] + 1;
        }
    }
    if (rc == 0 && line < end && chunk->n_lines < chunk->n_max) {
        chunk->n_lines++;
        rc = take(user, line, end);
        line = end;
    }
    chunk->parsed = chunk->n_lines < chunk->n_max ? chunk->size : (size_t)(line - chunk->data);
    return rc;
}

#endif
