/*
 * Counting is a homomorphism: however an input is cut into parts, the sum of the results of the
 * parts is the result of the whole, byte for byte, and so is a sum of sums, merged or not, of lines
 * and of table files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"
#include "random.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_of_counts_of_parts_is_the_count_of_the_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
