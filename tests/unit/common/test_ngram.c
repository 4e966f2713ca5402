/*
 * The parser tells its sink the same words, sums and bad lines as a parser that splits at LF and
 * TAB and adds in 128 bits, for lines made of all that its short cuts could trip over. Buffers end
 * right after the padding, and the padding looks like more input.
 */
#include "input/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"
#include "input/v1_v2.h"
#include "random.h"
#include "scan/scan.h"
#include "words/entry.h"
#include "scan/variants.h"

#define TOLD_MAX 200
#define STOPPED (-1000)

__extension__ typedef unsigned __int128 wide;

struct word {
    const char *data;
    size_t size;
    wide sum;
};

struct rejected {
    enum reject_reason reason;
    const char *line, *field;
    size_t size, field_size;
};

/* What was told of one input. */
struct told {
    struct word words[TOLD_MAX]; /* each once */
    size_t n_words;
    struct rejected rejects[TOLD_MAX];
    size_t n_rejects;
    int returned;
    uint64_t n_lines;
    size_t n_calls, stop_at; /* stop_at: the call that fails, 0: none */
};

static struct told naive, parsed;

static struct word *find_word(struct told *told, const char *data, size_t size)
{
    struct word *word = told->words, *end = word + told->n_words;
    while (word < end && (word->size != size || memcmp(word->data, data, size) != 0))
        word++;
    return word;
}

static int tell_word(void *user, const char *data, uint32_t size, const uint64_t *counts)
{
    struct told *told = user;
    struct word *word = find_word(told, data, size);
    assert_true(word < told->words + TOLD_MAX);
    if (word == told->words + told->n_words)
        told->words[told->n_words++] = (struct word){data, size, 0};
    word->sum += counts[0];
    return ++told->n_calls == told->stop_at ? STOPPED : 0;
}

static int tell_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                       const char *field, size_t field_size)
{
    struct told *told = user;
    assert_true(told->n_rejects < TOLD_MAX);
    told->rejects[told->n_rejects++] = (struct rejected){reason, line, field, size, field_size};
    return ++told->n_calls == told->stop_at ? STOPPED : 0;
}

static void naive_line(const char *line, size_t size)
{
    const char *fields[4];
    size_t sizes[4], n = 0, start = 0;
    for (size_t i = 0; i <= size && n < 4; i++) {
        if (i < size && line[i] != '\t')
            continue;
        fields[n] = line + start;
        sizes[n++] = i - start;
        start = i + 1;
    }
    uint64_t year, count;
    if (n < 4)
        tell_reject(&naive, REJECT_FIELDS, line, size, line, size);
    else if (sizes[0] > WORD_SIZE_MAX)
        tell_reject(&naive, REJECT_WORD, line, size, fields[0], sizes[0]);
    else if (number_read(fields[1], sizes[1], &year) < 0)
        tell_reject(&naive, REJECT_YEAR, line, size, fields[1], sizes[1]);
    else if (number_read(fields[2], sizes[2], &count) < 0)
        tell_reject(&naive, REJECT_COUNT, line, size, fields[2], sizes[2]);
    else
        tell_word(&naive, line, (uint32_t)sizes[0], &count);
}

static void naive_parse(const char *data, size_t size, int last)
{
    memset(&naive, 0, sizeof naive);
    size_t start = 0;
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n')
            continue;
        int empty = i == start || (i == start + 1 && data[start] == '\r');
        if (!(empty && last && i + 1 == size)) {
            naive_line(data + start, i - start);
            naive.n_lines++;
        }
        start = i + 1;
    }
    if (start < size) {
        naive_line(data + start, size - start);
        naive.n_lines++;
    }
}

static const struct ngram_query all = {.last_year = UINT64_MAX};
static int each_line;
static char *copy; /* of the input, in memory of just the right size */

