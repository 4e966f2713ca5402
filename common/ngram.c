/*
 * Most lines repeat the word before and are added up by scan->same, as many as there are. A line
 * with another word takes a path of its own, and any other line, good or bad, the slow path, which
 * alone decides what is right.
 */
#include "ngram.h"

#include <string.h>

#include "digits.h"
#include "scan.h"
#include "table.h"

/* Flushed early so that what scan->same adds in one chunk can never pass 64 bits. */
#define SUM_MAX (UINT64_C(1) << 62)

struct current {
    struct scan_word word; /* with its TAB; data NULL: none yet */
    uint64_t sum;
};

static int flush(const struct ngram_sink *sink, struct current *current)
{
    if (!current->word.data)
        return 0;
    uint64_t sum = current->sum;
    current->sum = 0;
    return sink->word(sink->user, current->word.data, (uint32_t)(current->word.size - 1), sum);
}

static int reject(const struct ngram_sink *sink, enum reject_reason reason, const char *line,
                  const char *end, const char *field, const char *field_end)
{
    return sink->reject(sink->user, reason, line, (size_t)(end - line), field,
                        (size_t)(field_end - field));
}

/* Any line at all. */
static int parse_line(const struct ngram_sink *sink, struct current *current, const char *line,
                      const char *end)
{
    const char *field[4]; /* where fields start; a TAB stands before each but the first */
    field[0] = line;
    for (int i = 1; i < 4; i++) {
        const char *tab = memchr(field[i - 1], '\t', (size_t)(end - field[i - 1]));
        if (!tab)
            return reject(sink, REJECT_FIELDS, line, end, line, end);
        field[i] = tab + 1;
    }
    uint64_t year, count;
    size_t size = (size_t)(field[1] - line);
    if (size - 1 > WORD_SIZE_MAX)
        return reject(sink, REJECT_WORD, line, end, line, field[1] - 1);
    if (scan_number(field[1], (size_t)(field[2] - 1 - field[1]), &year) < 0)
        return reject(sink, REJECT_YEAR, line, end, field[1], field[2] - 1);
    if (scan_number(field[2], (size_t)(field[3] - 1 - field[2]), &count) < 0)
        return reject(sink, REJECT_COUNT, line, end, field[2], field[3] - 1);

    if (sink->each_line)
        return sink->word(sink->user, line, (uint32_t)(size - 1), count);
    int rc = 0;
    const struct scan_word *word = &current->word;
    if (!word->data || size != word->size || memcmp(line, word->data, size) != 0) {
        rc = flush(sink, current);
        scan_word_set(&current->word, line, size);
    } else if (current->sum > SUM_MAX) {
        rc = flush(sink, current);
    }
    if (rc == 0 && count > SUM_MAX)
        return sink->word(sink->user, line, (uint32_t)(size - 1), count);
    current->sum += count;
    return rc;
}

/* Bytes up to and with the first TAB of the line; 0 if it has none. */
static inline size_t after_tab(const char *line, const char *end)
{
    for (const char *at = line; at < end; at += 8) {
        uint64_t x = load_le64(at) ^ EACH_BYTE('\t');
        uint64_t tabs = (x - EACH_BYTE(1)) & ~x & EACH_BYTE(0x80);
        if (tabs) {
            at += __builtin_ctzll(tabs) / 8 + 1;
            return at <= end ? (size_t)(at - line) : 0;
        }
    }
    return 0;
}

/* A line of another word: the common form here, all others on the slow path. */
static inline int parse_new_word(const struct ngram_sink *sink, struct current *current,
                                 const char *line, const char *end)
{
    size_t size = after_tab(line, end);
    if (size == 0 || size - 1 > WORD_SIZE_MAX)
        return parse_line(sink, current, line, end);
    uint64_t bad = digits_bad_year(line + size);
    uint64_t lanes = digits_short(line + size + 5, &bad);
    if (bad)
        return parse_line(sink, current, line, end);
    int rc = flush(sink, current);
    scan_word_set(&current->word, line, size);
    current->sum = digits_lanes_sum(lanes);
    return rc;
}

/* The lines that end in one block; *line is where the first one starts, and then the next one. */
static int parse_block(const struct ngram_sink *sink, const struct scan *scan,
                       struct current *current, const char *block, size_t size, const char **line,
                       struct ngram_chunk *chunk)
{
    uint32_t ends[SCAN_N_ENDS];
    size_t n = scan->lines(block, size, ends);
    if (n > chunk->n_max - chunk->n_lines)
        n = chunk->n_max - chunk->n_lines;
    chunk->n_lines += n;
    for (size_t i = 0; i < n; i++) {
        size_t n_same = scan->same(&current->word, block, *line, ends + i, n - i, &current->sum);
        i += n_same;
        if (n_same > 0)
            *line = block + ends[i - 1] + 1;
        if (i == n)
            break;
        int rc = parse_new_word(sink, current, *line, block + ends[i]);
        if (rc < 0)
            return rc;
        *line = block + ends[i] + 1;
    }
    return 0;
}

/* Stands for scan->same where no lines may be added up. */
static size_t none_same(const struct scan_word *word, const char *block, const char *line,
                        const uint32_t *ends, size_t n_lines, uint64_t *sum)
{
    (void)word, (void)block, (void)line, (void)ends, (void)n_lines, (void)sum;
    return 0;
}

int ngram_parse_v2(const struct ngram_sink *sink, const struct scan *scan,
                   struct ngram_chunk *chunk)
{
    struct current current = {.word = scan_no_word};
    const char *line = chunk->data;
    const char *end = line + (chunk->last ? scan_trim_end(line, chunk->size) : chunk->size);
    int rc = 0;
    const struct scan line_by_line = {scan->name, scan->lines, scan->count, none_same};
    if (sink->each_line)
        scan = &line_by_line;

    chunk->n_lines = 0;
    for (const char *block = line; block < end && rc == 0 && chunk->n_lines < chunk->n_max;
         block += SCAN_BLOCK_SIZE) {
        size_t left = (size_t)(end - block);
        rc = parse_block(sink, scan, &current, block,
                         left < SCAN_BLOCK_SIZE ? left : SCAN_BLOCK_SIZE, &line, chunk);
    }
    if (rc == 0 && line < end && chunk->n_lines < chunk->n_max) {
        chunk->n_lines++;
        rc = parse_line(sink, &current, line, end);
        line = end;
    }
    chunk->parsed = chunk->n_lines < chunk->n_max ? chunk->size : (size_t)(line - chunk->data);
    return rc == 0 ? flush(sink, &current) : rc;
}
