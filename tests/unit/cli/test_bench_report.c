/*
 * Rows and tables of benches that were never run: times are made up, so what must be best, close
 * and in which column is known.
 */
#include "bench/bench_report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2 sizes, no fork and 2 and 8 workers, 3 rounds. */
static void bench_make(struct bench *bench)
{
    static const double seconds[6][3] = {{8, 6, 7},   {4, 4, 4},       {5, 4, 3},
                                         {2, 2.2, 2}, {2.1, 2.5, 2.1}, {3, 3, 3}};
    *bench = (struct bench){.grid = {.partitions = {{4 << 20, AXIS_AUTO}, 2},
                                     .workers = {{0, 2, 8}, 3},
                                     .fan_ins = {{AXIS_AUTO}, 1}},
                            .rounds = 3,
                            .first = {.bytes = 2000000000, .lines = 90000000, .words = 7}};
    bench->runs = calloc(18, sizeof *bench->runs);
    bench->errors = calloc(6, sizeof *bench->errors);
    assert_true(bench->runs && bench->errors);
    for (uint32_t i = 0; i < 18; i++) {
        uint32_t config = grid_turn(6, i), round = i / 6;
        double wall = seconds[config][round];
        bench->runs[i] = (struct bench_run){
            .config = config,
            .round = round,
            .span = {.wall = wall},
            .stats = {.workers = grid_config(&bench->grid, config).workers,
                      .workers_started = grid_config(&bench->grid, config).workers,
                      .partition_size = 4 << 20,
                      .runs = 10 + round,
                      .rounds = 1,
                      .seconds = wall,
                      .phase_seconds = {[WM_PHASE_MAP] = wall / 2, [WM_PHASE_WRITE] = wall / 4},
                      .output_seconds = wall / 8,
                      .busy_seconds = {[WM_PHASE_MAP] = wall, [WM_PHASE_WRITE] = wall / 2},
                      .message_bytes = 1234567}};
    }
    bench->n_runs = 18;
}

static void bench_unmake(struct bench *bench)
{
    free(bench->runs);
    free(bench->errors);
}

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-12)
        fail_msg("%g is not %g", a, b);
}

static void rows_know_the_best_and_what_is_as_good(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    struct row *rows = rows_new(&bench);
    assert_non_null(rows);
    static const double medians[] = {7, 4, 4, 2, 2.1, 3};
    static const int close[] = {0, 0, 0, 1, 1, 0};
    for (int i = 0; i < 6; i++) {
        assert_near(rows[i].seconds.median, medians[i]);
        assert_int_equal(rows[i].is_best, i == 3);
        assert_int_equal(rows[i].is_close, close[i]);
        assert_near(rows[i].typical->span.wall, medians[i]);
        assert_int_equal(rows[i].typical->config, i);
    }
    assert_ptr_equal(rows_best(rows, 6), &rows[3]);
    free(rows);
    bench_unmake(&bench);
}

static void speed_up_is_against_the_fewest_workers_that_ran(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    struct row *rows = rows_new(&bench);
    assert_near(rows[0].speed_up, 1);
    assert_near(rows[2].speed_up, 7.0 / 4);
    assert_near(rows[2].efficiency, 7.0 / 8);
    assert_near(rows[5].speed_up, 4.0 / 3);
    assert_near(rows[5].efficiency, 1.0 / 6);
    free(rows);

    /* Without a fork the first size did not run at all. */
    for (uint32_t i = 0; i < bench.n_runs; i++)
        if (bench.runs[i].config == 0)
            bench.runs[i].config = 1;
    bench.rounds = 6;
    rows = rows_new(&bench);
    assert_int_equal(rows[0].seconds.n, 0);
    assert_null(rows[0].typical);
    assert_near(rows[0].speed_up, 0);
    assert_near(rows[2].speed_up, 1);
    assert_near(rows[2].efficiency, 1);
    assert_near(rows[4].speed_up, 4 / 2.1);
    assert_near(rows[4].efficiency, 1 / 2.1);
    free(rows);
    bench_unmake(&bench);
}

