/*
 * v3: a line holds all years of a word, in kilobytes. Short numbers are read eight bytes at a time
 * and added up as they come. A line with anything else in it takes the slow path, which looks at
 * all of it before it tells any.
 */
#include "input/v3.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "input/lines.h"
#include "scan/digits.h"
#include "words/entry.h"

struct v3 {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
};

/* Whether the points of a line are told together. */
static inline int is_dated(const struct ngram_query *query)
{
    return query->by != NGRAM_BY_WORD && query->n_values <= 1;
}

/* One `year,matches,volumes`. */
struct item {
    uint64_t year;
    uint64_t values[NGRAM_VALUES_MAX];
};

/* One value of an item, between commas. */
static int read_value(enum ngram_value value, uint64_t *number, const char *const comma[2],
                      const char *end, const char **field, const char **field_end)
{
    *field = value == NGRAM_VOLUMES ? comma[1] + 1 : comma[0] + 1;
    *field_end = value == NGRAM_VOLUMES ? end : comma[1];
    *number = 1;
    if (value != NGRAM_RECORDS && number_read(*field, (size_t)(*field_end - *field), number) < 0)
        return REJECT_COUNT;
    return 0;
}

/* 0, or why the line is bad, and *field is at fault. */
static int read_item(const struct ngram_query *query, const char *text, const char *end,
                     struct item *item, const char **field, const char **field_end)
{
    const char *comma = memchr(text, ',', (size_t)(end - text));
    const char *second = comma ? memchr(comma + 1, ',', (size_t)(end - comma - 1)) : NULL;
    *field = text;
    *field_end = end;
    if (!second)
        return REJECT_FIELDS;
    *field_end = comma;
    if (number_read(text, (size_t)(comma - text), &item->year) < 0)
        return REJECT_YEAR;
    const char *const commas[] = {comma, second};
    if (query->n_values <= 1)
        return read_value(query->value, item->values, commas, end, field, field_end);
    int reason = 0;
    for (unsigned i = 0; i < query->n_values && reason == 0; i++)
        reason = read_value(query->values[i], &item->values[i], commas, end, field, field_end);
    return reason;
}

static int tell_points(const struct ngram_sink *sink, const char *word, uint32_t size)
{
    int rc = sink->points->n > 0 ? sink->series(sink->user, word, size) : 0;
    sink->points->n = 0;
    return rc;
}

static int tell_item(const struct ngram_sink *sink, const char *word, uint32_t size,
                     const struct item *item)
{
    const struct ngram_query *query = sink->query;
    note_year(query, item->year);
    if (query->by == NGRAM_BY_WORD)
        return sink->word(sink->user, word, size, item->values);
    if (!is_dated(query))
        return sink->dated(sink->user, word, size, group_of(query, item->year), item->values);
    points_add(sink, group_of(query, item->year), item->values[0]);
    return sink->points->n > NGRAM_POINTS_MAX ? tell_points(sink, word, size) : 0;
}

/* Any line at all, whose word and TAB are size bytes; 0: it has no TAB. */
static int v3_parse_line(struct v3 *v3, const char *line, size_t size, const char *end)
{
    const struct ngram_sink *sink = v3->sink;
    const char *text_end = line_text_end(line, end);
    if (size == 0)
        return line_reject(sink, REJECT_FIELDS, line, end, line, end);
    if (text_end > line + size && text_end[-1] == '\t')
        text_end--; /* behind the last year it is nothing */
    if (size - 1 > WORD_SIZE_MAX)
        return line_reject(sink, REJECT_WORD, line, end, line, line + size - 1);
    size_t n_in = 0;
    for (int tell = 0; tell < 2; tell++) {
        const char *text = line + size, *next;
        do {
            const char *tab = memchr(text, '\t', (size_t)(text_end - text));
            const char *field, *field_end;
            struct item item;
            next = tab ? tab : text_end;
            int reason = read_item(sink->query, text, next, &item, &field, &field_end);
            if (reason)
                return line_reject(sink, (enum reject_reason)reason, line, end, field, field_end);
            if (is_asked_for(sink->query, item.year)) {
                n_in++;
                int rc = tell ? tell_item(sink, line, (uint32_t)(size - 1), &item) : 0;
                if (rc < 0)
                    return rc;
            }
            text = next + 1;
        } while (next < text_end);
    }
    v3->chunk->n_counted += n_in > 0;
    v3->chunk->n_filtered += n_in == 0;
    return is_dated(sink->query) ? tell_points(sink, line, (uint32_t)(size - 1)) : 0;
}

/* The lanes of digits before the byte `behind`, or before either of two; *text goes past it. */
static inline uint64_t short_number(const char **text, char behind, char or_behind, uint64_t *bad)
{
    unsigned size;
    uint64_t lanes = digits_lanes(*text, &size, bad);
    char here = (*text)[size];
    *bad |= (uint64_t)(here != behind && here != or_behind);
    *text += size + 1;
    return lanes;
}

/* 0 if four digits and a comma stand here. */
static inline uint64_t bad_year(const char *year)
{
    uint64_t x = load_le64(year) ^ 0x2C30303030;
    return (x | (x + 0x76767676)) & 0xFF80808080;
}

/* What the years of a line add: those asked for, which are n_in. */
struct sums {
    uint64_t lanes[2]; /* of matches and volumes, of n_lanes years, not in the sums yet */
    unsigned n_lanes;
    uint64_t matches, volumes, n_in;
};

static inline void sums_settle(struct sums *sums)
{
    sums->matches += digits_lanes_sum(sums->lanes[0]);
    sums->volumes += digits_lanes_sum(sums->lanes[1]);
    sums->lanes[0] = sums->lanes[1] = sums->n_lanes = 0;
}

