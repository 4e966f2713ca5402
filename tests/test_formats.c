/* The tables of formats: a row for each number of the public header, and nothing in it is too low.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/formats.h"
#include "words/entry.h"
#include "wordmill.h"

static void each_output_has_its_public_number(void **state)
{
    (void)state;
    static const char *const names[] = {[WM_OUTPUT_TSV] = "tsv",
                                        [WM_OUTPUT_CSV] = "csv",
                                        [WM_OUTPUT_JSONL] = "jsonl",
                                        [WM_OUTPUT_TABLE] = "table"};
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
            assert_string_not_equal(a->ending, b->ending);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_output_has_its_public_number),
        cmocka_unit_test(endings_tell_outputs_apart),
        cmocka_unit_test(no_word_takes_more_than_is_said),
        cmocka_unit_test(no_header_takes_more_than_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
