/*
 * Rows, words and tables of benches that were never run: times are made up, so what must be best,
 * as good and in which column is known.
 */
#include "bench/bench_names.h"
#include "bench/bench_rows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/bench_table.h"
#include "bench/bench_words.h"

typedef double times_of(uint32_t config, uint32_t round);

static const uint64_t file_size = 64 << 20;

/* Sizes 64K, 1M, 4M and auto, which is 2M, times 1 and 2 workers, as long as times says. */
static void bench_make(struct bench *bench, uint32_t n_rounds, times_of *times)
{
    static const char *const paths[] = {"words.tsv"};
    *bench = (struct bench){.grid = {.partitions = {{65536, 1 << 20, 4 << 20, AXIS_AUTO}, 4},
                                     .workers = {{1, 2}, 2},
                                     .fan_ins = {{AXIS_AUTO}, 1}},
                            .paths = paths,
                            .n_paths = 1,
                            .bytes = file_size,
                            .lines = 3000000,
                            .words = 7};
    uint32_t n = bench_n(bench);
    bench->runs = calloc((size_t)n * n_rounds, sizeof *bench->runs);
    bench->states = calloc(n, sizeof *bench->states);
    assert_true(bench->runs && bench->states);
    for (uint32_t i = 0; i < n * n_rounds; i++) {
        uint32_t number = i % n;
        struct config config = grid_config(&bench->grid, number);
        uint64_t size = config.partition_size > 0 ? config.partition_size : 2 << 20;
        double wall = times(number, i / n);
        bench->runs[i] = (struct measure){.configuration = number,
                                          .round = i / n,
                                          .partition_size = size,
                                          .partitions = file_size / size,
                                          .largest_partition = size + 20,
                                          .workers = config.workers,
                                          .workers_started = config.workers,
                                          .fan_in = 64,
                                          .seconds = wall,
                                          .user_seconds = wall / 2,
                                          .system_seconds = wall / 4,
                                          .split_seconds = wall / 16,
                                          .map_seconds = wall / 2,
                                          .order_seconds = wall / 8,
                                          .write_seconds = wall / 8,
                                          .busy_seconds = wall * 0.75,
                                          .map_busy_seconds = wall / 2,
                                          .bytes = file_size,
                                          .runs = file_size / size,
                                          .rounds = 1,
                                          .peak_shared_bytes = 414000000,
                                          .message_bytes = 1234567,
                                          .cached = -1};
        bench->states[number].same_as = number;
        bench->states[number].seen = bench->runs[i];
        bench->states[number].is_seen = 1;
    }
    bench->n_runs = n * n_rounds;
}

static void bench_unmake(struct bench *bench)
{
    free(bench->runs);
    free(bench->states);
}

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-9)
        fail_msg("%g is not %g", a, b);
}

/* A machine that goes twice as slow in every third round; noise of 1% that differs. */
static double noise(uint32_t config, uint32_t round)
{
    double slow = round % 3 == 2 ? 2 : 1;
    return slow * (1 + 0.01 * ((config * 7 + round * 5) % 3 - 1.0));
}

/* 64K takes 2.04, 1M 1.04 as long as 4M; auto the same as 4M. One worker takes 1.8 as long. */
static double sweep(uint32_t config, uint32_t round)
{
    static const double ratios[] = {2.04, 1.04, 1, 1};
    return 4 * ratios[config % 4] * (config < 4 ? 1.8 : 1) * noise(config, round);
}

static void verdicts_are_by_rounds_not_by_ranges(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    bench_make(&bench, 12, sweep);
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_int_equal(rows.n, 8);
    assert_int_equal(rows.n_rounds, 12);
    assert_int_equal(rows.n_lost, 0);
    assert_int_equal(rows.best->config.workers, 2);
    /* In the order of sizes in force: auto, of 2M, stands between 1M and 4M. */
    static const uint32_t order[] = {0, 1, 3, 2, 4, 5, 7, 6};
    for (int i = 0; i < 8; i++)
        assert_int_equal(rows.shown[i]->number, order[i]);
    /* The longest run of the best is twice its median,
     * and 64K is for certain worse all the same. */
    assert_true(rows.best->seconds.max > rows.items[4].seconds.median * 0.95);
    assert_int_equal(rows.items[4].verdict, VERDICT_WORSE);
    assert_true(fabs(rows.items[4].against.median - 2.04) < 0.03);
    assert_int_equal(rows.items[5].verdict, VERDICT_WORSE);
    enum verdict first = rows.items[6].verdict, second = rows.items[7].verdict;
    assert_true((first == VERDICT_BEST && second == VERDICT_GOOD) ||
                (first == VERDICT_GOOD && second == VERDICT_BEST));
    assert_true(rows.items[7].is_auto);
    rows_release(&rows);
    bench_unmake(&bench);
}

