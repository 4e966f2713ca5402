/*
 * Every parser tells its sink what a naive one does, for whatever is asked: lines as they should be
 * and damaged ones, cut into chunks anywhere between lines, with every variant of the scanner.
 * Chunks end right after the padding, and the padding looks like more input.
 */
#include "input/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/formats.h"
#include "oracle.h"
#include "random.h"
#include "wordmill.h"
#include "words/entry.h"
#include "words/series.h"
#include "scan/variants.h"

#define N_INPUTS 8000
#define TOLD_MAX 2000
#define NO_YEAR UINT64_MAX

__extension__ typedef unsigned __int128 wide;

/* Places are those in the input: of the pieces it is cut into there are copies. */
struct word {
    const char *data;
    size_t size;
    uint64_t year;
    wide sums[NGRAM_VALUES_MAX];
};

struct rejected {
    enum reject_reason reason;
    const char *line, *field;
    size_t size, field_size;
};

struct told {
    struct word words[TOLD_MAX]; /* each once */
    size_t n_words;
    struct rejected rejects[TOLD_MAX];
    size_t n_rejects, n_calls;
    uint64_t n_lines, n_counted, n_filtered, n_invalid;
};

static struct told naive, parsed;
static struct ngram_query query;
static const char *input; /* of which copy is the piece that is parsed */
static const char *copy;

static const char *place(const char *at)
{
    return input + (at - copy);
}

/* How many values are asked for, and which they are. */
static size_t n_values(void)
{
    return query.n_values > 1 ? query.n_values : 1;
}

static enum ngram_value value_at(size_t i)
{
    return query.n_values > 1 ? query.values[i] : query.value;
}

static void tell(struct told *told, const char *data, size_t size, uint64_t year,
                 const uint64_t *counts)
{
    struct word *word = told->words, *end = word + told->n_words;
    while (word < end &&
           (word->size != size || word->year != year || memcmp(word->data, data, size) != 0))
        word++;
    assert_true(word < told->words + TOLD_MAX);
    if (word == end) {
        *word = (struct word){data, size, year, {0}};
        told->n_words++;
    }
    for (size_t i = 0; i < n_values(); i++)
        word->sums[i] += counts[i];
    told->n_calls++;
}

static void refuse(struct told *told, enum reject_reason reason, const char *line, size_t size,
                   const char *field, size_t field_size)
{
    assert_true(told->n_rejects < TOLD_MAX);
    told->rejects[told->n_rejects++] = (struct rejected){reason, line, field, size, field_size};
}

static int sink_word(void *user, const char *word, uint32_t size, const uint64_t *counts)
{
    tell(user, place(word), size, NO_YEAR, counts);
    return 0;
}

static struct points points;

static int sink_series(void *user, const char *word, uint32_t size)
{
    assert_true(points.n > 0 && points.n <= SERIES_MAX);
    for (size_t i = 0; i < points.n; i++)
        tell(user, place(word), size, points.periods[i], &points.counts[i]);
    return 0;
}

static int sink_dated(void *user, const char *word, uint32_t size, uint64_t year,
                      const uint64_t *counts)
{
    tell(user, place(word), size, year, counts);
    return 0;
}

static int sink_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                       const char *field, size_t field_size)
{
    refuse(user, reason, place(line), size, place(field), field_size);
    return 0;
}

/* A part of a line. */
struct span {
    const char *at;
    size_t size;
};

/* Up to the next delimiter; *rest goes behind it, or becomes {NULL} if there was none. */
static struct span next_field(struct span *rest, char delimiter)
{
    struct span field = {rest->at, 0};
    while (field.size < rest->size && field.at[field.size] != delimiter)
        field.size++;
    if (field.size == rest->size)
        *rest = (struct span){NULL, 0};
    else
        *rest = (struct span){field.at + field.size + 1, rest->size - field.size - 1};
    return field;
}

