/*
 * Counts are read from the end of the line, up to seven digits at once; any other line, good or
 * bad, takes the slow path, which alone decides what is right.
 */
#include "input/counts.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "input/lines.h"
#include "scan/digits.h"
#include "words/entry.h"

/* Whether a word is not too long, or has a year or decade behind it and would not be without. */
static int fits(const char *word, size_t size)
{
    const char *field;
    uint64_t period;
    uint32_t word_size = (uint32_t)size;
    return size <= WORD_SIZE_MAX ||
           (size <= KEY_SIZE_MAX &&
            counts_cut_period(NGRAM_BY_YEAR, word, &word_size, &period, &field) &&
            word_size <= WORD_SIZE_MAX);
}

enum reject_reason counts_parse_line(const char *line, const char *end, unsigned n,
                                     uint32_t *word_size, uint64_t *counts, const char **field,
                                     size_t *field_size)
{
    const char *tab = end, *tabs[NGRAM_VALUES_MAX + 1];
    *field = line;
    *field_size = (size_t)(end - line);
    tabs[n] = end;
    for (unsigned i = n; i-- > 0;) {
        tab = memrchr(line, '\t', (size_t)(tab - line));
        if (!tab)
            return REJECT_FIELDS;
        tabs[i] = tab;
    }
    *field_size = (size_t)(tab - line);
    if (!fits(line, *field_size))
        return REJECT_WORD;
    *word_size = (uint32_t)*field_size;
    for (unsigned i = 0; i < n; i++) {
        *field = tabs[i] + 1;
        *field_size = (size_t)(tabs[i + 1] - *field);
        if (number_read(*field, *field_size, &counts[i]) < 0)
            return REJECT_COUNT;
    }
    return 0;
}

int counts_cut_period(enum ngram_by by, const char *word, uint32_t *size, uint64_t *period,
                      const char **field)
{
    const char *tab = memrchr(word, '\t', *size);
    size_t n = tab ? (size_t)(word + *size - (tab + 1)) : 0;
    *field = tab ? tab + 1 : word;
    if (n == 0 || number_read(tab + 1, n, period) < 0 || (n > 1 && tab[1] == '0') ||
        (by == NGRAM_BY_DECADE && *period % 10 != 0))
        return 0;
    *size = (uint32_t)(tab - word);
    return 1;
}

struct counts {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
    unsigned n; /* in a line */
};

/* Any line at all. */
static int parse_slowly(const struct counts *counts, const char *line, const char *end)
{
    const struct ngram_sink *sink = counts->sink;
    const char *field, *text_end = line_text_end(line, end);
    size_t field_size;
    uint32_t size;
    uint64_t numbers[NGRAM_VALUES_MAX];
    enum reject_reason reason =
        counts_parse_line(line, text_end, counts->n, &size, numbers, &field, &field_size);
    if (reason != 0)
        return sink->reject(sink->user, reason, line, (size_t)(end - line), field, field_size);
    if (sink->query->by == NGRAM_BY_WORD) {
        counts->chunk->n_counted++;
        return sink->word(sink->user, line, size, numbers);
    }
    uint64_t period;
    const char *key_end = line + size;
    if (!counts_cut_period(sink->query->by, line, &size, &period, &field))
        return line_reject(sink, REJECT_YEAR, line, end, field, key_end);
    counts->chunk->n_counted++;
    return sink->dated(sink->user, line, size, period, numbers);
}

static inline int counts_take_line(void *user, const char *line, const char *end)
{
    const struct counts *counts = user;
    const struct ngram_sink *sink = counts->sink;
    const char *tab = end;
    uint64_t numbers[NGRAM_VALUES_MAX];
    if (sink->query->by != NGRAM_BY_WORD)
        return parse_slowly(counts, line, end);
    for (unsigned i = counts->n; i-- > 0;) {
        if (tab - line < 8)
            return parse_slowly(counts, line, end);
        const char *eight = tab - 8;
        uint64_t digits = load_le64(eight) ^ EACH_BYTE('0');
        uint64_t others =
            (((digits & EACH_BYTE(0x7F)) + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
        if (others == 0 || others >> 63)
            return parse_slowly(counts, line, end);
        /* The last byte that is no digit, and must be the TAB. */
        unsigned at = 7 - (unsigned)__builtin_clzll(others) / 8;
        tab = eight + at;
        if (*tab != '\t')
            return parse_slowly(counts, line, end);
        digits &= ~UINT64_C(0) << (8 * at + 8);
        numbers[i] = digits_lanes_sum((digits * 2561 >> 8) & 0x00FF00FF00FF00FF);
    }
    if (tab - line > WORD_SIZE_MAX)
        return parse_slowly(counts, line, end);
    counts->chunk->n_counted++;
    return sink->word(sink->user, line, (uint32_t)(tab - line), numbers);
}

static int counts_parse(const struct ngram_sink *sink, const struct scan *scan,
                        struct ngram_chunk *chunk)
{
    struct counts counts = {sink, chunk, query_n_values(sink->query)};
    return lines_each(scan, chunk, counts_take_line, &counts);
}

const struct input_format input_counts = {.name = "counts",
                                          .parse = counts_parse,
                                          .values = NGRAM_VALUES_ALL,
                                          .has_several = 1,
                                          .is_result = 1};
