/*
 * Lines of results: the fast path against a parser that looks for the last TAB and reads the digits
 * behind it one by one, over lines made of all that it could trip over. Buffers end right after the
 * padding, and the padding looks like more input.
 */
#include "input/counts.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oracle.h"
#include "random.h"
#include "words/entry.h"
#include "scan/variants.h"

#define N_INPUTS 40000
#define STOPPED (-1000)

struct told {
    struct bytes text; /* what was told, in words */
    size_t n_calls, stop_at;
};

static int tell_word(void *user, const char *word, uint32_t size, const uint64_t *counts)
{
    struct told *told = user;
    bytes_print(&told->text, "word %u ", size);
    bytes_add(&told->text, word, size);
    bytes_print(&told->text, " %" PRIu64 "\n", counts[0]);
    return ++told->n_calls == told->stop_at ? STOPPED : 0;
}

static int tell_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                       const char *field, size_t field_size)
{
    struct told *told = user;
    bytes_print(&told->text, "bad %d ", (int)reason);
    bytes_add(&told->text, line, size);
    bytes_print(&told->text, "|");
    bytes_add(&told->text, field, field_size);
    return ++told->n_calls == told->stop_at ? STOPPED : 0;
}

static void naive_line(struct told *told, const char *line, size_t size)
{
    size_t text = size > 0 && line[size - 1] == '\r' ? size - 1 : size, tab = text;
    while (tab > 0 && line[tab - 1] != '\t')
        tab--;
    uint64_t count;
    if (tab == 0)
        tell_reject(told, REJECT_FIELDS, line, size, line, text);
    else if (tab - 1 > WORD_SIZE_MAX)
        tell_reject(told, REJECT_WORD, line, size, line, tab - 1);
    else if (!oracle_number(line + tab, text - tab, &count))
        tell_reject(told, REJECT_COUNT, line, size, line + tab, text - tab);
    else
        tell_word(told, line, (uint32_t)(tab - 1), &count);
}

static uint64_t naive_parse(struct told *told, const char *data, size_t size, int last)
{
    uint64_t n_lines = 0;
    for (size_t start = 0, end; start < size; start = end + 1) {
        for (end = start; end < size && data[end] != '\n'; end++)
            continue;
        int empty = end == start || (end == start + 1 && data[start] == '\r');
        if (empty && last && end + 1 == size)
            break;
        naive_line(told, data + start, end - start);
        n_lines++;
    }
    return n_lines;
}

static int parse(struct told *told, const struct scan *scan, const char *data, size_t size,
                 struct ngram_chunk *chunk)
{
    char *copy = malloc(size + SCAN_PADDING);
    assert_non_null(copy);
    memcpy(copy, data, size);
    for (size_t i = 0; i < SCAN_PADDING; i++)
        copy[size + i] = "\t199912\n"[i % 8];
    chunk->data = copy;
    chunk->size = size;
    const struct ngram_query query = {.n_values = 0};
    const struct ngram_sink sink = {
        .word = tell_word, .reject = tell_reject, .user = told, .query = &query};
    int rc = input_counts.parse(&sink, scan, chunk);
    free(copy);
    return rc;
}

static void check(const char *data, size_t size, int last)
{
    struct told naive = {0};
    uint64_t n_lines = naive_parse(&naive, data, size, last);
    const struct scan *scan;
    for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
        struct told told = {0};
        struct ngram_chunk chunk = {.last = last, .n_max = UINT64_MAX};
        assert_int_equal(parse(&told, scan, data, size, &chunk), 0);
        assert_true(bytes_equal(&told.text, &naive.text));
        assert_int_equal(chunk.n_lines, n_lines);
        assert_int_equal(chunk.parsed, size);
        bytes_release(&told.text);
    }
    bytes_release(&naive.text);
}