/* The fields of a line, at most n_max, the last of them up to its own end. */
static size_t split(struct span line, char delimiter, struct span *fields, size_t n_max)
{
    size_t n = 0;
    while (n < n_max && line.at)
        fields[n++] = next_field(&line, delimiter);
    return n;
}

/* What a naive parser makes of a line, in which text is it without a CR at its end. */
typedef void naive_fn(struct span line, struct span text);

static void naive_refuse(enum reject_reason reason, struct span line, struct span field)
{
    refuse(&naive, reason, line.at, line.size, field.at, field.size);
}

static int is_in(uint64_t year)
{
    return year >= query.first_year && year <= query.last_year;
}

static void naive_tell(struct span word, uint64_t year, const uint64_t *counts)
{
    uint64_t group = query.by == NGRAM_BY_WORD   ? NO_YEAR
                     : query.by == NGRAM_BY_YEAR ? year
                                                 : year / 10 * 10;
    tell(&naive, word.at, word.size, group, counts);
}

/* The numbers of a record, whose fields by enum ngram_value are these; records are 1. 0, or the
 * field that is none. */
static const struct span *naive_counts_of(const struct span *fields, const size_t *place,
                                          uint64_t *counts)
{
    for (size_t i = 0; i < n_values(); i++) {
        const struct span *field = &fields[place[value_at(i)]];
        counts[i] = 1;
        if (value_at(i) != NGRAM_RECORDS && !oracle_number(field->at, field->size, &counts[i]))
            return field;
    }
    return NULL;
}

static void naive_years(struct span line, struct span text, const size_t *place)
{
    struct span fields[5];
    const struct span *bad;
    size_t n_needed = 4;
    uint64_t year, counts[NGRAM_VALUES_MAX];
    for (size_t i = 0; i < n_values(); i++)
        if (place[value_at(i)] + 1 > n_needed)
            n_needed = place[value_at(i)] + 1;
    if (split(text, '\t', fields, n_needed) < n_needed)
        naive_refuse(REJECT_FIELDS, line, line);
    else if (fields[0].size > WORD_SIZE_MAX)
        naive_refuse(REJECT_WORD, line, fields[0]);
    else if (!oracle_number(fields[1].at, fields[1].size, &year))
        naive_refuse(REJECT_YEAR, line, fields[1]);
    else if ((bad = naive_counts_of(fields, place, counts)) != NULL)
        naive_refuse(REJECT_COUNT, line, *bad);
    else if (!is_in(year))
        naive.n_filtered++;
    else {
        naive.n_counted++;
        naive_tell(fields[0], year, counts);
    }
}

static void naive_v1(struct span line, struct span text)
{
    static const size_t place[] = {
        [NGRAM_MATCHES] = 2, [NGRAM_PAGES] = 3, [NGRAM_VOLUMES] = 4, [NGRAM_RECORDS] = 0};
    naive_years(line, text, place);
}

static void naive_v2(struct span line, struct span text)
{
    static const size_t place[] = {
        [NGRAM_MATCHES] = 2, [NGRAM_PAGES] = 0, [NGRAM_VOLUMES] = 3, [NGRAM_RECORDS] = 0};
    naive_years(line, text, place);
}

/* 0 and what the item is, or why it is none, and the field that is to blame. */
static int naive_item(struct span item, uint64_t *year, uint64_t *counts, struct span *field)
{
    static const size_t place[] = {
        [NGRAM_MATCHES] = 0, [NGRAM_PAGES] = 0, [NGRAM_VOLUMES] = 1, [NGRAM_RECORDS] = 0};
    struct span first = next_field(&item, ','), fields[2] = {{NULL, 0}};
    const struct span *bad;
    *field = first;
    if (item.at)
        fields[0] = next_field(&item, ',');
    fields[1] = item;
    if (!item.at)
        return REJECT_FIELDS;
    if (!oracle_number(first.at, first.size, year))
        return REJECT_YEAR;
    bad = naive_counts_of(fields, place, counts);
    if (bad)
        *field = *bad;
    return bad ? REJECT_COUNT : 0;
}