static void speed_up_is_against_the_fewest_workers_that_ran(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    bench_make(&bench, 12, sweep);
    bench.states[0].error.code = WM_ELIMIT;
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_near(rows.items[0].speed_up, 0);
    assert_null(rows.items[0].typical);
    assert_near(rows.items[1].speed_up, 1);
    assert_near(rows.items[4].speed_up, 1);
    assert_true(fabs(rows.items[6].speed_up - 1.8) < 0.04);
    assert_true(fabs(rows.items[6].efficiency - 0.9) < 0.02);
    rows_release(&rows);
    bench_unmake(&bench);
}

static void unfinished_round_counts_for_nothing(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[WORDS_SIZE];
    bench_make(&bench, 7, sweep);
    /* In the last round two ran, and one of them as fast as none ever. */
    bench.n_runs = 6 * 8 + 2;
    bench.runs[bench.n_runs - 1].seconds = 0.001;
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_int_equal(rows.n_rounds, 6);
    assert_int_equal(rows.n_lost, 2);
    assert_int_equal(rows.items[1].seconds.n, 6);
    assert_int_equal(rows.best->config.workers, 2);
    words_partial(&rows, 1, text, sizeof text);
    assert_string_equal(text, "This report is partial: a signal ended the bench. 2 runs of a round "
                              "that was not finished do not count.");
    rows_release(&rows);
    /* Without a finished round there are times, but no winner. */
    bench.n_runs = 5;
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_int_equal(rows.n_rounds, 0);
    assert_null(rows.best);
    assert_int_equal(rows.items[2].seconds.n, 1);
    assert_int_equal(rows.items[2].verdict, VERDICT_NONE);
    words_answer(&rows, text, sizeof text);
    assert_string_equal(text, "No round was finished, so nothing is the best.");
    assert_true(rows_want_more(&rows));
    rows_release(&rows);
    bench_unmake(&bench);
}

static void more_rounds_are_wanted_until_all_is_known(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    bench_make(&bench, 20, sweep);
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_false(rows_want_more(&rows));
    rows_release(&rows);
    bench.n_runs = 5 * 8;
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_true(rows_want_more(&rows));
    rows_release(&rows);
    bench_unmake(&bench);
}

/* 4M and auto differ by up to 6% one way or the other: who knows. */
static double undecided(uint32_t config, uint32_t round)
{
    double more = config % 4 == 3 ? 0.06 * (round % 2 * 2 - 1.0) : 0;
    return sweep(config, round) * (1 + more);
}

static void what_is_not_known_is_said_to_be(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[WORDS_SIZE];
    bench_make(&bench, 12, undecided);
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_true(rows.items[7].verdict == VERDICT_UNKNOWN ||
                rows.items[6].verdict == VERDICT_UNKNOWN);
    assert_true(rows_want_more(&rows));
    words_partial(&rows, 0, text, sizeof text);
    assert_non_null(strstr(text, "not known (?): more rounds would tell."));
    rows_release(&rows);
    bench_unmake(&bench);
}

static void answer_is_a_range_and_what_is_chosen(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[WORDS_SIZE];
    bench_make(&bench, 12, sweep);
    assert_int_equal(rows_init(&rows, &bench), 0);
    words_answer(&rows, text, sizeof text);
    if (strncmp(text, "Take 1M to 4M with 2 workers: within ", 37) != 0 ||
        !strstr(text, "% of the best. wordmill chooses 2M, one of them."))
        fail_msg("%s", text);
    rows_release(&rows);
    bench_unmake(&bench);
}

/* What is chosen takes 12% longer. */
static double bad_choice(uint32_t config, uint32_t round)
{
    return sweep(config, round) * (config % 4 == 3 ? 1.12 : 1);
}

static void bad_choice_is_said_to_be_one(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[WORDS_SIZE];
    bench_make(&bench, 12, bad_choice);
    assert_int_equal(rows_init(&rows, &bench), 0);
    words_answer(&rows, text, sizeof text);
    if (strncmp(text, "Take 4M with 2 workers, the best. wordmill chooses 2M, which takes 1", 68) !=
        0)
        fail_msg("%s", text);
    rows_release(&rows);
    bench_unmake(&bench);
}

