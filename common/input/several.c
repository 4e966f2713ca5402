/*
 * The scan adds up the lines of one word: their matches and one more value in one pass. Who asks
 * for more than that has a pass for each. A line that is unusual takes the slow path, which alone
 * decides what is right.
 */
#include "input/several.h"

#include <string.h>

#include "base/number.h"
#include "input/lines.h"
#include "scan/digits.h"
#include "words/entry.h"

struct several {
    const struct ngram_sink *sink;
    const struct scan *scan;
    struct ngram_chunk *chunk;
    const unsigned *fields;
    unsigned n;                        /* values */
    unsigned behind[V1_V2_FIELDS_MAX]; /* fields behind the matches that are asked for */
    unsigned n_behind;
    unsigned last;     /* the last field that is asked for, or must be there */
    int is_apart;      /* lines are taken each on its own */
    int is_dated;      /* years are looked at */
    unsigned n_digits; /* of the year, that make the group */
    struct scan_word word;
    struct scan_years years;
    uint64_t year; /* first of the group that word is compared with */
    uint64_t sums[NGRAM_VALUES_MAX];
    uint64_t n_in; /* lines in them; 0: there is nothing to tell */
};

static int tell(const struct ngram_sink *sink, const char *word, size_t size, uint64_t year,
                const uint64_t *counts)
{
    const struct ngram_query *query = sink->query;
    if (query->by == NGRAM_BY_WORD)
        return sink->word(sink->user, word, (uint32_t)size, counts);
    return sink->dated(sink->user, word, (uint32_t)size, year, counts);
}

static int flush(struct several *several)
{
    const struct scan_word *word = &several->word;
    if (several->n_in == 0)
        return 0;
    int rc = tell(several->sink, word->data, word->year_at - 1, several->year, several->sums);
    memset(several->sums, 0, sizeof several->sums);
    several->n_in = 0;
    return rc;
}

int v1_v2_read(const struct ngram_sink *sink, const char *line, const char *end,
               const unsigned *fields, unsigned n, struct v1_v2_record *record)
{
    /* Where fields start; a TAB stands before each but the first. */
    const char *field[V1_V2_FIELDS_MAX + 1];
    unsigned n_fields = V1_V2_FIELDS_MIN;
    for (unsigned i = 0; i < n; i++)
        if (fields[i] >= n_fields)
            n_fields = fields[i] + 1;
    field[0] = line;
    for (unsigned i = 1; i < n_fields; i++) {
        const char *tab = memchr(field[i - 1], '\t', (size_t)(end - field[i - 1]));
        if (!tab)
            return line_reject(sink, REJECT_FIELDS, line, end, line, end);
        field[i] = tab + 1;
    }
    const char *tab = memchr(field[n_fields - 1], '\t', (size_t)(end - field[n_fields - 1]));
    field[n_fields] = (tab ? tab : line_text_end(line, end)) + 1;

    record->size = (size_t)(field[1] - line);
    if (record->size - 1 > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, line, field[1] - 1);
    if (number_read(field[1], (size_t)(field[2] - 1 - field[1]), &record->year) < 0)
        return line_reject(sink, REJECT_YEAR, line, end, field[1], field[2] - 1);
    for (unsigned i = 0; i < n; i++) {
        const char *value = field[fields[i]], *value_end = field[fields[i] + 1] - 1;
        record->counts[i] = 1;
        if (fields[i] > 0 &&
            number_read(value, (size_t)(value_end - value), &record->counts[i]) < 0)
            return line_reject(sink, REJECT_COUNT, line, end, value, value_end);
    }
    return 1;
}

/* What a line says is told at once. */
static int tell_line(struct several *several, const char *line, const struct v1_v2_record *record)
{
    const struct ngram_sink *sink = several->sink;
    const struct ngram_query *query = sink->query;
    if (!is_asked_for(query, record->year)) {
        several->chunk->n_filtered++;
        return 0;
    }
    several->chunk->n_counted++;
    note_year(query, record->year);
    return tell(sink, line, record->size - 1, group_of(query, record->year), record->counts);
}