static void parse(const struct scan *scan, const char *data, size_t size, int last, size_t stop_at)
{
    free(copy);
    copy = malloc(size + SCAN_PADDING);
    assert_non_null(copy);
    memcpy(copy, data, size);
    for (size_t i = 0; i < SCAN_PADDING; i++)
        copy[size + i] = "\t1999\t12\t1\n"[i % 11];
    memset(&parsed, 0, sizeof parsed);
    parsed.stop_at = stop_at;
    struct ngram_sink sink = {.word = tell_word,
                              .reject = tell_reject,
                              .user = &parsed,
                              .query = &all,
                              .each_line = each_line};
    struct ngram_chunk chunk = {.data = copy, .size = size, .last = last, .n_max = UINT64_MAX};
    parsed.returned = input_v2.parse(&sink, scan, &chunk);
    parsed.n_lines = chunk.n_lines;
}

/* 1 if both parsers told the same. */
static int told_same(void)
{
    int equal = parsed.returned == 0 && parsed.n_words == naive.n_words &&
                parsed.n_rejects == naive.n_rejects && parsed.n_lines == naive.n_lines;
    for (size_t i = 0; equal && i < naive.n_words; i++) {
        const struct word *word = find_word(&parsed, naive.words[i].data, naive.words[i].size);
        equal = word < parsed.words + parsed.n_words && word->sum == naive.words[i].sum;
    }
    for (size_t i = 0; equal && i < naive.n_rejects; i++) {
        const struct rejected *a = &parsed.rejects[i], *b = &naive.rejects[i];
        equal = a->reason == b->reason && a->line == b->line && a->size == b->size &&
                a->field == b->field && a->field_size == b->field_size;
    }
    return equal;
}

/* Parses with every variant of the scanner, lines of a word together and each on its own, and
 * naively. 1 if they all tell the same. */
static int same(const char *data, size_t size, int last)
{
    const struct scan *scan;
    int equal = 1;
    for (size_t i = 0; (scan = scan_variant(i / 2)) != NULL && equal; i++) {
        each_line = i % 2 == 0;
        parse(scan, data, size, last, 0);
        naive_parse(copy, size, last);
        equal = told_same();
    }
    each_line = 0;
    return equal;
}

static void check_text(const char *text, int last, uint64_t n_lines, size_t n_words,
                       size_t n_rejects)
{
    assert_true(same(text, strlen(text), last));
    assert_int_equal(parsed.n_lines, n_lines);
    assert_int_equal(parsed.n_words, n_words);
    assert_int_equal(parsed.n_rejects, n_rejects);
}

static const char letters[] = "\t\t\t\r0123456789\0abc/:;@p\x89\xB0\xFF";

/* A word; often one of few, often around the sizes that are compared at once. */
static size_t random_word(uint64_t *random, char *out)
{
    static const size_t near[] = {0, 5, 13, 20, 29, 40};
    size_t size = near[random_below(random, 6)] + random_below(random, 7);
    memset(out, 'w', size);
    if (size > 0 && random_below(random, 3) == 0)
        random_fill(random, out + size - 1, 1, "\0\r7x", 4);
    return size;
}

static size_t random_line(uint64_t *random, char *out, const char *word, size_t word_size)
{
    size_t size = random_below(random, 30);
    if (random_below(random, 12) == 0) {
        random_fill(random, out, size, letters, sizeof letters - 1);
        return size;
    }
    memcpy(out, word, word_size);
    size_t year = random_below(random, 8) ? 1999 : random_below(random, 200000);
    size_t shift = random_below(random, 3) ? 44 : random_below(random, 64);
    unsigned long long count = random_next(random) >> shift;
    size = word_size + (size_t)sprintf(out + word_size, "\t%zu\t%llu\t1", year, count);
    if (random_below(random, 6) == 0) {
        size_t at = random_below(random, size);
        random_fill(random, out + at, 1, letters, sizeof letters - 1);
    }
    return random_below(random, 20) ? size : random_below(random, size);
}

static size_t random_input(uint64_t *random, char *out)
{
    char word[48];
    size_t size = 0, word_size = random_word(random, word), n_lines = random_below(random, 40);
    for (size_t i = 0; i < n_lines; i++) {
        if (random_below(random, 4) == 0)
            word_size = random_word(random, word);
        size += random_line(random, out + size, word, word_size);
        if (random_below(random, 5) == 0)
            out[size++] = '\r';
        out[size++] = '\n';
    }
    return size > 0 && random_below(random, 4) == 0 ? size - 1 : size;
}