static void naive_v3(struct span line, struct span text)
{
    struct span word = next_field(&text, '\t'), field;
    if (!text.at) {
        naive_refuse(REJECT_FIELDS, line, line);
        return;
    }
    if (word.size > WORD_SIZE_MAX) {
        naive_refuse(REJECT_WORD, line, word);
        return;
    }
    uint64_t year, counts[NGRAM_VALUES_MAX];
    size_t n_in = 0;
    text.size -= text.size > 0 && text.at[text.size - 1] == '\t';
    for (struct span rest = text; rest.at;) {
        struct span item = next_field(&rest, '\t');
        int reason = naive_item(item, &year, counts, &field);
        if (reason != 0) {
            naive_refuse((enum reject_reason)reason, line, reason == REJECT_FIELDS ? item : field);
            return;
        }
        n_in += (size_t)is_in(year);
    }
    for (struct span rest = text; rest.at;) {
        naive_item(next_field(&rest, '\t'), &year, counts, &field);
        if (is_in(year))
            naive_tell(word, year, counts);
    }
    naive.n_counted += n_in > 0;
    naive.n_filtered += n_in == 0;
}

static void naive_columns(struct span line, struct span text)
{
    struct span fields[8];
    size_t n_needed = query.key_column, place[NGRAM_VALUES_MAX] = {0};
    uint64_t counts[NGRAM_VALUES_MAX];
    for (size_t i = 0; i < n_values(); i++) {
        unsigned column = query.n_values > 1 ? query.value_columns[i] : query.value_column;
        if (value_at(i) == NGRAM_RECORDS)
            continue;
        place[value_at(i)] = column - 1;
        if (column > n_needed)
            n_needed = column;
    }
    if (text.size == 0 || split(text, query.delimiter, fields, n_needed) < n_needed) {
        naive_refuse(REJECT_FIELDS, line, line);
        return;
    }
    struct span key = fields[query.key_column - 1];
    const struct span *bad = naive_counts_of(fields, place, counts);
    if (key.size > WORD_SIZE_MAX)
        naive_refuse(REJECT_WORD, line, key);
    else if (bad)
        naive_refuse(REJECT_COUNT, line, *bad);
    else {
        naive.n_counted++;
        tell(&naive, key.at, key.size, NO_YEAR, counts);
    }
}

/* The word ends before the last TAB, behind which stands a year or decade as results have them. */
static void naive_period(struct span line, struct span key, const uint64_t *counts)
{
    uint64_t period;
    size_t tab = key.size;
    while (tab > 0 && key.at[tab - 1] != '\t')
        tab--;
    struct span field = {key.at + tab, key.size - tab};
    int is_written_so = field.size > 0 && (field.size == 1 || *field.at != '0');
    if (tab == 0 || !is_written_so || !oracle_number(field.at, field.size, &period) ||
        (query.by == NGRAM_BY_DECADE && period % 10 != 0)) {
        naive_refuse(REJECT_YEAR, line, field);
        return;
    }
    naive.n_counted++;
    tell(&naive, key.at, tab - 1, period, counts);
}

/* The counts stand behind the last TABs. */
static void naive_counts(struct span line, struct span text)
{
    struct span fields[NGRAM_VALUES_MAX], word = text;
    size_t n = n_values(), i = 0;
    uint64_t counts[NGRAM_VALUES_MAX];
    for (i = n; i > 0; i--) {
        size_t tab = word.size;
        while (tab > 0 && word.at[tab - 1] != '\t')
            tab--;
        if (tab == 0) {
            naive_refuse(REJECT_FIELDS, line, text);
            return;
        }
        fields[i - 1] = (struct span){word.at + tab, word.size - tab};
        word.size = tab - 1;
    }
    if (word.size > WORD_SIZE_MAX) {
        naive_refuse(REJECT_WORD, line, word);
        return;
    }
    while (i < n && oracle_number(fields[i].at, fields[i].size, &counts[i]))
        i++;
    if (i < n) {
        naive_refuse(REJECT_COUNT, line, fields[i]);
        return;
    }
    if (query.by != NGRAM_BY_WORD) {
        naive_period(line, word, counts);
        return;
    }
    naive.n_counted++;
    tell(&naive, word.at, word.size, NO_YEAR, counts);
}