/* Any line at all. */
static int parse_line(struct several *several, const char *line, const char *end)
{
    struct v1_v2_record record;
    int rc = v1_v2_read(several->sink, line, end, several->fields, several->n, &record);
    return rc <= 0 ? rc : tell_line(several, line, &record);
}

/* The same, sooner if all of its numbers are short. */
static int parse_apart(struct several *several, const char *line, const char *end)
{
    struct v1_v2_record record = {.size = digits_after_tab(line, end)};
    uint64_t values[V1_V2_FIELDS_MAX] = {1};
    if (record.size == 0 || record.size - 1 > WORD_SIZE_MAX ||
        end - line < (ptrdiff_t)record.size + 5)
        return parse_line(several, line, end);
    uint64_t bad = digits_bad_year(line + record.size);
    const char *text = line + record.size;
    for (unsigned field = V1_V2_MATCHES; field <= several->last; field++) {
        size_t size = digits_after_tab(text, end);
        bad |= size == 0;
        text += size;
        values[field] = digits_lanes_sum(digits_ended(text, end, &bad));
    }
    if (bad)
        return parse_line(several, line, end);
    record.year = digits_year(line + record.size);
    for (unsigned i = 0; i < several->n; i++)
        record.counts[i] = values[several->fields[i]];
    return tell_line(several, line, &record);
}

/*
 * Adds up lines of the word, n at most, up to the first that has an unusual value. Sums are by
 * field; *n_in gets how many lines are of the years asked for. Returns how many lines that were.
 */
static size_t scan_lines(struct several *several, const char *block, const uint32_t *ends, size_t n,
                         uint64_t sums[V1_V2_FIELDS_MAX], uint64_t *n_in)
{
    const struct scan *scan = several->scan;
    const struct scan_word *word = &several->word;
    struct scan_years *years = several->is_dated ? &several->years : NULL;
    size_t n_read = n;
    memset(sums, 0, V1_V2_FIELDS_MAX * sizeof *sums);
    several->years.n_in = 0;
    if (several->n_behind == 0)
        n_read = years ? scan->dated(word, block, ends, n, &sums[V1_V2_MATCHES], years)
                       : scan->same(word, block, ends, n, &sums[V1_V2_MATCHES]);
    for (unsigned i = 0; i < several->n_behind; i++) {
        unsigned field = several->behind[i];
        uint64_t pair[2] = {0, 0};
        several->years.n_in = 0;
        size_t n_now =
            scan->pair(word, block, ends, n_read, field - V1_V2_MATCHES - 1, pair, years);
        if (i > 0 && n_now < n_read)
            return scan_lines(several, block, ends, n_now, sums, n_in);
        n_read = n_now;
        sums[V1_V2_MATCHES] = pair[0];
        sums[field] = pair[1];
    }
    *n_in = years ? years->n_in : n_read;
    sums[0] = *n_in;
    return n_read;
}

/* The same of the matches and one field behind them, or of that field alone. */
static inline size_t scan_pair(struct several *several, const char *block, const uint32_t *ends,
                               size_t n, uint64_t sums[V1_V2_FIELDS_MAX], uint64_t *n_in)
{
    unsigned field = several->behind[0];
    uint64_t pair[2] = {0, 0};
    several->years.n_in = 0;
    n = several->scan->pair(&several->word, block, ends, n, field - V1_V2_MATCHES - 1, pair,
                            several->is_dated ? &several->years : NULL);
    *n_in = sums[0] = several->is_dated ? several->years.n_in : n;
    sums[V1_V2_MATCHES] = pair[0];
    sums[field] = pair[1];
    return n;
}

