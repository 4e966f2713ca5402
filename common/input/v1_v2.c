/*
 * v1 and v2. Most lines repeat the word before and are added up by scan->same, as many as there
 * are. A line with another word takes a path of its own, and any other line, good or bad, the slow
 * path, which alone decides what is right. What else is asked for has loops of its own, so that the
 * plain sum pays nothing for it. Lines of some years go to scan->dated, other values to
 * input/several.h, and counts by year or decade to input/dated.h.
 */
#include "input/v1_v2.h"

#include <string.h>

#include "input/dated.h"
#include "input/lines.h"
#include "input/several.h"
#include "scan/digits.h"
#include "words/entry.h"

#define RECORDS_MAX 64 /* read at a time */

/* Which loop. */
enum variant { PLAIN, SOME_YEARS };

struct reader {
    const struct ngram_sink *sink;
    const struct scan *scan;
    struct ngram_chunk *chunk;
    struct scan_word word;
    uint64_t sum;  /* of word */
    uint64_t n_in; /* lines in it; 0: there is nothing to tell */
    int is_apart;  /* lines are taken each on its own */
    struct scan_years years;
};

static int word_flush(struct reader *reader)
{
    const struct ngram_sink *sink = reader->sink;
    const struct scan_word *word = &reader->word;
    uint64_t sum = reader->sum;
    if (reader->n_in == 0)
        return 0;
    reader->sum = reader->n_in = 0;
    return sink->word(sink->user, word->data, (uint32_t)(word->size - 1), &sum);
}

/* What a line of the slow path says. */
static int add_record(struct reader *reader, const char *line, const struct v1_v2_record *record)
{
    const struct ngram_sink *sink = reader->sink;
    const struct ngram_query *query = sink->query;
    const struct scan_word *word = &reader->word;
    uint64_t count = record->counts[0];
    size_t size = record->size;
    if (!is_asked_for(query, record->year)) {
        reader->chunk->n_filtered++;
        return 0;
    }
    reader->chunk->n_counted++;
    if (sink->each_line)
        return sink->word(sink->user, line, (uint32_t)(size - 1), &count);
    int rc = 0;
    if (!word->data || size != word->size || memcmp(line, word->data, size) != 0) {
        rc = word_flush(reader);
        scan_word_set(&reader->word, line, size, 0);
    } else if (reader->sum > SUM_MAX) {
        rc = word_flush(reader);
    }
    reader->n_in++;
    if (rc == 0 && count > SUM_MAX)
        return sink->word(sink->user, line, (uint32_t)(size - 1), &count);
    reader->sum += count;
    return rc;
}

/* Any line at all. */
static int record_parse(struct reader *reader, const char *line, const char *end)
{
    static const unsigned matches[] = {V1_V2_MATCHES};
    struct v1_v2_record record;
    int rc = v1_v2_read(reader->sink, line, end, matches, 1, &record);
    return rc <= 0 ? rc : add_record(reader, line, &record);
}

/* The line at hand is the first one of another word; size: of its word and TAB. */
static inline int begin_word(struct reader *reader, const char *line, size_t size)
{
    int rc = word_flush(reader);
    scan_word_set(&reader->word, line, size, 0);
    return rc;
}

/* Whether the line may be such a one, as far as its word says. */
static inline int is_new_word(const struct reader *reader, const char *line, const char *end,
                              size_t *size)
{
    const struct scan_word *word = &reader->word;
    *size = v1_v2_word_size(line, end);
    if (*size == 0)
        return 0;
    return *size != word->size || memcmp(line, word->data, word->size) != 0;
}

/* What n more lines of the word add, of which n_in are of the years asked for. */
static inline void count_lines(struct reader *reader, uint64_t n, uint64_t n_in)
{
    reader->n_in += n_in;
    reader->chunk->n_counted += n_in;
    reader->chunk->n_filtered += n - n_in;
}