static void naive_parse(naive_fn *take, struct span all)
{
    memset(&naive, 0, sizeof naive);
    while (all.at && all.size > 0) {
        struct span line = next_field(&all, '\n'), text = line;
        if (text.size > 0 && text.at[text.size - 1] == '\r')
            text.size--;
        int ended = all.at != NULL;
        if (text.size == 0 && ended && all.size == 0)
            break;
        take(line, text);
        naive.n_lines++;
    }
}

/* Parses a piece of the input, of at most n_max lines; returns the bytes parsed. */
static size_t parse_piece(enum wm_format format, const struct scan *scan, int each_line,
                          struct span piece, int last, uint64_t n_max)
{
    char *data = malloc(piece.size + SCAN_PADDING);
    assert_non_null(data);
    memcpy(data, piece.at, piece.size);
    for (size_t i = 0; i < SCAN_PADDING; i++)
        data[piece.size + i] = "\t1999,12,1\t3\n"[(i + piece.size) % 13];
    struct ngram_sink sink = {.word = sink_word,
                              .series = sink_series,
                              .dated = sink_dated,
                              .reject = sink_reject,
                              .user = &parsed,
                              .query = &query,
                              .each_line = each_line,
                              .points = &points};
    struct ngram_chunk chunk = {.data = data, .size = piece.size, .last = last, .n_max = n_max};
    input = piece.at;
    copy = data;
    assert_int_equal(input_format_at(format)->parse(&sink, scan, &chunk), 0);
    assert_true(chunk.n_lines <= n_max && chunk.parsed <= piece.size);
    parsed.n_lines += chunk.n_lines;
    parsed.n_counted += chunk.n_counted;
    parsed.n_filtered += chunk.n_filtered;
    parsed.n_invalid += chunk.n_invalid;
    free(data);
    return chunk.parsed;
}

/* As a map task does it: whole lines at a time, sometimes only so many of them. */
static void parse(enum wm_format format, const struct scan *scan, int each_line, struct span all,
                  uint64_t *random)
{
    memset(&parsed, 0, sizeof parsed);
    size_t least = random_below(random, 3) ? 0 : random_below(random, all.size + 1);
    do {
        size_t size = least < all.size ? least : all.size;
        while (size < all.size && (size == 0 || all.at[size - 1] != '\n'))
            size++;
        /* An empty line at the end must be seen together with the end. */
        int last = all.size - size <= 2;
        if (last)
            size = all.size;
        uint64_t n_max = random_below(random, 4) ? UINT64_MAX : 1 + random_below(random, 9);
        size_t n = parse_piece(format, scan, each_line, (struct span){all.at, size}, last, n_max);
        assert_true(n > 0 || all.size == 0);
        all.at += n;
        all.size -= n;
    } while (all.size > 0);
}

static int told_same(void)
{
    int equal = parsed.n_words == naive.n_words && parsed.n_rejects == naive.n_rejects &&
                parsed.n_lines == naive.n_lines && parsed.n_counted == naive.n_counted &&
                parsed.n_filtered == naive.n_filtered && parsed.n_invalid == naive.n_invalid;
    for (size_t i = 0; equal && i < naive.n_words; i++) {
        const struct word *a = &naive.words[i], *b = parsed.words;
        const struct word *end = b + parsed.n_words;
        while (b < end &&
               (b->size != a->size || b->year != a->year || memcmp(b->data, a->data, a->size) != 0))
            b++;
        equal = b < end && memcmp(b->sums, a->sums, n_values() * sizeof *a->sums) == 0;
    }
    for (size_t i = 0; equal && i < naive.n_rejects; i++) {
        const struct rejected *a = &parsed.rejects[i], *b = &naive.rejects[i];
        equal = a->reason == b->reason && a->line == b->line && a->size == b->size &&
                a->field == b->field && a->field_size == b->field_size;
    }
    return equal;
}

