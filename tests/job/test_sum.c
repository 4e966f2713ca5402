/*
 * Counting is a homomorphism: however an input is cut into parts, the sum of the results of the
 * parts is the result of the whole, byte for byte, and so is a sum of sums, merged or not, of lines
 * and of table files. So it is of results by year or decade, whatever is asked of their sum.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"
#include "random.h"
#include "series.h"

#define N_RUNS 60
#define N_PARTS_MAX 9

static char folder[256];
static const char *values; /* that are added up */

struct part {
    struct bytes bytes;
    char path[300];
};

static int set_up(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

/* Deals the lines out to the parts. */
static size_t make_parts(struct part *parts, struct bytes *whole, uint64_t *random)
{
    size_t n = 1 + random_below(random, N_PARTS_MAX);
    size_t size = random_below(random, random_below(random, 4) ? 3000 : 100000);
    size_t n_words = 1 + random_below(random, 2000);
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct part){0};
        snprintf(parts[i].path, sizeof parts[i].path, "%s/part%zu", folder, i);
    }
    while (whole->size < size) {
        char word[16];
        int word_size = snprintf(word, sizeof word, "w%zu", random_below(random, n_words));
        size_t before = whole->size;
        sample_add_line(whole, random, word, (size_t)word_size, 0);
        bytes_add(&parts[random_below(random, n)].bytes, whole->data + before,
                  whole->size - before);
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(bytes_save(&parts[i].bytes, parts[i].path), 0);
    return n;
}

enum tables { NO_TABLES, SOME_TABLES };

/* Tables say which values they hold; lines do not. */
static int one_is_a_table(const char *const *paths, size_t n)
{
    int found = 0;
    for (size_t i = 0; i < n && !found; i++) {
        struct bytes bytes = {0};
        assert_int_equal(bytes_load(&bytes, paths[i]), 0);
        found = bytes.size > 0 && (unsigned char)bytes.data[0] == 0x89;
        bytes_release(&bytes);
    }
    return found;
}

/* Some tables: one may be among the inputs, and the output may be one. */
static void run(enum wm_format format, const char *const *paths, size_t n, const char *output,
                enum tables tables, enum wm_output output_format, uint64_t *random)
{
    static const uint64_t sizes[] = {0, 0, 300, 3000, 20000};
    wm_options o;
    wm_error error = {0};
    wm_result *result;
    wm_options_init(&o);
    o.format = format;
    o.workers = (int)random_below(random, 4);
    o.partition_size = sizes[random_below(random, 5)];
    if (o.partition_size == 0 && random_below(random, 3) == 0 &&
        (format != WM_FORMAT_COUNTS || tables == NO_TABLES))
        o.partition_lines = 1 + random_below(random, 500);
    o.fan_in = random_below(random, 2) ? 2 + (unsigned)random_below(random, 5) : 0;
    o.sorted = format == WM_FORMAT_COUNTS && random_below(random, 2);
    o.output = output;
    o.output_format = output_format;
    o.values = values;
    if (format == WM_FORMAT_COUNTS && one_is_a_table(paths, n) && random_below(random, 2))
        o.values = NULL;
    if (wm_run(&o, paths, n, &result, &error) < 0)
        fail_msg("%s", error.message);
    wm_result_free(result);
}

static enum wm_output part_format(enum tables tables, uint64_t *random)
{
    int is_table = tables == SOME_TABLES && random_below(random, 2);
    return is_table ? WM_OUTPUT_TABLE : WM_OUTPUT_TSV;
}

/* Of several values too, for which the count of the whole is the oracle's in test_series. */
static void write_expected(struct bytes *expected, const struct bytes *whole, uint64_t *random)
{
    struct oracle oracle;
    char path[300], output[300];
    const char *paths[] = {path};
    if (!values) {
        oracle_count(&oracle, whole, 1, &(struct oracle_filter){0});
        oracle_write(&oracle, expected);
        oracle_release(&oracle);
        return;
    }
    snprintf(path, sizeof path, "%s/whole", folder);
    snprintf(output, sizeof output, "%s/counted", folder);
    assert_int_equal(bytes_save(whole, path), 0);
    run(WM_FORMAT_AUTO, paths, 1, output, NO_TABLES, WM_OUTPUT_TSV, random);
    assert_int_equal(bytes_load(expected, output), 0);
}