static void busy_is_a_share_of_what_all_workers_had(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    assert_near(run_busy_share(&bench.runs[0]), 1.5); /* no fork: one process */
    assert_near(run_busy_share(&bench.runs[2]), 0.75);
    assert_near(run_order_seconds(&bench.runs[0]), 1);
    bench_unmake(&bench);
}

static char *tables_of(const struct bench *bench)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    struct row *rows = rows_new(bench);
    assert_true(stream && rows);
    report_tables(bench, rows, stream);
    assert_int_equal(fclose(stream), 0);
    free(rows);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in\n%s", part, text);
}

static void tables_say_what_was_measured(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    bench.errors[5].code = WM_ELIMIT;
    for (uint32_t i = 0; i < bench.n_runs; i++)
        if (bench.runs[i].config >= 4)
            bench.runs[i].config = 3;
    bench.rounds = 9;
    char *text = tables_of(&bench);
    assert_has(text, "2000000000 bytes, 90000000 lines, 7 words\nseconds of 3 to 9 runs each\n");
    assert_has(text,
               "\n     4M        0   7.000  6.000  8.000     29%  0.29  12.9      1.00  100%\n");
    assert_has(text, "\n*  auto        2   2.200  2.000  3.000");
    assert_has(text, "\n     4M        8  not run\n");
    assert_has(text, "\n   auto        8  failed\n");
    assert_has(text, "\n* auto, 2 workers: 2.200 s, 0.91 GB/s\n");
    assert_null(strstr(text, "fan-in"));
    free(text);
    bench.n_runs = 0;
    text = tables_of(&bench);
    assert_string_equal(text, "no run was finished\n");
    free(text);
    bench_unmake(&bench);
}

static void short_runs_are_in_milliseconds(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    for (uint32_t i = 0; i < bench.n_runs; i++) {
        struct bench_run *run = &bench.runs[i];
        run->span.wall /= 100;
        run->stats.output_seconds /= 100;
        for (int j = 0; j < WM_N_PHASES; j++)
            run->stats.phase_seconds[j] /= 100;
    }
    char *text = tables_of(&bench);
    assert_has(text, "milliseconds of 3 runs each\n");
    assert_has(text, "\n     4M        0   70.00  60.00  80.00 ");
    assert_has(text, ": 20.00 ms, 100.00 GB/s\n");
    free(text);
    bench_unmake(&bench);
}

/* With all axes, large numbers and many rounds. */
static void tables_fit_80_columns(void **state)
{
    (void)state;
    struct bench bench;
    bench_make(&bench);
    bench.grid.by_lines = 1;
    bench.grid.partitions = (struct axis){{60000, 10000000}, 2};
    bench.grid.workers = (struct axis){{2, 1024}, 2};
    bench.grid.fan_ins = (struct axis){{2, 64, AXIS_AUTO}, 3};
    free(bench.errors);
    bench.errors = calloc(12, sizeof *bench.errors);
    for (uint32_t i = 0; i < bench.n_runs; i++) {
        struct bench_run *run = &bench.runs[i];
        run->config = i % 12;
        run->span.wall *= 1000;
        run->stats.runs = 4000000;
        run->stats.message_bytes = 123456789;
        run->stats.rounds = WM_ROUNDS_MAX;
        for (int j = 0; j < WM_N_PHASES; j++)
            run->stats.phase_seconds[j] = run->span.wall / 4;
        for (int j = 0; j < WM_ROUNDS_MAX; j++)
            run->stats.round_seconds[j] = 77;
    }
    char *text = tables_of(&bench);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 80)
            fail_msg("%zu columns: %s", strlen(line), line);
    free(text);
    bench_unmake(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_know_the_best_and_what_is_as_good),
        cmocka_unit_test(speed_up_is_against_the_fewest_workers_that_ran),
        cmocka_unit_test(busy_is_a_share_of_what_all_workers_had),
        cmocka_unit_test(tables_say_what_was_measured),
        cmocka_unit_test(short_runs_are_in_milliseconds),
        cmocka_unit_test(tables_fit_80_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