static void sizes_that_come_to_the_same_are_one_row(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[64];
    bench_make(&bench, 6, sweep);
    bench.states[1].same_as = bench.states[3].same_as = 2;
    bench.states[5].same_as = 6;
    bench.states[7].same_as = 6;
    assert_int_equal(rows_init(&rows, &bench), 0);
    assert_int_equal(rows.n, 4);
    assert_true(rows.items[2].is_auto);
    row_asked_name(&rows, &rows.items[2], text, sizeof text);
    assert_string_equal(text, "1M,4M,auto");
    row_partition_name(&rows, &rows.items[2], text, sizeof text);
    assert_string_equal(text, "auto 4M");
    assert_true(rows_have_asked(&rows));
    rows_release(&rows);
    bench_unmake(&bench);
}

static void packed_files_have_the_sizes_that_are_mapped(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[64];
    bench_make(&bench, 6, sweep);
    for (uint32_t i = 0; i < 8; i++) {
        bench.states[i].seen.unpack_seconds = 0.1;
        bench.states[i].seen.partitions /= 2;
    }
    assert_int_equal(rows_init(&rows, &bench), 0);
    row_partition_name(&rows, &rows.items[1], text, sizeof text);
    assert_string_equal(text, "2M");
    row_asked_name(&rows, &rows.items[1], text, sizeof text);
    assert_string_equal(text, "1M");
    assert_true(rows_have_asked(&rows));
    rows_release(&rows);
    bench_unmake(&bench);
}

static char *text_of(const struct bench *bench, size_t width)
{
    char *text = NULL;
    size_t size;
    struct rows rows;
    FILE *stream = open_memstream(&text, &size);
    assert_int_equal(rows_init(&rows, bench), 0);
    report_text(&rows, 0, width, stream);
    assert_int_equal(fclose(stream), 0);
    rows_release(&rows);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in what ends in\n%s", part,
                 strlen(text) > 700 ? text + strlen(text) - 700 : text);
}

static void tables_say_what_was_measured(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench, 12, sweep);
    bench.states[1].error.code = WM_ELIMIT;
    char *text = text_of(&bench, 80);
    assert_has(text, "67108864 bytes, 3000000 lines, 7 words\nseconds, median of 12 rounds\n");
    assert_has(
        text, "      size  workers  parts  median  against the best (95%)    GB/s  CPUs  memory\n");
    assert_has(text, "\n       64K        2   1024   8.160     2.06 (2.00 to 2.06)");
    assert_has(text, "        1M        1  failed\n");
    assert_has(text, "  auto 2M        2     32   4.0");
    assert_has(text, "  0.75    414M\n");
    assert_has(text, "\nTake 1M to 4M with 2 workers: within ");
    assert_null(strstr(text, "fan-in"));
    free(text);
    bench.n_runs = 0;
    text = text_of(&bench, 80);
    assert_string_equal(text, "no run was finished\n");
    free(text);
    bench_unmake(&bench);
}

static double milliseconds(uint32_t config, uint32_t round)
{
    return sweep(config, round) / 100;
}

static void short_runs_are_in_milliseconds(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench, 12, milliseconds);
    char *text = text_of(&bench, 80);
    assert_has(text, "milliseconds, median of 12 rounds\n");
    assert_has(text, "   1024   81.60 ");
    free(text);
    bench_unmake(&bench);
}

/* A file of 300 bytes has a rate of its own. */
static void small_rates_are_not_0(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench, 6, milliseconds);
    bench.bytes = 80000;
    char *text = text_of(&bench, 80);
    assert_has(text, "0.0020");
    assert_null(strstr(text, " 0.00 "));
    free(text);
    bench_unmake(&bench);
}

/* 20 ms, and 50 microseconds a partition. */
static double lawful(uint32_t config, uint32_t round)
{
    static const double parts[] = {1024, 64, 16, 32};
    return (0.02 + 50e-6 * parts[config % 4]) * (1 + 0.001 * ((config + round) % 3 - 1.0));
}

static void law_is_said_with_what_follows(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench, 6, lawful);
    char *text = text_of(&bench, 400);
    assert_has(text,
               "\nThe law, 1 worker: 20 ms and 50 µs for each partition, within 0.1% from 64K "
               "to 4M. So a partition costs as much as counting 164K, and from 8M on all of "
               "them cost less than 2%, whatever the size of such files.\n");
    free(text);
    bench_unmake(&bench);
}