static void sum_of_counts_of_parts_is_the_count_of_the_whole(void **state)
{
    static const char *const choices[] = {NULL, "matches,volumes", "volumes,records,matches"};
    (void)state;
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        uint64_t random = seed;
        struct part parts[N_PARTS_MAX];
        struct bytes whole = {0}, expected = {0}, got = {0};
        const char *paths[N_PARTS_MAX];
        char output[300];
        size_t n = make_parts(parts, &whole, &random);
        enum tables tables = random_below(&random, 2) ? SOME_TABLES : NO_TABLES;
        snprintf(output, sizeof output, "%s/sum", folder);
        values = choices[seed % 3];
        write_expected(&expected, &whole, &random);

        for (size_t i = 0; i < n; i++) {
            paths[i] = parts[i].path;
            run(WM_FORMAT_AUTO, &paths[i], 1, parts[i].path, tables, part_format(tables, &random),
                &random);
        }
        size_t n_first = random_below(&random, n); /* of which the sum is summed again */
        if (n_first > 1) {
            run(WM_FORMAT_COUNTS, paths, n_first, output, tables, part_format(tables, &random),
                &random);
            assert_int_equal(rename(output, parts[n_first - 1].path), 0);
        }
        size_t start = n_first > 1 ? n_first - 1 : 0;
        run(WM_FORMAT_COUNTS, paths + start, n - start, output, tables, WM_OUTPUT_TSV, &random);
        assert_int_equal(bytes_load(&got, output), 0);
        if (!bytes_equal(&got, &expected))
            fail_msg("seed %llu: the sum is not the count", (unsigned long long)seed);

        for (size_t i = 0; i < n; i++)
            bytes_release(&parts[i].bytes);
        bytes_release(&whole);
        bytes_release(&expected);
        bytes_release(&got);
    }
}

/* Results by year or decade, of one count or two: what is asked of their sum, and of the oracle. */
struct dated {
    struct series series;
    const char *values; /* NULL: one alone */
    const char *words[2];
    int has_lines; /* of an input, which do not say what they hold */
};

static int is_in_order(const struct series *series)
{
    return !series->rank && series->top_per == 0 && (series->top == 0 || series->sort);
}

static void choose_question(struct dated *dated, uint64_t *random)
{
    static const char *const words[] = {"w0", "w1", "w7", "none"};
    static const uint64_t numbers[] = {0, 0, 1, 5};
    struct series *series = &dated->series;
    *dated = (struct dated){.values = random_below(random, 3) ? NULL : "matches,volumes"};
    series->by = random_below(random, 2) ? WM_BY_YEAR : WM_BY_DECADE;
    series->format = (enum wm_output)random_below(random, 3);
    series->rank = random_below(random, 2) == 0;
    series->min_count = numbers[random_below(random, 4)];
    series->top = numbers[random_below(random, 4)];
    if (series->top == 0)
        series->top_per = numbers[random_below(random, 4)];
    series->sort = random_below(random, 2) ? WM_SORT_DEFAULT : WM_SORT_WORD;
    series->n_values = dated->values ? 2 : 1;
    series->values[1] = 1;
    for (size_t i = 0; i < 2; i++)
        dated->words[i] = words[random_below(random, 4)];
    series->words = dated->words;
    series->n_words = random_below(random, 2) ? random_below(random, 3) : 0;
}

static void run_dated(const wm_options *o, const char *const *paths, size_t n, uint64_t seed)
{
    wm_error error = {0};
    wm_result *result;
    if (wm_run(o, paths, n, &result, &error) < 0)
        fail_msg("seed %llu: %s", (unsigned long long)seed, error.message);
    wm_result_free(result);
}

static wm_options dated_options(const struct dated *dated, uint64_t *random)
{
    wm_options o;
    wm_options_init(&o);
    o.workers = (int)random_below(random, 4);
    o.partition_size = random_below(random, 2) ? 300 : 0;
    o.fan_in = random_below(random, 2) ? 2 : 0;
    o.by = dated->series.by;
    o.values = dated->values;
    return o;
}

