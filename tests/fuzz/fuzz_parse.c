/*
 * Every parser but that of text (fuzz_text) with every query: all lines in one chunk, with each
 * SIMD variant, tell the same as one line at a time with the portable one and without adding up.
 * What v2 must tell is checked by fuzz_job.
 */
#include "fuzz.h"
#include "input/detect.h"
#include "input/format.h"
#include "input/formats.h"
#include "scan/scan.h"
#include "wordmill.h"
#include "words/series.h"
#include "scan/variants.h"

#define TOLD_MAX 3000

struct told {
    struct {
        const char *word;
        uint32_t size;
        uint64_t year, sums[NGRAM_VALUES_MAX];
    } words[TOLD_MAX];
    struct {
        enum reject_reason reason;
        const char *line;
        size_t size;
    } rejects[TOLD_MAX];
    size_t n_words, n_rejects;
    uint64_t n_lines, n_counted, n_filtered, n_invalid;
};

static struct told naive, told;

static unsigned n_values; /* of the query */

static int tell_dated(void *user, const char *word, uint32_t size, uint64_t year,
                      const uint64_t *counts)
{
    struct told *to = user;
    size_t i = 0;
    while (i < to->n_words && (to->words[i].size != size || to->words[i].year != year ||
                               memcmp(to->words[i].word, word, size) != 0))
        i++;
    check(i < TOLD_MAX);
    if (i == to->n_words) {
        to->words[to->n_words].word = word;
        to->words[to->n_words].size = size;
        to->words[to->n_words++].year = year;
        memset(to->words[i].sums, 0, sizeof to->words[i].sums);
    }
    for (unsigned j = 0; j < n_values; j++)
        to->words[i].sums[j] += counts[j]; /* whoever adds up checks for overflow */
    return 0;
}

static struct points points;

static int tell_series(void *user, const char *word, uint32_t size)
{
    check(points.n > 0 && points.n <= SERIES_MAX);
    for (size_t i = 0; i < points.n; i++)
        tell_dated(user, word, size, points.periods[i], &points.counts[i]);
    return 0;
}

static int tell(void *user, const char *word, uint32_t size, const uint64_t *counts)
{
    return tell_dated(user, word, size, UINT64_MAX, counts);
}

static int tell_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                       const char *field, size_t field_size)
{
    struct told *to = user;
    check(to->n_rejects < TOLD_MAX);
    check(field >= line && field + field_size <= line + size);
    to->rejects[to->n_rejects].reason = reason;
    to->rejects[to->n_rejects].line = line;
    to->rejects[to->n_rejects++].size = size;
    return 0;
}

/* Words that do not stand in the text, until the next input. */
static char rooms[64 * TOLD_MAX];
static size_t n_rooms;

static int take_room(void *user, size_t size, char **room)
{
    (void)user;
    check(sizeof rooms - n_rooms >= size);
    *room = rooms + n_rooms;
    n_rooms += size;
    return 0;
}

static void parse(struct told *to, enum wm_format format, const struct ngram_query *query,
                  const struct scan *scan, const char *data, size_t size, int last, int each_line)
{
    struct ngram_sink sink = {.word = tell,
                              .series = tell_series,
                              .dated = tell_dated,
                              .reject = tell_reject,
                              .room = take_room,
                              .user = to,
                              .query = query,
                              .each_line = each_line,
                              .points = &points};
    check(points_reserve(&points, SERIES_MAX) == 0);
    struct ngram_chunk chunk = {.data = data, .size = size, .last = last, .n_max = UINT64_MAX};
    check(input_format_at(format)->parse(&sink, scan, &chunk) == 0);
    check(chunk.parsed == size);
    to->n_lines += chunk.n_lines;
    to->n_counted += chunk.n_counted;
    to->n_filtered += chunk.n_filtered;
    to->n_invalid += chunk.n_invalid;
}

static void reset(struct told *to)
{
    to->n_words = to->n_rejects = 0;
    to->n_lines = to->n_counted = to->n_filtered = to->n_invalid = 0;
}

static void compare(void)
{
    check(told.n_lines == naive.n_lines && told.n_counted == naive.n_counted);
    check(told.n_filtered == naive.n_filtered && told.n_invalid == naive.n_invalid);
    check(told.n_words == naive.n_words && told.n_rejects == naive.n_rejects);
    for (size_t i = 0; i < told.n_words; i++) {
        size_t j = 0;
        while (j < naive.n_words &&
               (naive.words[j].size != told.words[i].size ||
                naive.words[j].year != told.words[i].year ||
                memcmp(naive.words[j].word, told.words[i].word, told.words[i].size) != 0))
            j++;
        check(j < naive.n_words && memcmp(naive.words[j].sums, told.words[i].sums,
                                          n_values * sizeof *told.words[i].sums) == 0);
    }
    for (size_t i = 0; i < told.n_rejects; i++) {
        check(told.rejects[i].reason == naive.rejects[i].reason);
        check(told.rejects[i].line == naive.rejects[i].line);
        check(told.rejects[i].size == naive.rejects[i].size);
    }
}

/* With every variant, and compares that with the lines one by one. */
static void parse_all(enum wm_format format, const struct ngram_query *query, const char *text,
                      size_t size)
{
    const struct scan *scan, *portable = NULL;
    for (size_t i = 0; (scan = scan_variant(i)); i++)
        portable = scan;
    n_rooms = 0;
    reset(&naive);
    for (size_t at = 0, n; at < size; at += n) {
        const char *lf = memchr(text + at, '\n', size - at);
        n = lf ? (size_t)(lf + 1 - (text + at)) : size - at;
        parse(&naive, format, query, portable, text + at, n, at + n == size, 1);
    }
    for (size_t i = 0; (scan = scan_variant(i / 2)); i++) {
        reset(&told);
        parse(&told, format, query, scan, text, size, 1, i % 2 == 0);
        compare();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = "\t,; ";
    unsigned how = take_byte(&data, &size), columns = take_byte(&data, &size);
    uint64_t first = take_byte(&data, &size), n_years = take_byte(&data, &size);
    /* csv is the last one, and no public format. */
    enum wm_format format = WM_FORMAT_V1 + how % WM_N_FORMATS;
    struct ngram_query query = {.value = how >> 3 & 3,
                                .by = (how >> 5 & 3) % 3,
                                .first_year = first ? 1800 + first : 0,
                                .last_year = first ? 1800 + first + n_years : UINT64_MAX,
                                .key_column = 1 + columns % 4,
                                .value_column = 1 + columns / 4 % 4,
                                .delimiter = delimiters[columns >> 4 & 3],
                                .quote = columns >> 6 & 1 ? '"' : '\0'};
    if (how >> 7)
        query.n_values = 2 + (columns >> 7);
    for (unsigned i = 0; i < query.n_values; i++)
        query.values[i] = (query.value + i) % NGRAM_VALUES_MAX;
    n_values = query.n_values > 1 ? query.n_values : 1;
    if (size > TOLD_MAX || format == WM_FORMAT_TEXT ||
        !input_can_answer(input_format_at(format), &query) ||
        query.key_column == query.value_column)
        return 0;

    /* What is behind the end looks like more of the same, and ends where the padding does. */
    char *text = malloc(size + SCAN_PADDING);
    check(text);
    memcpy(text, data, size);
    memset(text + size, '1', SCAN_PADDING);
    parse_all(format, &query, text, size);
    input_detect(text, size);
    free(text);
    return 0;
}