/* Adds up lines of the word, n at most, and returns how many that were. */
static inline size_t add_same(struct reader *reader, const char *block, const uint32_t *ends,
                              size_t n, enum variant variant)
{
    const struct scan *scan = reader->scan;
    if (variant == PLAIN) {
        size_t n_same = scan->same(&reader->word, block, ends, n, &reader->sum);
        count_lines(reader, n_same, n_same);
        return n_same;
    }
    struct scan_years *years = &reader->years;
    years->n_in = 0;
    size_t n_same = scan->dated(&reader->word, block, ends, n, &reader->sum, years);
    count_lines(reader, n_same, years->n_in);
    return n_same;
}

/* Lines that have little in common with those before them. */
static int parse_apart(struct reader *reader, const char *block, const uint32_t *ends, size_t n)
{
    const struct ngram_sink *sink = reader->sink;
    struct scan_record records[RECORDS_MAX];
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0;) {
        size_t n_wanted = n - i < RECORDS_MAX ? n - i : RECORDS_MAX;
        size_t n_read = reader->scan->each(block, ends + i, n_wanted, records);
        reader->chunk->n_counted += n_read;
        for (size_t j = 0; j < n_read && rc == 0; j++)
            rc = sink->word(sink->user, records[j].word, records[j].size, &records[j].count);
        i += n_read;
        if (rc == 0 && n_read < n_wanted) {
            rc = record_parse(reader, scan_line(block, ends, i), block + ends[i]);
            i++;
        }
    }
    return rc;
}

/* The lines that end in one block. */
static inline __attribute__((always_inline)) int
parse_block(struct reader *reader, const struct line_reader *lines, enum variant variant)
{
    const char *block = lines->block;
    const uint32_t *ends = lines->ends;
    size_t n = lines->n;
    if (variant == PLAIN && reader->is_apart)
        return parse_apart(reader, block, ends, n);
    int rc = 0;
    size_t n_words = 0;
    for (size_t i = 0; i < n && rc == 0;) {
        int each_line = variant == SOME_YEARS && reader->sink->each_line;
        size_t n_same = add_same(reader, block, ends + i, each_line ? 1 : n - i, variant);
        i += n_same;
        if (each_line && n_same > 0) {
            rc = word_flush(reader);
            continue;
        }
        if (i == n)
            break;
        const char *start = scan_line(block, ends, i), *end = block + ends[i];
        size_t word_size;
        if (is_new_word(reader, start, end, &word_size)) {
            rc = begin_word(reader, start, word_size);
            n_words++;
            continue;
        }
        rc = record_parse(reader, start, end);
        i++;
    }
    /* Where words seldom come twice in a row, to compare them is in vain. */
    reader->is_apart = variant == PLAIN && 2 * n_words > n;
    return rc;
}

static int parse_chunk(struct reader *reader, enum variant variant)
{
    struct line_reader lines;
    const char *last;
    int rc = 0;
    lines_begin(&lines, reader->scan, reader->chunk);
    while (rc == 0 && lines_next(&lines)) {
        if ((size_t)(lines.block - reader->chunk->data) % LINES_APART_SIZE == 0)
            reader->is_apart = reader->sink->each_line;
        rc = variant == PLAIN ? parse_block(reader, &lines, PLAIN)
                              : parse_block(reader, &lines, SOME_YEARS);
    }
    if (rc == 0 && lines_last(&lines, &last))
        rc = record_parse(reader, last, lines.end);
    lines_end(&lines);
    return rc == 0 ? word_flush(reader) : rc;
}