static void words_sums_and_bad_lines_of_random_input_are_right(void **state)
{
    (void)state;
    static char data[40 * 120];
    size_t n_words = 0, n_rejects = 0;
    for (uint64_t seed = 0; seed < 4000; seed++) {
        uint64_t random = seed;
        size_t size = random_input(&random, data);
        int last = (size > 0 && data[size - 1] != '\n') || random_below(&random, 2);
        if (!same(data, size, last))
            fail_msg("seed %d", (int)seed);
        n_words += parsed.n_words;
        n_rejects += parsed.n_rejects;
    }
    assert_true(n_words > 10000 && n_rejects > 5000);
}

/* Lines of a word are taken four at a time. */
#define N_SAME 10

static void every_byte_at_every_place_of_a_line_is_seen(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "word\t1999\t1234567\t1\n",
        "\t2000\t1\t1\n",
        "7 bytes\t1500\t12\t12\n",
        "15 bytes a word\t1500\t9999999\t12\n",
        "16 bytes to word\t1500\t99999999\t12\n",
        "exactly 24 bytes to word\t1500\t12\t12\n",
        "25 bytes need one look...\t1500\t12\t12\n",
        "26 bytes are one too many.\t1500\t1234567890\t12\n",
        "43 bytes are the most that two looks take..\t1500\t1234567\t12\n",
        "44 bytes are one too many for two looks, ...\t1500\t12\t12\n",
        "63 bytes are the most that a TAB is found behind in one look ..\t1500\t12\t1\n",
        "64 bytes are one too many for that, so they are read by the byte\t1500\t1\t1\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char data[N_SAME * 80];
        size_t size = strlen(lines[i]);
        for (size_t at = 0; at < size; at++) {
            for (int value = 0; value < 256; value++) {
                for (size_t j = 0; j < N_SAME; j++)
                    memcpy(data + j * size, lines[i], size);
                data[(at + (size_t)value) % N_SAME * size + at] = (char)value;
                if (!same(data, N_SAME * size, 0))
                    fail_msg("line %zu, byte %zu is %d", i, at, value);
            }
        }
    }
}

static void empty_line_is_ignored_at_the_end_only(void **state)
{
    (void)state;
    check_text("", 1, 0, 0, 0);
    check_text("\n", 1, 0, 0, 0);
    check_text("\n", 0, 1, 0, 1);
    check_text("\r\n", 1, 0, 0, 0);
    check_text("\r\r\n", 1, 1, 0, 1);
    check_text("\n\n", 1, 1, 0, 1);
    check_text("a\t1\t2\t3\n\n", 1, 1, 1, 0);
    check_text("a\t1999\t2\t3\na\t1999\t2\t3\n\r\n", 1, 2, 1, 0);
    check_text("a\t1\t2\t3\n\n", 0, 2, 1, 1);
    check_text("a\t1\t2\t3\n\nb\t1\t2\t3\n", 1, 3, 2, 1);
    check_text("\na\t1\t2\t3", 1, 2, 1, 1);
}

static void line_needs_four_fields_and_two_numbers(void **state)
{
    (void)state;
    check_text("a\t1\t2\t3\na\t1\t2\t\na\t1\t2\tany\tmore\r\na\t1\t2\t3", 1, 4, 1, 0);
    assert_int_equal(parsed.words[0].sum, 8);
    check_text("\t1\t2\t3\n", 1, 1, 1, 0);
    check_text("a\t1\t2\na\t1\na\n", 1, 3, 0, 3);
    check_text("a\t\t2\t3\na\t-1\t2\t3\na\t18446744073709551616\t2\t3\n", 1, 3, 0, 3);
    assert_int_equal(parsed.rejects[2].reason, REJECT_YEAR);
    check_text("a\t1\t\t3\na\t1\t+2\t3\na\t1\t18446744073709551616\t3\n", 1, 3, 0, 3);
    assert_int_equal(parsed.rejects[2].reason, REJECT_COUNT);
}

