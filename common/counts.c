/*
 * The count is read from the end of the line, up to seven digits at once; any other line, good or
 * bad, takes the slow path, which alone decides what is right.
 */
#include "counts.h"

#include <string.h>

#include "digits.h"
#include "table.h"

enum reject_reason counts_parse_line(const char *line, const char *end, uint32_t *word_size,
                                     uint64_t *count, const char **field, size_t *field_size)
{
    const char *tab = memrchr(line, '\t', (size_t)(end - line));
    *field = line;
    *field_size = (size_t)(end - line);
    if (!tab)
        return REJECT_FIELDS;
    *field_size = (size_t)(tab - line);
    if (*field_size > WORD_SIZE_MAX)
        return REJECT_WORD;
    *word_size = (uint32_t)*field_size;
    *field = tab + 1;
    *field_size = (size_t)(end - *field);
    return scan_number(*field, *field_size, count) < 0 ? REJECT_COUNT : 0;
}

/* Any line at all. */
static int parse_slowly(const struct ngram_sink *sink, const char *line, const char *end)
{
    const char *field, *text_end = end > line && end[-1] == '\r' ? end - 1 : end;
    size_t field_size;
    uint32_t size;
    uint64_t count;
    enum reject_reason reason =
        counts_parse_line(line, text_end, &size, &count, &field, &field_size);
    if (reason != 0)
        return sink->reject(sink->user, reason, line, (size_t)(end - line), field, field_size);
    return sink->word(sink->user, line, size, count);
}

static inline int parse_line(const struct ngram_sink *sink, const char *line, const char *end)
{
    if (end - line < 8)
        return parse_slowly(sink, line, end);
    uint64_t digits = load_le64(end - 8) ^ EACH_BYTE('0');
    uint64_t others = (((digits & EACH_BYTE(0x7F)) + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
    if (others == 0 || others >> 63)
        return parse_slowly(sink, line, end);
    /* The last byte that is no digit, and must be the TAB. */
    unsigned at = 7 - (unsigned)__builtin_clzll(others) / 8;
    const char *tab = end - 8 + at;
    if (*tab != '\t' || tab - line > WORD_SIZE_MAX)
        return parse_slowly(sink, line, end);
    digits &= ~UINT64_C(0) << (8 * at + 8);
    uint64_t count = digits_lanes_sum((digits * 2561 >> 8) & 0x00FF00FF00FF00FF);
    return sink->word(sink->user, line, (uint32_t)(tab - line), count);
}

int counts_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk)
{
    const char *line = chunk->data;
    const char *end = line + (chunk->last ? scan_trim_end(line, chunk->size) : chunk->size);
    uint32_t ends[SCAN_N_ENDS];
    int rc = 0;

    chunk->n_lines = 0;
    for (const char *block = line; block < end && rc == 0; block += SCAN_BLOCK_SIZE) {
        size_t left = (size_t)(end - block);
        size_t n = scan->lines(block, left < SCAN_BLOCK_SIZE ? left : SCAN_BLOCK_SIZE, ends);
        for (size_t i = 0; i < n && rc == 0; i++) {
            if (chunk->n_lines == chunk->n_max)
                goto done;
            chunk->n_lines++;
            rc = parse_line(sink, line, block + ends[i]);
            line = block + ends[i] + 1;
        }
    }
    if (rc == 0 && line < end && chunk->n_lines < chunk->n_max) {
        chunk->n_lines++;
        rc = parse_line(sink, line, end);
        line = end;
    }
done:
    chunk->parsed = chunk->n_lines < chunk->n_max ? chunk->size : (size_t)(line - chunk->data);
    return rc;
}
