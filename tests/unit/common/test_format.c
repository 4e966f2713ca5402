/*
 * Numbers are written as printf writes them, and a line of output is the word as it is, a TAB, the
 * count and a LF. Every buffer has exactly the room that is needed, for the sanitizers to watch.
 */
#include "output/formatter.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"
#include "output/format.h"
#include "output/tsv.h"
#include "random.h"
#include "words/entry.h"

static void check_number(uint64_t value)
{
    char want[NUMBER_SIZE_MAX + 1];
    size_t size = (size_t)snprintf(want, sizeof want, "%" PRIu64, value);
    char *out = malloc(size);
    assert_non_null(out);
    assert_int_equal(number_write(out, value), size);
    assert_memory_equal(out, want, size);
    free(out);
}

static void number_is_written_as_printf_does(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 200000; i++) {
        uint64_t value = random_next(&random);
        check_number(value >> random_below(&random, 64));
    }
}

static void number_around_each_power_of_ten_is_right(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (int i = 0; i < 20; i++, power *= 10) {
        check_number(power - 1);
        check_number(power);
        check_number(power + 1);
    }
    check_number(UINT32_MAX);
    check_number(UINT64_MAX - 1);
    check_number(UINT64_MAX);
}

static void number_below_ten_thousand_is_right(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 10000; i++)
        check_number(i);
}

static void largest_number_fills_its_room(void **state)
{
    (void)state;
    char out[NUMBER_SIZE_MAX];
    assert_int_equal(number_write(out, UINT64_MAX), NUMBER_SIZE_MAX);
}

/* Formats an entry into no more room than may be overwritten; it must be word TAB count LF. */
static void check_tsv(const char *word, uint32_t size, uint64_t count)
{
    char number[NUMBER_SIZE_MAX + 1];
    size_t n_digits = (size_t)snprintf(number, sizeof number, "%" PRIu64, count);
    struct entry *entry = malloc(entry_stride(size));
    char *out = malloc(output_most(&output_tsv, size));
    assert_non_null(entry);
    assert_non_null(out);
    entry->hash = 7;
    entry->count = count;
    entry->n_more = 0;
    entry_set_size(entry, size);
    memcpy(entry->key, word, size);

    const struct columns none = {0};
    assert_int_equal(output_tsv.add(out, &none, entry, NULL), size + n_digits + 2);
    assert_true(size + n_digits + 2 <= output_most(&output_tsv, size));
    assert_memory_equal(out, word, size);
    assert_int_equal(out[size], '\t');
    assert_memory_equal(out + size + 1, number, n_digits);
    assert_int_equal(out[size + 1 + n_digits], '\n');
    free(out);
    free(entry);
}

static void assert_per_million(uint64_t count, uint64_t total, const char *expected)
{
    const struct columns columns = {.which = 1u << COLUMN_PER_MILLION, .total_count = total};
    char line[200], text[200];
    struct entry entry = {.count = count};
    size_t size = output_tsv.add(line, &columns, &entry, NULL);
    int expected_size = snprintf(text, sizeof text, "\t%" PRIu64 "\t%s\n", count, expected);
    assert_int_equal(size, expected_size);
    assert_memory_equal(line, text, size);
    assert_true(size <= output_most(&output_tsv, 0));
}

static void shares_per_million_are_rounded_half_up(void **state)
{
    (void)state;
    assert_per_million(0, 1, "0.000000");
    assert_per_million(1, 1, "1000000.000000");
    assert_per_million(1, 3, "333333.333333");
    assert_per_million(2, 3, "666666.666667");
    assert_per_million(1, UINT64_C(2000000000000), "0.000001");
    assert_per_million(1, UINT64_C(2000000000001), "0.000000");
    assert_per_million(15209, UINT64_C(468491999592), "0.032464");
    assert_per_million(UINT64_MAX, UINT64_MAX, "1000000.000000");
    assert_per_million(UINT64_MAX - 1, UINT64_MAX, "1000000.000000");
    assert_per_million(UINT64_MAX, 1000000, "18446744073709551615.000000");
    assert_per_million(UINT64_MAX, 1, "18446744073709551615.000000");
}

static void tsv_line_is_word_tab_count_and_line_feed(void **state)
{
    (void)state;
    check_tsv("word", 4, 42);
    check_tsv("", 0, 0);
    check_tsv("a\0b\0", 4, 1);
    check_tsv("two words \"quoted\" \\ _NOUN", 26, UINT64_MAX);
    check_tsv("\xC3\xA9t\xC3\xA9", 5, 10);
}

static void tsv_line_of_a_random_word_is_right(void **state)
{
    (void)state;
    uint64_t random = 2;
    char word[100];
    for (int i = 0; i < 5000; i++) {
        uint32_t size = (uint32_t)random_below(&random, sizeof word + 1);
        for (uint32_t j = 0; j < size; j++)
            word[j] = (char)random_next(&random);
        uint64_t count = random_next(&random);
        check_tsv(word, size, count >> random_below(&random, 64));
    }
}

static void tsv_line_of_the_longest_word_is_right(void **state)
{
    (void)state;
    static char word[WORD_SIZE_MAX];
    memset(word, 'x', sizeof word);
    check_tsv(word, WORD_SIZE_MAX, UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_is_written_as_printf_does),
        cmocka_unit_test(number_around_each_power_of_ten_is_right),
        cmocka_unit_test(number_below_ten_thousand_is_right),
        cmocka_unit_test(largest_number_fills_its_room),
        cmocka_unit_test(tsv_line_is_word_tab_count_and_line_feed),
        cmocka_unit_test(shares_per_million_are_rounded_half_up),
        cmocka_unit_test(tsv_line_of_a_random_word_is_right),
        cmocka_unit_test(tsv_line_of_the_longest_word_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