static void word_of_65536_bytes_is_the_longest(void **state)
{
    (void)state;
    for (size_t size = WORD_SIZE_MAX - 2; size <= WORD_SIZE_MAX + 2; size++) {
        char *data = malloc(3 * (size + 20));
        assert_non_null(data);
        char *at = data;
        for (int i = 0; i < 3; i++) {
            memset(at, 'x', size);
            at += size;
            at += sprintf(at, "\t1999\t%d\t1\n", i + 5);
        }
        assert_true(same(data, (size_t)(at - data), 1));
        int good = size <= WORD_SIZE_MAX;
        assert_int_equal(parsed.n_words, good ? 1 : 0);
        assert_int_equal(parsed.n_rejects, good ? 0 : 3);
        free(data);
    }
}

static void huge_counts_never_wrap(void **state)
{
    (void)state;
    static const uint64_t near[] = {1, 10000000, UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX};
    for (uint64_t seed = 0; seed < 500; seed++) {
        char data[30 * 60];
        uint64_t random = seed;
        size_t size = 0, n_lines = 1 + random_below(&random, 30);
        for (size_t i = 0; i < n_lines; i++) {
            unsigned long long count = near[random_below(&random, 5)];
            count -= random_below(&random, 2);
            const char *word = random_below(&random, 8) ? "word" : "other";
            size += (size_t)sprintf(data + size, "%s\t1999\t%llu\t1\n", word, count);
        }
        if (!same(data, size, 1))
            fail_msg("seed %d", (int)seed);
    }
}

static void each_line_is_told_on_its_own_if_so_wanted(void **state)
{
    (void)state;
    static const char data[] = "a\t1999\t1\t1\na\t1999\t2\t1\nb\t1999\t1\t1\na\t1\t1\t1\n"
                               "b\t1999\t18446744073709551615\t1\nb\t1999\t0\t1\nbad\nb\t1\t4\t1";
    size_t n_lines = 8, n_variants = 0;
    each_line = 1;
    while (scan_variant(n_variants)) {
        parse(scan_variant(n_variants++), data, sizeof data - 1, 1, 0);
        assert_int_equal(parsed.n_calls, n_lines);
        assert_int_equal(parsed.n_lines, n_lines);
        naive_parse(copy, sizeof data - 1, 1);
        assert_true(told_same());
    }
    each_line = 0;
}

static void error_of_the_sink_stops_the_parser_and_is_returned(void **state)
{
    (void)state;
    static const char data[] = "a\t1999\t1\t1\na\t1999\t2\t1\nb\t1999\t1\t1\nbad\n\n"
                               "b\t1999\t18446744073709551615\t1\nb\tyear\t1\t1\nc\t1\t1\t1\nbad";
    parse(scan_variant(0), data, sizeof data - 1, 1, 0);
    size_t n_calls = parsed.n_calls;
    assert_int_equal(parsed.returned, 0);
    assert_int_equal(parsed.n_words, 3);
    assert_int_equal(parsed.n_rejects, 4);
    for (size_t i = 1; i <= n_calls; i++) {
        parse(scan_variant(0), data, sizeof data - 1, 1, i);
        assert_int_equal(parsed.returned, STOPPED);
        assert_int_equal(parsed.n_calls, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_sums_and_bad_lines_of_random_input_are_right),
        cmocka_unit_test(every_byte_at_every_place_of_a_line_is_seen),
        cmocka_unit_test(empty_line_is_ignored_at_the_end_only),
        cmocka_unit_test(line_needs_four_fields_and_two_numbers),
        cmocka_unit_test(word_of_65536_bytes_is_the_longest),
        cmocka_unit_test(huge_counts_never_wrap),
        cmocka_unit_test(each_line_is_told_on_its_own_if_so_wanted),
        cmocka_unit_test(error_of_the_sink_stops_the_parser_and_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
