/*
 * The count is read from the end of the line, up to seven digits at once; any other line, good or
 * bad, takes the slow path, which alone decides what is right.
 */
#include "input/counts.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "input/lines.h"
#include "scan/digits.h"
#include "words/entry.h"

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
    return number_read(*field, *field_size, count) < 0 ? REJECT_COUNT : 0;
}

struct counts {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
};

/* Any line at all. */
static int parse_slowly(const struct counts *counts, const char *line, const char *end)
{
    const struct ngram_sink *sink = counts->sink;
    const char *field, *text_end = line_text_end(line, end);
    size_t field_size;
    uint32_t size;
    uint64_t count;
    enum reject_reason reason =
        counts_parse_line(line, text_end, &size, &count, &field, &field_size);
    if (reason != 0)
        return sink->reject(sink->user, reason, line, (size_t)(end - line), field, field_size);
    counts->chunk->n_counted++;
    return sink->word(sink->user, line, size, &count);
}

static inline int counts_take_line(void *user, const char *line, const char *end)
{
    const struct counts *counts = user;
    const struct ngram_sink *sink = counts->sink;
    if (end - line < 8)
        return parse_slowly(counts, line, end);
    uint64_t digits = load_le64(end - 8) ^ EACH_BYTE('0');
    uint64_t others = (((digits & EACH_BYTE(0x7F)) + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
    if (others == 0 || others >> 63)
        return parse_slowly(counts, line, end);
    /* The last byte that is no digit, and must be the TAB. */
    unsigned at = 7 - (unsigned)__builtin_clzll(others) / 8;
    const char *tab = end - 8 + at;
    if (*tab != '\t' || tab - line > WORD_SIZE_MAX)
        return parse_slowly(counts, line, end);
    digits &= ~UINT64_C(0) << (8 * at + 8);
    uint64_t count = digits_lanes_sum((digits * 2561 >> 8) & 0x00FF00FF00FF00FF);
    counts->chunk->n_counted++;
    return sink->word(sink->user, line, (uint32_t)(tab - line), &count);
}

static int counts_parse(const struct ngram_sink *sink, const struct scan *scan,
                        struct ngram_chunk *chunk)
{
    struct counts counts = {sink, chunk};
    return lines_each(scan, chunk, counts_take_line, &counts);
}

const struct input_format input_counts = {.name = "counts",
                                          .parse = counts_parse,
                                          .values = 1u << NGRAM_MATCHES | 1u << NGRAM_RECORDS,
                                          .is_result = 1};
