/*
 * The scan finds the lines of one word and adds up their matches, as for the plain sum. Then these
 * lines, which are in the cache, are gone through once more for the other values. A line that is
 * unusual takes the slow path, which alone decides what is right.
 */
#include "input/several.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "input/lines.h"
#include "scan/digits.h"
#include "words/entry.h"

#define FIELD_MATCHES 2
#define FIELDS_MIN 4
#define FIELDS_MAX 5

struct several {
    const struct ngram_sink *sink;
    const struct scan *scan;
    struct ngram_chunk *chunk;
    const unsigned *field;
    unsigned n;        /* values */
    unsigned next;     /* the only value but matches, and it is right behind them; n: it is not */
    int is_dated;      /* years are looked at */
    unsigned n_digits; /* of the year, that make the group */
    struct scan_word word;
    struct scan_years years;
    uint64_t year; /* first of the group that word is compared with */
    uint64_t sums[NGRAM_VALUES_MAX];
    uint64_t n_in; /* lines in them; 0: there is nothing to tell */
};

static int flush(struct several *several)
{
    const struct ngram_sink *sink = several->sink;
    const struct scan_word *word = &several->word;
    if (several->n_in == 0)
        return 0;
    int rc = sink->several(sink->user, word->data, (uint32_t)(word->year_at - 1), several->year,
                           several->sums);
    memset(several->sums, 0, sizeof several->sums);
    several->n_in = 0;
    return rc;
}

/* Any line at all; it is told at once. */
static int parse_line(struct several *several, const char *line, const char *end)
{
    const struct ngram_sink *sink = several->sink;
    const struct ngram_query *query = sink->query;
    const char *field[FIELDS_MAX + 1], *text_end = line_text_end(line, end);
    unsigned n_fields = FIELDS_MIN;
    for (unsigned i = 0; i < several->n; i++)
        if (several->field[i] >= n_fields)
            n_fields = several->field[i] + 1;
    field[0] = line;
    for (unsigned i = 1; i < n_fields; i++) {
        const char *tab = memchr(field[i - 1], '\t', (size_t)(end - field[i - 1]));
        if (!tab)
            return line_reject(sink, REJECT_FIELDS, line, end, line, end);
        field[i] = tab + 1;
    }
    const char *tab = memchr(field[n_fields - 1], '\t', (size_t)(end - field[n_fields - 1]));
    field[n_fields] = (tab ? tab : text_end) + 1;

    uint64_t year, counts[NGRAM_VALUES_MAX] = {0};
    size_t size = (size_t)(field[1] - line - 1);
    if (size > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, line, field[1] - 1);
    if (number_read(field[1], (size_t)(field[2] - 1 - field[1]), &year) < 0)
        return line_reject(sink, REJECT_YEAR, line, end, field[1], field[2] - 1);
    for (unsigned i = 0; i < several->n; i++) {
        unsigned at = several->field[i];
        counts[i] = 1;
        if (at > 0 &&
            number_read(field[at], (size_t)(field[at + 1] - 1 - field[at]), &counts[i]) < 0)
            return line_reject(sink, REJECT_COUNT, line, end, field[at], field[at + 1] - 1);
    }
    if (!is_asked_for(query, year)) {
        several->chunk->n_filtered++;
        return 0;
    }
    several->chunk->n_counted++;
    note_year(query, year);
    return sink->several(sink->user, line, (uint32_t)size, group_of(query, year), counts);
}

/* Starts of what is asked for behind the year, where text is, are added to values. */
static inline void read_values(const struct several *several, const char *text, const char *end,
                               uint64_t *values, uint64_t *bad)
{
    for (unsigned i = 0; i < several->n; i++) {
        const char *at = text;
        if (several->field[i] == FIELD_MATCHES)
            continue;
        for (unsigned j = FIELD_MATCHES; j < several->field[i]; j++) {
            size_t size = digits_after_tab(at, end);
            *bad |= size == 0;
            at += size;
        }
        values[i] = several->field[i] == 0 ? 1 : digits_before(at, end, bad);
    }
}

/*
 * The same of one value, right behind the matches, and of all years. Lanes are added up, and there
 * are no more lines in a block than they take.
 */