static void add_line(struct bytes *input, uint64_t *random)
{
    static const char *const odd[] = {"",
                                      "\t",
                                      "\r",
                                      "\t\t",
                                      "a\t",
                                      "\t7",
                                      "a\t1\r",
                                      "\t1\r\r",
                                      "no tab at all",
                                      "a\t18446744073709551615",
                                      "a\t18446744073709551616",
                                      "a\t00000000000000000000000012",
                                      "word\t1999\t12",
                                      "a\t-1",
                                      "a\t 12",
                                      "a\t12 ",
                                      "a\t1:2",
                                      "a\t1/2",
                                      "\xff\xff\xff\t12",
                                      "a\t\xb1\xb2\xb3"};
    if (random_below(random, 4) == 0) {
        bytes_print(input, "%s", PICK(random, odd));
    } else {
        char word[24];
        size_t size = random_below(random, sizeof word);
        random_fill(random, word, size, "ab01\t\r\xc3\xa9 ", 9);
        bytes_add(input, word, size);
        bytes_print(input, "\t%" PRIu64, random_next(random) >> random_below(random, 64));
    }
    bytes_print(input, random_below(random, 20) ? "\n" : "\r\n");
}

static void parser_tells_what_a_naive_one_does(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int i = 0; i < N_INPUTS; i++) {
        struct bytes input = {0};
        for (size_t n = random_below(&random, 6); n > 0; n--)
            add_line(&input, &random);
        int last = (int)random_below(&random, 2);
        if (last && input.size > 0 && random_below(&random, 2))
            input.size--;
        check(input.data ? input.data : "", input.size, last);
        bytes_release(&input);
    }
}

static void lines_over_many_blocks_are_all_told(void **state)
{
    (void)state;
    uint64_t random = 5;
    struct bytes input = {0};
    while (input.size < 50 * SCAN_BLOCK_SIZE)
        add_line(&input, &random);
    check(input.data, input.size, 1);
    bytes_release(&input);
}

static void word_may_have_64_kib_and_no_more(void **state)
{
    (void)state;
    struct bytes input = {0};
    for (size_t size = WORD_SIZE_MAX - 1; size <= WORD_SIZE_MAX + 1; size++) {
        for (size_t i = 0; i < size; i++)
            bytes_add(&input, "w", 1);
        bytes_print(&input, "\t5\n");
    }
    check(input.data, input.size, 0);
    bytes_release(&input);
}

static void no_more_lines_are_parsed_than_asked_for(void **state)
{
    (void)state;
    static const char lines[] = "a\t1\nb\t2\nc\t3\nd\t4";
    for (uint64_t n = 0; n <= 5; n++) {
        struct told told = {0};
        struct ngram_chunk chunk = {.last = 1, .n_max = n};
        assert_int_equal(parse(&told, scan_choose(), lines, sizeof lines - 1, &chunk), 0);
        assert_int_equal(chunk.n_lines, n < 4 ? n : 4);
        assert_int_equal(chunk.parsed, n < 4 ? 4 * n : sizeof lines - 1);
        assert_int_equal(told.n_calls, chunk.n_lines);
        bytes_release(&told.text);
    }
}

static void sink_that_fails_is_not_called_again(void **state)
{
    (void)state;
    static const char lines[] = "a\t1\nbad\nc\t3\nd\t4\n";
    for (size_t n = 1; n <= 4; n++) {
        struct told told = {.stop_at = n};
        struct ngram_chunk chunk = {.last = 1, .n_max = UINT64_MAX};
        assert_int_equal(parse(&told, scan_choose(), lines, sizeof lines - 1, &chunk), STOPPED);
        assert_int_equal(told.n_calls, n);
        bytes_release(&told.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parser_tells_what_a_naive_one_does),
        cmocka_unit_test(lines_over_many_blocks_are_all_told),
        cmocka_unit_test(word_may_have_64_kib_and_no_more),
        cmocka_unit_test(no_more_lines_are_parsed_than_asked_for),
        cmocka_unit_test(sink_that_fails_is_not_called_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