static naive_fn *const naive_parsers[] = {[WM_FORMAT_V1] = naive_v1,
                                          [WM_FORMAT_V2] = naive_v2,
                                          [WM_FORMAT_V3] = naive_v3,
                                          [WM_FORMAT_COLUMNS] = naive_columns,
                                          [WM_FORMAT_COUNTS] = naive_counts};

static void check(enum wm_format format, struct span all, uint64_t seed)
{
    const struct scan *scan;
    naive_parse(naive_parsers[format], all);
    for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
        for (int each_line = 0; each_line < 2; each_line++) {
            uint64_t random = seed;
            parse(format, scan, each_line, all, &random);
            if (!told_same() || (each_line && parsed.n_calls != naive.n_calls))
                fail_msg("format %d, variant %zu, each line %d, seed %llu", (int)format, i,
                         each_line, (unsigned long long)seed);
        }
    }
}

/* What words are made of:
 * letters of each kind, what looks like one, separators, what is no UTF-8. */
static const char *const pieces[] = {"a",
                                     "word",
                                     "W_hat",
                                     "AFFECTS_",
                                     "x_NOUN",
                                     "it's",
                                     "\"q\"",
                                     "back\\slash",
                                     "1,000",
                                     ",",
                                     " ",
                                     "1999",
                                     "a word of more than the 32 bytes that are compared at once",
                                     "\xC3\xA9",
                                     "\xCC\x81",
                                     "\xE4\xB8\xAD",
                                     "\xF0\x90\x90\x80",
                                     "\xC7\x85",
                                     "\xCA\xB0",
                                     "\xD9\xA3",
                                     "\xF0\x9F\x98\x80",
                                     "\xE2\x80\x9C",
                                     "\xFF",
                                     "\xC3",
                                     "\xED\xA0\x80",
                                     "\xE4\xB8",
                                     "\x01",
                                     "-",
                                     ".",
                                     "|"};

enum { N_PIECES = sizeof pieces / sizeof *pieces };

static size_t random_word(uint64_t *random, char *out)
{
    size_t n = random_below(random, 5) ? 1 : random_below(random, 4);
    *out = '\0';
    for (size_t i = 0; i < n; i++)
        strcat(out, pieces[random_below(random, N_PIECES)]);
    return strlen(out);
}

static int is_huge; /* all numbers are about as large as may be */

static unsigned long long random_number(uint64_t *random)
{
    static const uint64_t limits[] = {UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX, 10000000};
    if (is_huge)
        return limits[random_below(random, 2) * random_below(random, 4)] - random_below(random, 2);
    size_t shift =
        random_below(random, 4) ? 44 + random_below(random, 20) : random_below(random, 64);
    return random_next(random) >> shift;
}

static unsigned long long random_year(uint64_t *random)
{
    return random_below(random, 9) ? 1985 + random_below(random, 30) : random_below(random, 20000);
}

/* What results have behind a word, or another year. */
static unsigned long long random_period(uint64_t *random)
{
    unsigned long long year = random_year(random);
    return query.by == NGRAM_BY_DECADE && random_below(random, 8) ? year / 10 * 10 : year;
}

