/*
 * The tables of formats: a row for each number of the public header, and nothing in it is too low.
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
    *entry =
        (struct entry){.hash = UINT64_MAX, .count = UINT64_MAX, .size = (size + 21) & 0xFFFFFFF};
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
    assert_string_equal(input_format_at(WM_N_FORMATS)->name, "csv"); /* what counts may be */
    assert_null(input_format_at(WM_N_FORMATS + 1));
    assert_null(input_format_at(UINT32_MAX));
    for (unsigned i = 1; i < WM_N_FORMATS; i++) {
        const struct input_format *format = input_format_at(i);
        assert_string_equal(format->name, names[i]);
        assert_int_equal(input_format_number(format), i);
    }
}

/* What bytes without a NUL look like, in memory that the sanitizers watch. */
static struct input_look look_at(const char *text, size_t size)
{
    char *data = malloc(size + 1);
    assert_non_null(data);
    memcpy(data, text, size);
    struct input_look look = input_detect(data, size);
    input_find_periods(&look, data, size);
    free(data);
    return look;
}

/* First lines, and what they look like; format 0: no matter. */
static const struct {
    const char *data;
    enum input_kind kind;
    unsigned format;
} heads[] = {
    {"a\t1999\t1\t2\t3\n", INPUT_LINES, WM_FORMAT_V1},
    {"a\t1999\t1\t2\t3\r\n", INPUT_LINES, WM_FORMAT_V1},
    {"a\t1999\t1\t2\tx\n", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1999\t1\t2\t3\t4\n", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1999\t1\t2\n", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1999\t1\tx\n", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1999,1,2\n", INPUT_LINES, WM_FORMAT_V3},
    {"a\t1999,1,2\t\n", INPUT_LINES, WM_FORMAT_V3},
    {"a\t1999,1,2\t2000,3,4", INPUT_LINES, WM_FORMAT_V3},
    {"a\t1999,1", INPUT_LINES, WM_FORMAT_V3}, /* cut off */
    {"a\t1999,", INPUT_LINES, WM_FORMAT_V3},  /* the same */
    {"a\t1999\t1\t2", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1999\t1\t2\nb\t1999\t1\t2\t3\nb\t1999\t1\t2\t3\n", INPUT_LINES, WM_FORMAT_V1},
    {"b\t1999\t1\t2\t3\na\t1999\t1\t2\n", INPUT_LINES, WM_FORMAT_V1}, /* of as many the first */
    {"a\t1999\t1\t2\nb\t1999\t1\t2\t3\n", INPUT_LINES, WM_FORMAT_V2},
    {"\n\n\na\t1999\t1\t2\n", INPUT_LINES, WM_FORMAT_V2},
    {"\xEF\xBB\xBF"
     "a\t1999\t1\t2\n",
     INPUT_LINES, WM_FORMAT_V2},
    {"ngram\tyear\tmatch_count\tvolume_count\na\t1999\t1\t2\n", INPUT_LINES, WM_FORMAT_V2},
    {"x y\nx y\na\t1999\t1\t2\n", INPUT_MIXED, WM_FORMAT_V2},
    {"Call me Ishmael.\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {"\xEF\xBB\xBF"
     "Call me Ishmael.\n",
     INPUT_TEXT, WM_FORMAT_TEXT},
    {"It was, in 1851, no\nthing, really, of note\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {"<!DOCTYPE html>\n<p>Call me\n", INPUT_MARKUP, 0},
    {"  <HTML lang=en>", INPUT_MARKUP, 0},
    {"<?xml version=\"1.0\"?>\n<a>Call me</a>\n", INPUT_MARKUP, 0},
    {"<doc id=\"1\">\nCall me\n</doc>\n", INPUT_MARKUP, 0},
    {"<html>", INPUT_MARKUP, 0},
    {"{\\rtf1 Call me}\n", INPUT_MARKUP, 0},
    {"{\"word\":\"of the\",\"count\":3}\n", INPUT_MARKUP, 0},
    {"[{\"word\": \"the\"}]\n", INPUT_MARKUP, 0},
    {"<3 is a heart\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {"[Illustration]\n\nCall me\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {"a 1990 5 1\nb 1991 6 2\n", INPUT_PAIRS, 0},
    {"a 1990 5 1\nb 1991 6\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {" 1990 5\n", INPUT_TEXT, WM_FORMAT_TEXT},
    {"na\xEFve caf\xE9s all of them\n", INPUT_LATIN, 0},
    {"Ishmael\n", INPUT_UNKNOWN, 0},
    {"It was\tthe best of times\nit was the worst\n", INPUT_UNKNOWN, 0},
    {"a\t1999,1\n", INPUT_TABLE, 0},
    {"word\t12\n", INPUT_COUNTS, 0},
    {"a\t1999", INPUT_COUNTS, 0},
    {"a\t1\nb c\t2\n", INPUT_COUNTS, 0},
    {"the 900\nof 800\n", INPUT_PAIRS, 0},
    {"word,count\na,1\n", INPUT_RESULT, 0},
    {"word,year,count\r\n", INPUT_RESULT, 0},
    {"word,count,rank\na,1,1\n", INPUT_TABLE, 0},
    {"the\t54\t1\t6.500000\t6.500000\n", INPUT_TABLE, 0}, /* a result with ranks */
    {"a,1990,5\nb,1991,6\n", INPUT_TABLE, 0},
    {" \t2007,1000000,900,30\t2008,2000000,1000,40\t", INPUT_TOTALS, 0},
    {"1505\t32059\t231\t1\n1507\t49586\t477\t1\n", INPUT_TOTALS, 0},
    {"1505,32059,231,1\n1507,49586,477,1\n", INPUT_TOTALS, 0},
    {"1505\t1999\t231\t1\n1505\t2000\t477\t1\n", INPUT_LINES, WM_FORMAT_V2},
    {"a\t1990\t3\t1\ra\t1991\t4\t1\rb\t1990\t2\t1\r", INPUT_CR, 0},
    {"a\t1\rb\t2\r", INPUT_CR, 0},
    {"It was\rthe best\rof times", INPUT_CR_TEXT, 0},
    {"a\rb\rc\t1990\t3\t1\n", INPUT_LINES, WM_FORMAT_V2},
    {"\x01\x02 a\n", INPUT_BINARY, 0},
    {"\n\n", INPUT_EMPTY, 0},
    {"", INPUT_EMPTY, 0},
};

static void an_input_is_what_its_first_lines_look_like(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct input_look look = look_at(heads[i].data, strlen(heads[i].data));
        if (look.kind != heads[i].kind || (heads[i].format != 0 && look.format != heads[i].format))
            fail_msg("input %zu is taken for %d, %u", i, (int)look.kind, look.format);
    }
}

static void years_behind_words_are_seen(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        unsigned some, all, decades; /* bits 1 to 4 of them */
    } inputs[] = {
        {"a\t1\nb\t2\n", 0, 0, 30},
        {"1990\t1\nb\t2\n", 0, 0, 30}, /* a word */
        {"a\t1990\t1\nb\t1991\t2\n", 2, 2, 28},
        {"a\t1990\t1\nb\t2000\t2\r\n", 2, 2, 30},
        {"a\t1990\t1\nb\t2\n", 2, 0, 30},
        {"\"\t1990\t1\n\"b\t1991\t2\n", 2, 2, 28},
        {"a\t1990\t1\t2\nb\t1992\t2\t5\n", 4, 4, 26},
        {"a\t1990\t1\t2\t3\t4\n", 16, 16, 30},
        {"a\t1990\t1\t2\t3\t4\t5\n", 0, 0, 30},
        {"a\t990\t1\nb\t19901\t2\n", 0, 0, 30},
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct input_look look = look_at(inputs[i].data, strlen(inputs[i].data));
        assert_int_equal(look.periods.some, inputs[i].some);
        assert_int_equal(look.periods.all & 30, inputs[i].all);
        assert_int_equal(look.periods.decades & 30, inputs[i].decades);
    }
    assert_int_equal(look_at("word,year,count\na,1990,1\n", 25).values.by, 1);
    assert_int_equal(look_at("word,count\na,1\n", 15).values.by, 0);
    assert_true(look_at("word,count,rank,percent,cumulative\n", 35).has_shares);
    assert_true(look_at("word,year,count,per_million\n", 28).has_shares);
    assert_false(look_at("word,year,count\n", 16).has_shares);
}

static void wide_characters_are_known_by_mark_or_zeros(void **state)
{
    (void)state;
    static const char text[] = "ant\t1990\t3\t1\nbee\t1991\t4\t1\n";
    static const struct {
        const char *encoding;
        int width, place; /* bytes of a character, and which of them is that of ASCII */
    } kinds[] = {{"UTF-16LE", 2, 0}, {"UTF-16BE", 2, 1}, {"UTF-32LE", 4, 0}, {"UTF-32BE", 4, 3}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char bytes[4 * sizeof text] = {0};
        for (size_t j = 0; j < sizeof text - 1; j++)
            bytes[j * (size_t)kinds[i].width + (size_t)kinds[i].place] = text[j];
        struct input_look look = look_at(bytes, (sizeof text - 1) * (size_t)kinds[i].width);
        assert_int_equal(look.kind, INPUT_WIDE);
        assert_string_equal(look.encoding, kinds[i].encoding);
    }
    assert_string_equal(look_at("\xFF\xFE"
                                "a\0\t\0",
                                6)
                            .encoding,
                        "UTF-16");
    assert_string_equal(look_at("\0\0\xFE\xFF\0\0\0a", 8).encoding, "UTF-32");
    assert_int_equal(look_at("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16).kind, INPUT_BINARY);
    assert_int_equal(look_at("a\0b\t1990\t3\t1\n", 13).kind, INPUT_LINES); /* a NUL in a word */
}

static void a_table_says_where_its_columns_are(void **state)
{
    (void)state;
    struct input_look look = look_at("n,w,c\n1,\"a, b\",5\n2,\"c\",6\n", 25);
    assert_int_equal(look.kind, INPUT_TABLE);
    assert_int_equal(look.delimiter, ',');
    assert_int_equal(look.key_column, 2);
    assert_int_equal(look.value_column, 1);
    assert_true(look.has_header && look.has_quotes);
    look = look_at("a;x;5\nb;y;6\n", 12);
    assert_int_equal(look.delimiter, ';');
    assert_int_equal(look.key_column, 1);
    assert_int_equal(look.value_column, 3);
    assert_false(look.has_header || look.has_quotes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_input_has_its_public_number),
        cmocka_unit_test(an_input_is_what_its_first_lines_look_like),
        cmocka_unit_test(years_behind_words_are_seen),
        cmocka_unit_test(wide_characters_are_known_by_mark_or_zeros),
        cmocka_unit_test(a_table_says_where_its_columns_are),
        cmocka_unit_test(each_output_has_its_public_number),
        cmocka_unit_test(endings_tell_outputs_apart),
        cmocka_unit_test(no_word_takes_more_than_is_said),
        cmocka_unit_test(no_header_takes_more_than_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