/* One year, at *text, whose numbers are short; lanes are of matches and volumes.
 * 0: they are not. */
static inline __attribute__((always_inline)) int read_short(const char **text, uint32_t *year,
                                                            uint64_t lanes[2])
{
    uint64_t bad = bad_year(*text);
    *year = digits_year(*text);
    if (bad)
        return 0;
    *text += 5;
    lanes[0] = short_number(text, ',', ',', &bad);
    if (bad)
        return 0;
    lanes[1] = short_number(text, '\t', '\n', &bad);
    return !bad;
}

/* 1: all years were short, and are added up; 0: something was not. */
static inline int sum_line(const struct ngram_query *query, const char *text, const char *end,
                           struct sums *sums)
{
    const char *start = text;
    while (text < end) { /* behind the last TAB there may be nothing */
        uint64_t lanes[2];
        uint32_t year;
        if (!read_short(&text, &year, lanes))
            return 0;
        if (!is_asked_for(query, year))
            continue;
        sums->n_in++;
        sums->lanes[0] += lanes[0];
        sums->lanes[1] += lanes[1];
        if (++sums->n_lanes == DIGITS_LANES_MAX)
            sums_settle(sums);
    }
    sums_settle(sums);
    return text > start && text <= end + 1;
}

/* The same, but they become points, of which there may not be too many. */
static inline int read_points(const struct ngram_sink *sink, const char *text, const char *end,
                              uint64_t *n_in)
{
    const struct ngram_query *query = sink->query;
    const char *start = text;
    while (text < end) {
        uint64_t lanes[2];
        uint32_t year;
        if (sink->points->n > NGRAM_POINTS_MAX || !read_short(&text, &year, lanes))
            return 0;
        if (!is_asked_for(query, year))
            continue;
        uint64_t value = query->value == NGRAM_RECORDS
                             ? 1
                             : digits_lanes_sum(lanes[query->value == NGRAM_VOLUMES]);
        points_add(sink, group_of(query, year), value);
        ++*n_in;
    }
    return text > start && text <= end + 1;
}

/* A line that is told as points; size: of its word and TAB. */
static int take_points(struct v3 *v3, const char *line, size_t size, const char *end)
{
    const struct ngram_sink *sink = v3->sink;
    uint64_t n_in = 0;
    if (sink->query->seen || !read_points(sink, line + size, end, &n_in)) {
        sink->points->n = 0;
        return v3_parse_line(v3, line, size, end);
    }
    v3->chunk->n_counted += n_in > 0;
    v3->chunk->n_filtered += n_in == 0;
    return tell_points(sink, line, (uint32_t)(size - 1));
}

static uint64_t sums_value(const struct sums *sums, enum ngram_value value)
{
    return value == NGRAM_MATCHES   ? sums->matches
           : value == NGRAM_VOLUMES ? sums->volumes
                                    : sums->n_in;
}

/* The line ends with a LF. */
static int v3_take_line(void *user, const char *line, const char *end)
{
    struct v3 *v3 = user;
    const struct ngram_sink *sink = v3->sink;
    const struct ngram_query *query = sink->query;
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    size_t size = tab ? (size_t)(tab + 1 - line) : 0;
    struct sums sums = {.n_in = 0};
    if (tab && size - 1 <= WORD_SIZE_MAX && is_dated(query))
        return take_points(v3, line, size, end);
    if (!tab || size - 1 > WORD_SIZE_MAX || query->by != NGRAM_BY_WORD || sink->each_line ||
        query->seen || !sum_line(query, tab + 1, end, &sums))
        return v3_parse_line(v3, line, size, end);
    uint64_t counts[NGRAM_VALUES_MAX] = {sums_value(&sums, query->value)};
    for (unsigned i = 1; i < query->n_values; i++)
        counts[i] = sums_value(&sums, query->values[i]);
    v3->chunk->n_counted += sums.n_in > 0;
    v3->chunk->n_filtered += sums.n_in == 0;
    return sums.n_in > 0 ? sink->word(sink->user, line, (uint32_t)(size - 1), counts) : 0;
}

static int v3_parse(const struct ngram_sink *sink, const struct scan *scan,
                    struct ngram_chunk *chunk)
{
    struct v3 v3 = {sink, chunk};
    if (sink->points)
        sink->points->n = 0;
    return lines_each(scan, chunk, v3_take_line, &v3);
}

/* `year,matches,volumes`, of which a piece at the end may be missing. */
static int is_item(const char *text, const char *end, int is_whole)
{
    for (int i = 0; i < 3; i++) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        if (!line_is_number(text, comma ? comma : end))
            return !is_whole && i > 0 && text == end;
        if (!comma)
            return i == 2 || !is_whole;
        text = comma + 1;
    }
    return 0;
}

static int is_line(const char *line, const char *end, int is_whole)
{
    end = line_text_end(line, end);
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    if (!tab)
        return 0;
    const char *item = tab + 1, *next = memchr(item, '\t', (size_t)(end - item));
    const char *item_end = next ? next : end;
    return is_item(item, item_end, is_whole || next) &&
           memchr(item, ',', (size_t)(item_end - item));
}

const struct input_format input_v3 = {.name = "v3",
                                      .parse = v3_parse,
                                      .values = 1u << NGRAM_MATCHES | 1u << NGRAM_VOLUMES |
                                                1u << NGRAM_RECORDS,
                                      .has_years = 1,
                                      .has_several = 1,
                                      .is_line = is_line};
