/*
 * Every variant of the line scanner that this CPU has finds the same ends as a loop that looks at
 * one byte at a time, on data full of bytes that bit tricks mistake for LF, with LF in the padding.
 * Buffers end right after the padding, for the sanitizers to see what is read past it.
 */
#include "scan/scan.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/number.h"
#include "random.h"
#include "scan/variants.h"

/* Bytes one bit, or one borrow, away from LF. */
static const char lookalikes[] = "\n\n\n\x0B\x09\x8A\x1A\x0E\x08\x0A\x00\xFF\x80\x7F ab";

/* size bytes with padding full of LF, align bytes past an aligned address. */
static char *data_new(uint64_t *random, size_t align, size_t size, char **memory)
{
    *memory = malloc(align + size + SCAN_PADDING);
    assert_non_null(*memory);
    char *data = *memory + align;
    size_t n_letters = 2 + random_below(random, sizeof lookalikes - 2);
    random_fill(random, data, size, lookalikes, n_letters);
    memset(data + size, '\n', SCAN_PADDING);
    return data;
}

static size_t naive_count(const char *data, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += data[i] == '\n';
    return n;
}

static void check_lines(const struct scan *scan, const char *data, size_t size)
{
    uint32_t *ends = malloc(SCAN_N_ENDS * sizeof *ends);
    assert_non_null(ends);
    size_t n_lines = scan->lines(data, size, ends), n = 0;
    assert_int_equal(n_lines, naive_count(data, size));
    for (size_t i = 0; i < size; i++)
        if (data[i] == '\n' && ends[n++] != i)
            fail_msg("%s: line %zu of %zu bytes should end at %zu", scan->name, n, size, i);
    free(ends);
}

static void lines_of_every_variant_equal_a_byte_by_byte_search(void **state)
{
    (void)state;
    static const size_t large[] = {SCAN_BLOCK_SIZE - 65, SCAN_BLOCK_SIZE - 1, SCAN_BLOCK_SIZE};
    const struct scan *scan;
    uint64_t random = 1;
    for (size_t round = 0; round < 301 + 3; round++) {
        size_t size = round <= 300 ? round : large[round - 301];
        for (int i = 0; i < 8; i++) {
            char *memory;
            char *data = data_new(&random, random_below(&random, 64), size, &memory);
            for (size_t j = 0; (scan = scan_variant(j)) != NULL; j++)
                check_lines(scan, data, size);
            free(memory);
        }
    }
}

static void lines_tell_every_byte_value_from_line_feed(void **state)
{
    (void)state;
    const struct scan *scan;
    char data[128 + SCAN_PADDING];
    for (unsigned value = 0; value < 256; value++) {
        for (unsigned around = 0; around < 2; around++) {
            memset(data, around ? '\n' : 'x', sizeof data);
            for (size_t i = 0; i < 128; i += 3)
                data[i] = (char)value;
            for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++)
                check_lines(scan, data, 128);
        }
    }
}

static void count_lines_equals_a_byte_by_byte_count(void **state)
{
    (void)state;
    static const size_t fixed[] = {0, 1, 63, 64, 65, 4095, 4096, 4097, 8192, 12288, 12289};
    const struct scan *scan;
    uint64_t random = 2;
    for (size_t round = 0; round < 200; round++) {
        size_t n_fixed = sizeof fixed / sizeof *fixed;
        size_t size = round < n_fixed ? fixed[round] : random_below(&random, 20000);
        char *memory;
        char *data = data_new(&random, random_below(&random, 64), size, &memory);
        for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++)
            assert_int_equal(scan->count(data, size), naive_count(data, size));
        free(memory);
    }
}

static void after_line_is_where_the_nth_line_ends(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int round = 0; round < 100; round++) {
        size_t size = random_below(&random, round % 10 == 0 ? 3 * SCAN_BLOCK_SIZE : 500);
        char *memory;
        char *data = data_new(&random, 0, size, &memory);
        const struct scan *scan = scan_variant(0);
        size_t n = 0;
        for (size_t i = 0; i < size; i++)
            if (data[i] == '\n' && (++n < 100 || n % 64 == 0))
                assert_int_equal(scan_after_line(scan, data, size, n), i + 1);
        assert_int_equal(scan_after_line(scan, data, size, n + 1), size);
        free(memory);
    }
}

