/*
 * Axes are sorted and without repeats; every configuration has its turn once a round, in
 * an order that favours none.
 */
#include "bench/bench_grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void axis_is_ascending_and_has_nothing_twice(void **state)
{
    (void)state;
    static const uint64_t given[] = {5, 3, AXIS_AUTO, 3, 9, 0, 5, 4, AXIS_AUTO};
    static const uint64_t want[] = {0, 3, 4, 5, 9, AXIS_AUTO};
    struct axis axis = {.n = 0};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        assert_int_equal(axis_add(&axis, given[i]), 0);
    assert_int_equal(axis.n, sizeof want / sizeof *want);
    assert_memory_equal(axis.values, want, sizeof want);
}

static void full_axis_takes_no_more_but_what_it_has(void **state)
{
    (void)state;
    struct axis axis = {.n = 0};
    for (uint64_t i = AXIS_MAX; i > 0; i--)
        assert_int_equal(axis_add(&axis, i), 0);
    assert_int_equal(axis_add(&axis, 7), 0);
    assert_int_equal(axis_add(&axis, AXIS_MAX + 1), -1);
    assert_int_equal(axis.n, AXIS_MAX);
}

static void what_was_chosen_takes_the_place_of_auto(void **state)
{
    (void)state;
    struct axis axis = {{1, 2, AXIS_AUTO}, 3};
    axis_settle(&axis, 2);
    assert_int_equal(axis.n, 2);
    axis_settle(&axis, 4); /* there is no auto any more */
    assert_int_equal(axis.n, 2);
    axis = (struct axis){{4, AXIS_AUTO}, 2};
    axis_settle(&axis, 2);
    assert_int_equal(axis.n, 2);
    assert_int_equal(axis.values[0], 2);
    assert_int_equal(axis.values[1], 4);
}

static void check_sweep(uint64_t size, uint32_t n, uint64_t last)
{
    struct axis axis = {.n = 0};
    axis_add_sweep(&axis, size);
    assert_int_equal(axis.n, n);
    assert_int_equal(axis.values[0], 65536);
    assert_int_equal(axis.values[n - 1], last);
}

static void sweep_goes_in_steps_of_4_up_to_a_quarter_of_the_file(void **state)
{
    (void)state;
    check_sweep(0, 1, 65536);
    check_sweep(262143, 1, 65536);
    check_sweep(262144, 1, 65536);
    check_sweep((UINT64_C(1) << 20) - 1, 1, 65536);
    check_sweep(UINT64_C(1) << 20, 2, 262144);
    check_sweep(1801412986, 7, UINT64_C(256) << 20);
    check_sweep(UINT64_MAX, 23, UINT64_C(1) << 60);
}

static void configurations_are_all_points_of_the_grid(void **state)
{
    (void)state;
    struct grid grid = {.partitions = {{10, 20, AXIS_AUTO}, 3},
                        .workers = {{0, 2}, 2},
                        .fan_ins = {{8, AXIS_AUTO}, 2}};
    assert_int_equal(grid_size(&grid), 12);
    for (int by_lines = 0; by_lines <= 1; by_lines++) {
        grid.by_lines = by_lines;
        for (uint32_t i = 0; i < 12; i++) {
            static const uint64_t partitions[] = {10, 20, 0};
            struct config config = grid_config(&grid, i);
            assert_int_equal(config.partition_size, by_lines ? 0 : partitions[i % 3]);
            assert_int_equal(config.partition_lines, by_lines ? partitions[i % 3] : 0);
            assert_int_equal(config.fan_in, i / 3 % 2 ? 0 : 8);
            assert_int_equal(config.workers, i / 6 * 2);
        }
    }
}

static void everyone_has_one_turn_a_round(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < 20; n++) {
        for (uint64_t round = 0; round < 4; round++) {
            unsigned char had[20] = {0};
            uint32_t order[20];
            grid_shuffle(n, 1, round, order);
            for (uint32_t i = 0; i < n; i++) {
                assert_true(order[i] < n);
                assert_int_equal(had[order[i]]++, 0);
            }
        }
    }
}