static size_t add_next(struct several *several, const char *block, const uint32_t *ends, size_t n,
                       uint64_t *sum)
{
    size_t matches_at = several->word.year_at + 5, i = 0;
    uint64_t lanes = 0;
    for (; i < n; i++) {
        const char *text = scan_line(block, ends, i) + matches_at, *end = block + ends[i];
        uint64_t tabs = load_le64(text) ^ EACH_BYTE('\t');
        tabs = (tabs - EACH_BYTE(1)) & ~tabs & EACH_BYTE(0x80);
        text += (unsigned)__builtin_ctzll(tabs | UINT64_C(1) << 63) / 8 + 1;
        uint64_t digits = load_le64(text) ^ EACH_BYTE('0');
        uint64_t others = ((digits + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
        unsigned at = (unsigned)__builtin_ctzll(others | UINT64_C(1) << 63);
        if (tabs == 0 || text + at / 8 != end || (others & 0x80))
            break;
        digits <<= (71 - at) & 63;
        lanes += (digits * 2561 >> 8) & 0x00FF00FF00FF00FF;
    }
    *sum += digits_lanes_sum(lanes);
    return i;
}

/* Adds the values but matches of n lines, up to the first that is unusual. Returns how many. */
static size_t add_values(struct several *several, const char *block, const uint32_t *ends, size_t n)
{
    size_t first = several->next < several->n
                       ? add_next(several, block, ends, n, &several->sums[several->next])
                       : 0;
    for (size_t i = first; i < n; i++) {
        const char *year = scan_line(block, ends, i) + several->word.year_at;
        uint64_t bad = 0, values[NGRAM_VALUES_MAX] = {0};
        read_values(several, year + 5, block + ends[i], values, &bad);
        if (bad)
            return i;
        uint64_t in = several->is_dated ? scan_is_in(&several->years, year) : 1;
        for (unsigned j = 0; j < several->n; j++)
            several->sums[j] += in ? values[j] : 0;
    }
    return n;
}

/* The matches of n lines at most. Returns how many have the word. */
static size_t scan_matches(struct several *several, const char *block, const uint32_t *ends,
                           size_t n, uint64_t *sum)
{
    const struct scan *scan = several->scan;
    *sum = 0;
    if (several->is_dated) {
        several->years.n_in = 0;
        return scan->dated(&several->word, block, ends, n, sum, &several->years);
    }
    n = scan->same(&several->word, block, ends, n, sum);
    several->years.n_in = n;
    return n;
}

/* Adds up lines of the word, n at most, and returns how many that were. */
static size_t add_same(struct several *several, const char *block, const uint32_t *ends, size_t n)
{
    uint64_t sum;
    size_t n_same = scan_matches(several, block, ends, n, &sum);
    size_t n_read = add_values(several, block, ends, n_same);
    if (n_read < n_same)
        scan_matches(several, block, ends, n_read, &sum);
    uint64_t n_in = n_read > 0 ? several->years.n_in : 0;
    for (unsigned i = 0; i < several->n && n_read > 0; i++)
        if (several->field[i] == FIELD_MATCHES)
            several->sums[i] += sum;
    several->n_in += n_in;
    several->chunk->n_counted += n_in;
    several->chunk->n_filtered += n_read - n_in;
    return n_read;
}

/* Whether the line is the first of another word or group, as far as its word says; if so it is the
 * one to compare with. */
static int begin_word(struct several *several, const char *line, const char *end, int *rc)
{
    const struct scan_word *word = &several->word;
    size_t size = digits_after_tab(line, end);
    /* Years that are noted are those of single lines. */
    if (several->sink->query->seen || size == 0 || size - 1 > WORD_SIZE_MAX ||
        digits_bad_year(line + size) ||
        (size == word->year_at && memcmp(line, word->data, word->size) == 0))
        return 0;
    *rc = flush(several);
    scan_word_set(&several->word, line, size, several->n_digits);
    several->year = group_of(several->sink->query, digits_year(line + size));
    return 1;
}

static int parse_block(struct several *several, const struct lines *lines)
{
    const char *block = lines->block;
    const uint32_t *ends = lines->ends;
    int rc = 0;
    for (size_t i = 0; i < lines->n && rc == 0;) {
        size_t most = several->sink->each_line ? 1 : lines->n - i;
        size_t n_same = add_same(several, block, ends + i, most);
        i += n_same;
        if (n_same > 0 && several->sink->each_line)
            rc = flush(several);
        const char *line = scan_line(block, ends, i), *end = block + ends[i];
        if (rc < 0 || i == lines->n || (n_same > 0 && several->sink->each_line) ||
            begin_word(several, line, end, &rc))
            continue;
        rc = parse_line(several, line, end);
        i++;
    }
    return rc;
}

/* Where add_next may be used. */
static unsigned next_value(const struct several *several)
{
    const unsigned *field = several->field;
    if (several->n != 2 || several->is_dated)
        return several->n;
    for (unsigned i = 0; i < 2; i++)
        if (field[i] == FIELD_MATCHES + 1 && field[1 - i] == FIELD_MATCHES)
            return i;
    return several->n;
}

_Static_assert(SCAN_SAME_MAX <= DIGITS_LANES_MAX, "lanes");

int several_parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk,
                  const unsigned field[NGRAM_VALUES_MAX])
{
    static const unsigned n_digits[] = {
        [NGRAM_BY_WORD] = 0, [NGRAM_BY_YEAR] = 4, [NGRAM_BY_DECADE] = 3};
    const struct ngram_query *query = sink->query;
    struct several several = {.sink = sink,
                              .scan = scan,
                              .chunk = chunk,
                              .field = field,
                              .n = query->n_values,
                              .is_dated = query->by != NGRAM_BY_WORD || query->first_year > 0 ||
                                          query->last_year < UINT64_MAX,
                              .n_digits = n_digits[query->by],
                              .word = scan_no_word,
                              .years = lines_years(query)};
    several.next = next_value(&several);
    struct lines lines;
    const char *last;
    int rc = 0;
    lines_begin(&lines, scan, chunk);
    while (rc == 0 && lines_next(&lines))
        rc = parse_block(&several, &lines);
    if (rc == 0 && lines_last(&lines, &last))
        rc = parse_line(&several, last, lines.end);
    lines_end(&lines);
    return rc == 0 ? flush(&several) : rc;
}