/* fields: where each value is in such a line, 0 for records. */
static int parse_fields(const struct ngram_sink *sink, const struct scan *scan,
                        struct ngram_chunk *chunk, const unsigned *fields)
{
    const struct ngram_query *query = sink->query;
    unsigned several[NGRAM_VALUES_MAX] = {fields[query->value]};
    for (unsigned i = 0; i < query->n_values; i++)
        several[i] = fields[query->values[i]];
    if (query->by != NGRAM_BY_WORD && query->n_values <= 1)
        return dated_parse(sink, scan, chunk, several[0]);
    if (query->n_values > 1 || query->value != NGRAM_MATCHES || query->seen)
        return several_parse(sink, scan, chunk, several);
    struct reader reader = {.sink = sink,
                            .scan = scan,
                            .chunk = chunk,
                            .word = scan_no_word,
                            .years = lines_years(query)};
    int is_plain = query->first_year == 0 && query->last_year == UINT64_MAX;
    return parse_chunk(&reader, is_plain ? PLAIN : SOME_YEARS);
}

static int parse_v1(const struct ngram_sink *sink, const struct scan *scan,
                    struct ngram_chunk *chunk)
{
    static const unsigned fields[] = {[NGRAM_MATCHES] = V1_V2_MATCHES,
                                      [NGRAM_PAGES] = 3,
                                      [NGRAM_VOLUMES] = 4,
                                      [NGRAM_RECORDS] = 0};
    return parse_fields(sink, scan, chunk, fields);
}

static int parse_v2(const struct ngram_sink *sink, const struct scan *scan,
                    struct ngram_chunk *chunk)
{
    static const unsigned fields[] = {
        [NGRAM_MATCHES] = V1_V2_MATCHES, [NGRAM_VOLUMES] = 3, [NGRAM_RECORDS] = 0};
    return parse_fields(sink, scan, chunk, fields);
}

/* A line with so many fields is no v1 any more. */
#define FIELDS_SEEN (V1_V2_FIELDS_MAX + 1)

/* Where the first fields of a line start, and behind them where one more would.
 * Returns how many. */
static unsigned find_fields(const char *line, const char *end, const char *field[FIELDS_SEEN + 1])
{
    unsigned n = 0;
    const char *tab;
    end = line_text_end(line, end);
    do {
        field[n++] = line;
        tab = memchr(line, '\t', (size_t)(end - line));
        line = (tab ? tab : end) + 1;
    } while (tab && n < FIELDS_SEEN);
    field[n] = line;
    return n;
}

/* Whether the n fields behind the first are numbers. */
static int fields_are_numbers(const char *const *field, unsigned n)
{
    for (unsigned i = 1; i <= n; i++)
        if (!line_is_number(field[i], field[i + 1] - 1))
            return 0;
    return 1;
}

static int is_v1_line(const char *line, const char *end, int is_whole)
{
    const char *field[FIELDS_SEEN + 1];
    return is_whole && find_fields(line, end, field) == V1_V2_FIELDS_MAX &&
           fields_are_numbers(field, V1_V2_FIELDS_MAX - 1);
}

/* A result with ranks has as many fields, but fractions in the last ones. */
static int is_v2_line(const char *line, const char *end, int is_whole)
{
    const char *field[FIELDS_SEEN + 1];
    unsigned n = is_whole ? find_fields(line, end, field) : 0;
    return n >= V1_V2_FIELDS_MIN && fields_are_numbers(field, n == V1_V2_FIELDS_MIN ? 2 : 3);
}

const struct input_format input_v1 = {.name = "v1",
                                      .parse = parse_v1,
                                      .values = 1u << NGRAM_MATCHES | 1u << NGRAM_PAGES |
                                                1u << NGRAM_VOLUMES | 1u << NGRAM_RECORDS,
                                      .has_years = 1,
                                      .has_several = 1,
                                      .is_line = is_v1_line};

const struct input_format input_v2 = {.name = "v2",
                                      .parse = parse_v2,
                                      .values = 1u << NGRAM_MATCHES | 1u << NGRAM_VOLUMES |
                                                1u << NGRAM_RECORDS,
                                      .has_years = 1,
                                      .has_several = 1,
                                      .is_line = is_v2_line};