/* The years of n lines of the word, of those that are asked for. */
static void note_years(const struct several *several, const char *block, const uint32_t *ends,
                       size_t n)
{
    const struct ngram_query *query = several->sink->query;
    for (size_t i = 0; i < n; i++) {
        const char *year = scan_line(block, ends, i) + several->word.year_at;
        if (scan_is_in(&several->years, year))
            note_year(query, digits_year(year));
    }
}

/* Adds up lines of the word, n at most, and returns how many that were. */
static size_t add_same(struct several *several, const char *block, const uint32_t *ends, size_t n)
{
    uint64_t sums[V1_V2_FIELDS_MAX], n_in;
    n = several->n_behind == 1 ? scan_pair(several, block, ends, n, sums, &n_in)
                               : scan_lines(several, block, ends, n, sums, &n_in);
    for (unsigned i = 0; i < several->n; i++)
        several->sums[i] += sums[several->fields[i]];
    if (several->sink->query->seen)
        note_years(several, block, ends, n);
    several->n_in += n_in;
    several->chunk->n_counted += n_in;
    several->chunk->n_filtered += n - n_in;
    return n;
}

/* Whether the line is the first of another word or group, as far as its word says; if so it is the
 * one to compare with. */
static int begin_word(struct several *several, const char *line, const char *end, int *rc)
{
    const struct scan_word *word = &several->word;
    size_t size = v1_v2_word_size(line, end);
    if (size == 0 || (size == word->year_at && memcmp(line, word->data, word->size) == 0))
        return 0;
    *rc = flush(several);
    scan_word_set(&several->word, line, size, several->n_digits);
    several->year = group_of(several->sink->query, digits_year(line + size));
    return 1;
}

static int parse_block(struct several *several, const struct line_reader *lines)
{
    const char *block = lines->block;
    const uint32_t *ends = lines->ends;
    size_t n_words = 0;
    int rc = 0;
    for (size_t i = 0; i < lines->n && rc == 0;) {
        if (!several->is_apart)
            i += add_same(several, block, ends + i, lines->n - i);
        if (i == lines->n)
            break;
        const char *line = scan_line(block, ends, i), *end = block + ends[i];
        if (!several->is_apart && begin_word(several, line, end, &rc)) {
            n_words++;
            continue;
        }
        rc = parse_apart(several, line, end);
        i++;
    }
    /* Where words seldom come twice in a row, to compare them is in vain. */
    several->is_apart |= 2 * n_words > lines->n;
    return rc;
}

/* Finds out which fields behind the matches are asked for. */
static void find_fields(struct several *several)
{
    several->last = V1_V2_FIELDS_MIN - 1;
    for (unsigned i = 0; i < several->n; i++) {
        unsigned field = several->fields[i];
        if (field > V1_V2_MATCHES)
            several->behind[several->n_behind++] = field;
        if (field > several->last)
            several->last = field;
    }
}

int several_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                  const unsigned *fields)
{
    static const unsigned n_digits[] = {
        [NGRAM_BY_WORD] = 0, [NGRAM_BY_YEAR] = 4, [NGRAM_BY_DECADE] = 3};
    const struct ngram_query *query = sink->query;
    struct several several = {.sink = sink,
                              .scan = scan,
                              .chunk = chunk,
                              .fields = fields,
                              .n = query_n_values(query),
                              .is_dated = query->by != NGRAM_BY_WORD || query->first_year > 0 ||
                                          query->last_year < UINT64_MAX,
                              .n_digits = n_digits[query->by],
                              .word = scan_no_word,
                              .years = lines_years(query)};
    find_fields(&several);
    struct line_reader lines;
    const char *last;
    int rc = 0;
    lines_begin(&lines, scan, chunk);
    while (rc == 0 && lines_next(&lines)) {
        if ((size_t)(lines.block - chunk->data) % LINES_APART_SIZE == 0)
            several.is_apart = sink->each_line;
        rc = parse_block(&several, &lines);
    }
    if (rc == 0 && lines_last(&lines, &last))
        rc = parse_line(&several, last, lines.end);
    lines_end(&lines);
    return rc == 0 ? flush(&several) : rc;
}