/* With all axes, large numbers and many rounds. */
static void tables_fit_any_width(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench, 12, sweep);
    for (uint32_t i = 0; i < bench.n_runs; i++) {
        struct measure *run = &bench.runs[i];
        run->seconds *= 1000;
        run->runs = 4000000;
        run->rounds = WM_ROUNDS_MAX;
        for (int j = 0; j < WM_ROUNDS_MAX; j++)
            run->round_seconds[j] = 77;
    }
    for (int by_lines = 0; by_lines < 2; by_lines++) {
        bench.grid.by_lines = by_lines;
        for (size_t width = 60; width <= 80; width += 20) {
            char *text = text_of(&bench, width);
            assert_has(text, "against the best (95%)");
            for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
                size_t size = 0;
                for (const char *c = line; *c != '\0'; c++)
                    size += ((unsigned char)*c & 0xC0) != 0x80;
                if (size > width)
                    fail_msg("%zu columns of %zu: %s", size, width, line);
            }
            free(text);
        }
    }
    bench_unmake(&bench);
}

static void notes_are_measured(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char text[WORDS_SIZE];
    bench_make(&bench, 12, sweep);
    bench.load =
        (struct machine_load){.is_known = 1, .seconds = 10, .cpus = 2, .other_seconds = 0.4};
    assert_int_equal(rows_init(&rows, &bench), 0);
    /* Some rounds took twice as long as others, which alone is no reason to say why. */
    assert_int_equal(words_note(&rows, 0, text, sizeof text), 0);
    bench.load.other_seconds = 7.3;
    bench.load.steal_seconds = 1.2;
    assert_int_equal(words_note(&rows, 0, text, sizeof text), 1);
    assert_string_equal(text, "other processes kept 0.73 of 2 CPUs busy meanwhile");
    assert_int_equal(words_note(&rows, 1, text, sizeof text), 1);
    assert_string_equal(text, "the host gave 0.12 of 2 CPUs to other machines meanwhile (steal)");
    assert_int_equal(words_note(&rows, 2, text, sizeof text), 0);
    /* Workers that were at tasks for 1.5 CPUs' worth, and got 0.75. */
    for (uint32_t i = 0; i < bench.n_runs; i++)
        bench.runs[i].busy_seconds *= 2;
    assert_int_equal(words_note(&rows, 2, text, sizeof text), 1);
    assert_has(text, "1.50 CPUs' worth of time, but got 0.75 CPUs");
    rows_release(&rows);
    bench_unmake(&bench);
}

static void markdown_has_a_bar_for_each_column(void **state)
{
    (void)state;
    struct bench bench;
    struct rows rows;
    char *text = NULL;
    size_t size;
    bench_make(&bench, 12, sweep);
    FILE *stream = open_memstream(&text, &size);
    assert_int_equal(rows_init(&rows, &bench), 0);
    report_markdown(&rows, 0, stream);
    assert_int_equal(fclose(stream), 0);
    assert_has(text, "**Take 1M to 4M with 2 workers: within ");
    assert_has(text, "| \\* |");
    int n_bars = 0, n_lines = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        int n = 0;
        for (const char *c = line; *c != '\0'; c++)
            n += *c == '|';
        if (line[0] != '|') {
            n_bars = 0;
            continue;
        }
        if (n_bars > 0)
            assert_int_equal(n, n_bars);
        n_bars = n;
        n_lines++;
    }
    assert_int_equal(n_lines, 3 * (2 + 8));
    free(text);
    rows_release(&rows);
    bench_unmake(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_by_rounds_not_by_ranges),
        cmocka_unit_test(speed_up_is_against_the_fewest_workers_that_ran),
        cmocka_unit_test(unfinished_round_counts_for_nothing),
        cmocka_unit_test(more_rounds_are_wanted_until_all_is_known),
        cmocka_unit_test(what_is_not_known_is_said_to_be),
        cmocka_unit_test(answer_is_a_range_and_what_is_chosen),
        cmocka_unit_test(bad_choice_is_said_to_be_one),
        cmocka_unit_test(sizes_that_come_to_the_same_are_one_row),
        cmocka_unit_test(packed_files_have_the_sizes_that_are_mapped),
        cmocka_unit_test(tables_say_what_was_measured),
        cmocka_unit_test(short_runs_are_in_milliseconds),
        cmocka_unit_test(small_rates_are_not_0),
        cmocka_unit_test(law_is_said_with_what_follows),
        cmocka_unit_test(tables_fit_any_width),
        cmocka_unit_test(notes_are_measured),
        cmocka_unit_test(markdown_has_a_bar_for_each_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