static void choose_takes_the_best_variant_or_the_one_asked_for(void **state)
{
    (void)state;
    const struct scan *scan, *best = scan_variant(0);
    char *before = getenv("WORDMILL_SIMD");
    if (before)
        before = strdup(before);
    int has_portable = 0;
    for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
        assert_int_equal(setenv("WORDMILL_SIMD", scan->name, 1), 0);
        assert_ptr_equal(scan_choose(), scan);
        has_portable |= strcmp(scan->name, "portable") == 0;
    }
    assert_true(has_portable);
    assert_int_equal(setenv("WORDMILL_SIMD", "no such variant", 1), 0);
    assert_ptr_equal(scan_choose(), best);
    assert_int_equal(unsetenv("WORDMILL_SIMD"), 0);
    assert_ptr_equal(scan_choose(), best);
    if (before)
        setenv("WORDMILL_SIMD", before, 1);
    free(before);
}

/* From memory of exactly its size, so that no byte after the text can be looked at. */
static int number(const char *text, size_t size, uint64_t *value)
{
    char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    int rc = number_read(copy, size, value);
    free(copy);
    return rc;
}

static void number_reads_all_that_fits_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        {"0", 0},
        {"9", 9},
        {"007", 7},
        {"0000000000000000000000000000000000000001", 1},
        {"4294967296", UINT64_C(4294967296)},
        {"9999999999999999999", UINT64_C(9999999999999999999)},
        {"10000000000000000000", UINT64_C(10000000000000000000)},
        {"18446744073709551615", UINT64_MAX},
        {"00018446744073709551615", UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 99;
        assert_int_equal(number(cases[i].text, strlen(cases[i].text), &value), 0);
        assert_true(value == cases[i].value);
    }
}

static void number_refuses_all_else_and_leaves_its_result_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "+1",
        "-1",
        " 1",
        "1 ",
        "1a",
        "a1",
        "0x1",
        "1.0",
        "1/",
        "1:",
        "\xB1",
        "18446744073709551616",
        "18446744073709551620",
        "99999999999999999999",
        "118446744073709551615",
        "184467440737095516150",
        "340282366920938463463374607431768211456",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t value = 99;
        if (number(texts[i], strlen(texts[i]), &value) != -1)
            fail_msg("'%s' was taken for %" PRIu64, texts[i], value);
        assert_int_equal(value, 99);
    }
    uint64_t value = 99;
    assert_int_equal(number("1\0", 2, &value), -1);
    assert_int_equal(number("\0", 1, &value), -1);
    assert_int_equal(value, 99);
}

static void number_written_by_printf_reads_back(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int i = 0; i < 20000; i++) {
        uint64_t want = random_next(&random), value;
        want >>= random_below(&random, 64);
        char text[40];
        int width = (int)random_below(&random, 30);
        int size = snprintf(text, sizeof text, "%0*" PRIu64, width, want);
        assert_int_equal(number(text, (size_t)size, &value), 0);
        assert_true(value == want);
    }
}

static void load_le64_takes_the_first_byte_as_the_lowest(void **state)
{
    (void)state;
    assert_true(load_le64("\x01\x02\x03\x04\x05\x06\x07\xF8") == UINT64_C(0xF807060504030201));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_every_variant_equal_a_byte_by_byte_search),
        cmocka_unit_test(lines_tell_every_byte_value_from_line_feed),
        cmocka_unit_test(count_lines_equals_a_byte_by_byte_count),
        cmocka_unit_test(after_line_is_where_the_nth_line_ends),
        cmocka_unit_test(choose_takes_the_best_variant_or_the_one_asked_for),
        cmocka_unit_test(number_reads_all_that_fits_64_bits),
        cmocka_unit_test(number_refuses_all_else_and_leaves_its_result_alone),
        cmocka_unit_test(number_written_by_printf_reads_back),
        cmocka_unit_test(load_le64_takes_the_first_byte_as_the_lowest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