/* Any format that says what it holds, or lines. */
static enum wm_output dated_format(struct dated *dated, uint64_t *random)
{
    static const enum wm_output formats[] = {WM_OUTPUT_TSV, WM_OUTPUT_CSV, WM_OUTPUT_TABLE};
    enum wm_output format = formats[random_below(random, 3)];
    dated->has_lines |= format == WM_OUTPUT_TSV;
    return format;
}

/* Of inputs that say what they hold, nothing has to be said. */
static void be_silent(wm_options *o, const struct dated *dated, uint64_t *random)
{
    o->format = WM_FORMAT_COUNTS;
    if (dated->has_lines || o->top_per > 0 || random_below(random, 2))
        return;
    o->by = WM_BY_WORD;
    o->values = NULL;
}

static size_t make_dated_parts(char (*names)[300], struct bytes *whole, struct dated *dated,
                               uint64_t *random, uint64_t seed)
{
    struct bytes parts[N_PARTS_MAX] = {{0}};
    size_t n = 1 + random_below(random, N_PARTS_MAX), size = random_below(random, 4000);
    size_t n_words = 1 + random_below(random, 20), n_years = 1 + random_below(random, 40);
    while (whole->size < size) {
        size_t before = whole->size;
        bytes_print(whole, "w%zu\t%zu\t%zu\t%zu\n", random_below(random, n_words),
                    990 + random_below(random, n_years), random_below(random, 9),
                    random_below(random, 3));
        bytes_add(&parts[random_below(random, n)], whole->data + before, whole->size - before);
    }
    for (size_t i = 0; i < n; i++) {
        wm_options o = dated_options(dated, random);
        const char *path = names[i];
        snprintf(names[i], sizeof names[i], "%s/part%zu", folder, i);
        assert_int_equal(bytes_save(&parts[i], path), 0);
        o.format = WM_FORMAT_V2;
        o.output = path;
        o.output_format = dated_format(dated, random);
        run_dated(&o, &path, 1, seed);
        bytes_release(&parts[i]);
    }
    return n;
}

static void ask(wm_options *o, const struct series *series)
{
    o->output_format = series->format;
    o->rank = series->rank;
    o->min_count = series->min_count;
    o->top = series->top;
    o->top_per = series->top_per;
    o->sort = series->sort;
    o->words = series->words;
    o->n_words = series->n_words;
}

static void sum_by_period_is_the_count_by_period(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3 * N_RUNS; seed++) {
        uint64_t random = seed;
        char names[N_PARTS_MAX][300], output[300];
        const char *paths[N_PARTS_MAX];
        struct bytes whole = {0}, expected = {0}, got = {0};
        struct dated dated;
        choose_question(&dated, &random);
        size_t n = make_dated_parts(names, &whole, &dated, &random, seed);
        size_t n_first = random_below(&random, n + 1); /* of which the sum is summed again */
        for (size_t i = 0; i < n; i++)
            paths[i] = names[i];
        snprintf(output, sizeof output, "%s/sum", folder);
        wm_options o = dated_options(&dated, &random);
        o.output = output;
        if (n_first > 1) {
            be_silent(&o, &dated, &random);
            o.sorted = random_below(&random, 2) == 0;
            o.output_format = dated_format(&dated, &random);
            run_dated(&o, paths, n_first, seed);
            assert_int_equal(rename(output, names[n_first - 1]), 0);
        }
        size_t start = n_first > 1 ? n_first - 1 : 0;
        o = dated_options(&dated, &random);
        o.output = output;
        ask(&o, &dated.series);
        o.sorted = is_in_order(&dated.series) && random_below(&random, 2);
        be_silent(&o, &dated, &random);
        run_dated(&o, paths + start, n - start, seed);
        series_write(&expected, &whole, &dated.series);
        assert_int_equal(bytes_load(&got, output), 0);
        if (!bytes_equal(&got, &expected))
            fail_msg("seed %llu: the sum is not the count", (unsigned long long)seed);
        bytes_release(&whole);
        bytes_release(&expected);
        bytes_release(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_of_counts_of_parts_is_the_count_of_the_whole),
        cmocka_unit_test(sum_by_period_is_the_count_by_period),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