static size_t random_line(uint64_t *random, enum wm_format format, const char *word, char *out)
{
    char *at = out + sprintf(out, "%s", format == WM_FORMAT_COLUMNS ? "" : word);
    size_t n = random_below(random, 6) + 1;
    switch (format) {
    case WM_FORMAT_V1:
        at += sprintf(at, "\t%llu\t%llu\t%llu", random_year(random), random_number(random),
                      random_number(random));
        break;
    case WM_FORMAT_V2:
        at += sprintf(at, "\t%llu\t%llu", random_year(random), random_number(random));
        break;
    case WM_FORMAT_V3:
        for (size_t i = 0; i < n; i++)
            at += sprintf(at, "\t%llu,%llu,%llu", random_year(random), random_number(random),
                          random_number(random));
        return (size_t)(at - out);
    case WM_FORMAT_COLUMNS:
        at += sprintf(at, "%llu%c%s", random_number(random), query.delimiter, word);
        for (size_t i = 0; i < n; i++)
            at += sprintf(at, "%c%llu", query.delimiter, random_number(random));
        return (size_t)(at - out);
    case WM_FORMAT_COUNTS:
        if (query.by != NGRAM_BY_WORD)
            at += sprintf(at, "\t%llu", random_period(random));
        for (n = n_values() - 1; n > 0; n--)
            at += sprintf(at, "\t%llu", random_number(random));
        break;
    default:
        break;
    }
    return (size_t)(at - out) + (size_t)sprintf(at, "\t%llu", random_number(random));
}

/* Of what was a line; it becomes no longer than by one byte. */
static size_t damage(uint64_t *random, char *line, size_t size)
{
    static const char bytes[] = "\t\t\t,, \r0123456789\0-:/x\x89\xFF|";
    size_t at = random_below(random, size + 1);
    switch (random_below(random, 4)) {
    case 0:
        return at;
    case 1:
        random_fill(random, line + at, 1, bytes, sizeof bytes - 1);
        return at == size ? size + 1 : size;
    case 2:
        memmove(line + at + 1, line + at, size - at);
        random_fill(random, line + at, 1, bytes, sizeof bytes - 1);
        return size + 1;
    default:
        memmove(line + at, line + at + (at < size), size - at);
        return size - (at < size);
    }
}

static size_t random_input(uint64_t *random, enum wm_format format, char *out)
{
    char word[300];
    size_t size = 0, n_lines = random_below(random, 40);
    int is_crlf = random_below(random, 4) == 0, is_hurt = (int)random_below(random, 2);
    random_word(random, word);
    for (size_t i = 0; i < n_lines; i++) {
        if (random_below(random, is_huge ? 20 : 4) == 0)
            random_word(random, word);
        size_t line_size = random_line(random, format, word, out + size);
        if (is_hurt && random_below(random, 6) == 0)
            line_size = damage(random, out + size, line_size);
        size += line_size;
        if (is_crlf || random_below(random, 30) == 0)
            out[size++] = '\r';
        out[size++] = '\n';
    }
    return size > 0 && random_below(random, 4) == 0 ? size - 1 : size;
}

/* Up to four values, each once. */
static void random_values(uint64_t *random)
{
    unsigned n = 2 + (unsigned)random_below(random, NGRAM_VALUES_MAX - 1);
    query.n_values = 0;
    while (query.n_values < n) {
        enum ngram_value value = (enum ngram_value)random_below(random, NGRAM_VALUES_MAX);
        unsigned i = 0;
        while (i < query.n_values && query.values[i] != value)
            i++;
        if (i < query.n_values)
            continue;
        query.value_columns[i] = value == NGRAM_RECORDS ? 0 : 1 + (unsigned)random_below(random, 5);
        query.values[query.n_values++] = value;
    }
    query.value = query.values[0];
}

static void random_query(uint64_t *random, enum wm_format format)
{
    do {
        query = (struct ngram_query){.value = (enum ngram_value)random_below(random, 4),
                                     .by = (enum ngram_by)random_below(random, 3),
                                     .last_year = UINT64_MAX,
                                     .key_column = 1 + (unsigned)random_below(random, 3),
                                     .value_column = 1 + (unsigned)random_below(random, 5),
                                     .delimiter = "\t,|"[random_below(random, 3)]};
        if (random_below(random, 2))
            query.first_year = random_year(random);
        if (random_below(random, 2))
            query.last_year = query.first_year + random_below(random, 30);
        if (random_below(random, 2))
            random_values(random);
    } while (!input_can_answer(input_format_at(format), &query));
}

