/* The tables of formats: a row for each number of the public header, and nothing in it is too low.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/detect.h"
#include "input/formats.h"
#include "output/formats.h"
#include "words/entry.h"
#include "wordmill.h"

static void each_output_has_its_public_number(void **state)
{
    (void)state;
    static const char *const names[] = {[WM_OUTPUT_TSV] = "tsv",
                                        [WM_OUTPUT_CSV] = "csv",
                                        [WM_OUTPUT_JSONL] = "jsonl",
                                        [WM_OUTPUT_TABLE] = "table",
                                        [WM_OUTPUT_CSV_SAFE] = "csv-safe"};
    unsigned n = sizeof names / sizeof *names;
    for (unsigned i = 0; i < n; i++)
        assert_string_equal(output_format_at(i)->name, names[i]);
    assert_null(output_format_at(n));
    assert_null(output_format_at(UINT32_MAX));
}

static void endings_tell_outputs_apart(void **state)
{
    (void)state;
    const struct output_format *a, *b;
    for (unsigned i = 0; (a = output_format_at(i)) != NULL; i++)
        for (unsigned j = 0; (b = output_format_at(j)) != NULL && j < i; j++) {
            assert_string_not_equal(a->name, b->name);
            assert_true(!a->ending || !b->ending || strcmp(a->ending, b->ending) != 0);
        }
}

static const struct columns all_columns = {
    .which = (1u << N_COLUMNS) - 1, .total_count = 1, .sum = 1, .period = "decade"};

/* What the byte, as often as there is room for it, becomes in this format. */
static size_t written(const struct output_format *format, struct entry *entry, int byte,
                      uint32_t size, char *out)
{
    uint64_t n_replaced = 0;
    memset(entry->key, byte, size);
    memcpy(entry->key + size, "\t18446744073709551615", 21);
    *entry = (struct entry){.hash = UINT64_MAX, .count = UINT64_MAX, .size = size + 21};
    return format->add(out, &all_columns, entry, &n_replaced);
}

static void no_word_takes_more_than_is_said(void **state)
{
    (void)state;
    struct entry *entry = calloc(1, entry_stride(KEY_SIZE_MAX));
    const struct output_format *format;
    assert_non_null(entry);
    for (unsigned i = 0; (format = output_format_at(i)) != NULL; i++) {
        size_t most = 0;
        assert_true(format->growth <= OUTPUT_GROWTH_MAX);
        for (int byte = 0; byte < 256; byte++)
            for (uint32_t size = 1; size <= WORD_SIZE_MAX; size *= 256) {
                size_t room = output_most(format, size);
                char *out = malloc(room);
                assert_non_null(out);
                size_t n = written(format, entry, byte, size, out);
                assert_true(n <= room);
                if (size == WORD_SIZE_MAX && n > most)
                    most = n;
                free(out);
            }
        /* And none of them is said to take a byte more of each than it does. */
        assert_true(most > (size_t)format->growth * WORD_SIZE_MAX);
    }
    free(entry);
}

static void no_header_takes_more_than_is_said(void **state)
{
    (void)state;
    const struct output_format *format;
    for (unsigned i = 0; (format = output_format_at(i)) != NULL; i++) {
        char *out = malloc(OUTPUT_MORE_MAX);
        assert_non_null(out);
        if (format->header)
            assert_true(format->header(out, &all_columns) <= OUTPUT_MORE_MAX);
        free(out);
    }
}

static void each_input_has_its_public_number(void **state)
{
    (void)state;
    static const char *const names[WM_N_FORMATS] = {
        [WM_FORMAT_V1] = "v1",           [WM_FORMAT_V2] = "v2",     [WM_FORMAT_V3] = "v3",
        [WM_FORMAT_COLUMNS] = "columns", [WM_FORMAT_TEXT] = "text", [WM_FORMAT_COUNTS] = "counts"};
    assert_null(input_format_at(WM_FORMAT_AUTO));
    assert_null(input_format_at(WM_N_FORMATS));
    assert_null(input_format_at(UINT32_MAX));
    for (unsigned i = 1; i < WM_N_FORMATS; i++) {
        const struct input_format *format = input_format_at(i);
        assert_string_equal(format->name, names[i]);
        assert_int_equal(input_format_number(format), i);
    }
}

static void an_input_is_of_the_format_that_most_lines_have(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        unsigned format;
    } inputs[] = {
        {"a\t1999\t1\t2\t3\n", WM_FORMAT_V1},
        {"a\t1999\t1\t2\t3\r\n", WM_FORMAT_V1},
        {"a\t1999\t1\t2\tx\n", WM_FORMAT_V2},
        {"a\t1999\t1\t2\t3\t4\n", WM_FORMAT_V2},
        {"a\t1999\t1\t2\n", WM_FORMAT_V2},
        {"a\t1999\t1\tx\n", WM_FORMAT_V2},
        {"a\t1999,1,2\n", WM_FORMAT_V3},
        {"a\t1999,1,2\t2000,3,4", WM_FORMAT_V3},
        {"a\t1999,1", WM_FORMAT_V3},   /* cut off */
        {"a\t1999,", WM_FORMAT_V3},    /* the same */
        {"a\t1999,1\n", WM_FORMAT_V2}, /* none, and no prose */
        {"a\t1999", WM_FORMAT_V2},
        {"a\t1999\t1\t2", WM_FORMAT_V2},
        {"a\t1999\t1\t2\nb\t1999\t1\t2\t3\nb\t1999\t1\t2\t3\n", WM_FORMAT_V1},
        {"b\t1999\t1\t2\t3\na\t1999\t1\t2\n", WM_FORMAT_V1}, /* of as many the first */
        {"a\t1999\t1\t2\nb\t1999\t1\t2\t3\n", WM_FORMAT_V2},
        {"x y\nx y\na\t1999\t1\t2\n", WM_FORMAT_V2},
        {"Call me Ishmael.\n", WM_FORMAT_TEXT},
        {"Ishmael\n", WM_FORMAT_V2},
        {"word\t12\n", WM_FORMAT_V2},
        {"", WM_FORMAT_V2},
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        size_t size = strlen(inputs[i].data);
        char *data = malloc(size + 1); /* for the sanitizers */
        assert_non_null(data);
        memcpy(data, inputs[i].data, size);
        if (input_detect(data, size) != inputs[i].format)
            fail_msg("input %zu is taken for %s", i,
                     input_format_at(input_detect(data, size))->name);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_input_has_its_public_number),
        cmocka_unit_test(an_input_is_of_the_format_that_most_lines_have),
        cmocka_unit_test(each_output_has_its_public_number),
        cmocka_unit_test(endings_tell_outputs_apart),
        cmocka_unit_test(no_word_takes_more_than_is_said),
        cmocka_unit_test(no_header_takes_more_than_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