static void same_seed_has_the_same_order_and_rounds_differ(void **state)
{
    (void)state;
    uint32_t a[14], b[14];
    for (uint64_t round = 0; round < 10; round++) {
        grid_shuffle(14, 5, round, a);
        grid_shuffle(14, 5, round, b);
        assert_memory_equal(a, b, sizeof a);
        grid_shuffle(14, 5, round + 1, b);
        assert_memory_not_equal(a, b, sizeof a);
        grid_shuffle(14, 6, round, b);
        assert_memory_not_equal(a, b, sizeof a);
    }
}

/* Each of 6 has each place in 1 of 6 rounds, and comes after each other in 1 of 6 too. */
static void no_place_and_no_neighbour_is_favoured(void **state)
{
    (void)state;
    enum { N = 6, N_ROUNDS = 6000 };
    uint32_t places[N][N] = {{0}}, pairs[N][N] = {{0}}, order[N];
    for (uint64_t round = 0; round < N_ROUNDS; round++) {
        grid_shuffle(N, 1, round, order);
        for (uint32_t i = 0; i < N; i++)
            places[order[i]][i]++;
        for (uint32_t i = 1; i < N; i++)
            pairs[order[i - 1]][order[i]]++;
    }
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t k = 0; k < N; k++) {
            assert_in_range(places[i][k], 860, 1140); /* 1000, deviation 29 */
            if (i != k)
                assert_in_range(pairs[i][k], 860, 1140);
        }
    }
}

static void check_about(double size, const char *want)
{
    char name[32];
    size_about(size, name, sizeof name);
    assert_string_equal(name, want);
}

static void sizes_are_about_right_in_few_digits(void **state)
{
    (void)state;
    check_about(900, "900");
    check_about(65536, "64K");
    check_about(3704122, "3.5M");
    check_about(1048599, "1M");
    check_about(10.5 * 1024 * 1024, "10.5M");
    check_about(1023.9 * 1024, "1M");
    check_about(3e9, "2.8G");
}

static void check_size_name(uint64_t size, const char *want)
{
    char name[32];
    size_name(size, name, sizeof name);
    assert_string_equal(name, want);
}

static void sizes_have_the_names_they_may_be_asked_for_by(void **state)
{
    (void)state;
    check_size_name(1, "1");
    check_size_name(1023, "1023");
    check_size_name(1024, "1K");
    check_size_name(100000, "100000");
    check_size_name(1536 << 10, "1536K");
    check_size_name(UINT64_C(64) << 20, "64M");
    check_size_name(UINT64_C(2048) << 30, "2048G");
}

static void check_name(const struct grid *grid, uint32_t number, const char *want)
{
    char name[CONFIG_NAME_MAX];
    struct config config = grid_config(grid, number);
    config_name(grid, &config, name, sizeof name);
    assert_string_equal(name, want);
}

static void name_of_a_configuration_says_what_differs(void **state)
{
    (void)state;
    struct grid grid = {.partitions = {{4 << 20, AXIS_AUTO}, 2},
                        .workers = {{0, 1, 2}, 3},
                        .fan_ins = {{8, AXIS_AUTO}, 2}};
    check_name(&grid, 0, "4M, no fork, fan-in 8");
    check_name(&grid, 5, "auto, 1 worker, fan-in 8");
    check_name(&grid, 11, "auto, 2 workers, fan-in auto");
    grid.partitions = (struct axis){{1, 60000}, 2};
    grid.by_lines = 1;
    grid.fan_ins.n = grid.workers.n = 1;
    check_name(&grid, 0, "1 line");
    check_name(&grid, 1, "60000 lines");
    grid.partitions.n = 1;
    check_name(&grid, 0, "no fork");
    grid.fan_ins.n = 2;
    check_name(&grid, 1, "fan-in auto");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axis_is_ascending_and_has_nothing_twice),
        cmocka_unit_test(full_axis_takes_no_more_but_what_it_has),
        cmocka_unit_test(what_was_chosen_takes_the_place_of_auto),
        cmocka_unit_test(sweep_goes_in_steps_of_4_up_to_a_quarter_of_the_file),
        cmocka_unit_test(configurations_are_all_points_of_the_grid),
        cmocka_unit_test(everyone_has_one_turn_a_round),
        cmocka_unit_test(same_seed_has_the_same_order_and_rounds_differ),
        cmocka_unit_test(no_place_and_no_neighbour_is_favoured),
        cmocka_unit_test(sizes_are_about_right_in_few_digits),
        cmocka_unit_test(sizes_have_the_names_they_may_be_asked_for_by),
        cmocka_unit_test(name_of_a_configuration_says_what_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