static void parser_tells_what_a_naive_one_does(void **state)
{
    static char data[40 * 5000];
    enum wm_format format = *(const enum wm_format *)*state;
    uint64_t n_counted = 0, n_filtered = 0, n_rejects = 0;
    for (uint64_t seed = 1; seed <= N_INPUTS; seed++) {
        uint64_t random = seed;
        random_query(&random, format);
        is_huge = random_below(&random, 16) == 0;
        size_t size = random_input(&random, format, data);
        check(format, (struct span){data, size}, random);
        n_counted += naive.n_counted;
        n_filtered += naive.n_filtered;
        n_rejects += naive.n_rejects;
    }
    /* The inputs are worth it. */
    int has_years = format == WM_FORMAT_V1 || format == WM_FORMAT_V2 || format == WM_FORMAT_V3;
    assert_true(n_counted > 10 * N_INPUTS / 2);
    assert_true(n_rejects > N_INPUTS / 4);
    assert_int_equal(n_filtered > N_INPUTS, has_years);
}

static void word_of_65536_bytes_is_the_longest(void **state)
{
    enum wm_format format = *(const enum wm_format *)*state;
    static char data[2 * WORD_SIZE_MAX], word[WORD_SIZE_MAX + 2];
    uint64_t random = 3;
    for (size_t size = WORD_SIZE_MAX - 1; size <= WORD_SIZE_MAX + 1; size++) {
        query = (struct ngram_query){
            .last_year = UINT64_MAX, .key_column = 2, .value_column = 1, .delimiter = '\t'};
        memset(word, 'w', size);
        word[size] = '\0';
        size_t n = random_line(&random, format, word, data);
        check(format, (struct span){data, n}, 1);
        assert_int_equal(naive.n_rejects, size > WORD_SIZE_MAX);
        assert_int_equal(naive.n_counted, size <= WORD_SIZE_MAX);
    }
}

static void empty_line_is_ignored_at_the_end_only(void **state)
{
    enum wm_format format = *(const enum wm_format *)*state;
    static const char *const ends[] = {"\n", "\r\n", "\n\n", "\r\n\r\n", "\n\n\n", "", "\r"};
    char data[1000];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        uint64_t random = 9;
        query = (struct ngram_query){
            .last_year = UINT64_MAX, .key_column = 2, .value_column = 1, .delimiter = '\t'};
        size_t size = random_line(&random, format, "word", data);
        strcpy(data + size, ends[i]);
        check(format, (struct span){data, size + strlen(ends[i])}, 1);
        assert_int_equal(parsed.n_lines, strcmp(ends[i], "\n\n\n") == 0 ? 2 : 1);
        check(format, (struct span){ends[i], strlen(ends[i])}, 1);
    }
}

int main(void)
{
    static enum wm_format v1 = WM_FORMAT_V1, v2 = WM_FORMAT_V2, v3 = WM_FORMAT_V3,
                          columns = WM_FORMAT_COLUMNS, counts = WM_FORMAT_COUNTS;
#define FOR_EACH(test)                                                                             \
    {#test "_v1", test, NULL, NULL, &v1}, {#test "_v2", test, NULL, NULL, &v2},                    \
        {#test "_v3", test, NULL, NULL, &v3}, {#test "_columns", test, NULL, NULL, &columns},      \
    {                                                                                              \
#test "_counts", test, NULL, NULL, &counts                                                 \
    }
    if (points_reserve(&points, SERIES_MAX) < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        FOR_EACH(parser_tells_what_a_naive_one_does),
        FOR_EACH(word_of_65536_bytes_is_the_longest),
        FOR_EACH(empty_line_is_ignored_at_the_end_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
