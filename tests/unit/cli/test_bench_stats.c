/* The statistics against values worked out by hand, and against a naive count on random times. */
#include "bench/bench_stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-12)
        fail_msg("%g is not %g", a, b);
}

static void check_summary(double *times, uint32_t n, double median, double min, double max)
{
    struct summary s = summary_of(times, n);
    assert_int_equal(s.n, n);
    assert_near(s.median, median);
    assert_near(s.min, min);
    assert_near(s.max, max);
}

static void median_is_in_the_middle_or_the_mean_of_the_two_there(void **state)
{
    (void)state;
    check_summary((double[]){3}, 1, 3, 3, 3);
    check_summary((double[]){4, 1}, 2, 2.5, 1, 4);
    check_summary((double[]){9, 1, 2}, 3, 2, 1, 9);
    check_summary((double[]){9, 1, 2, 4}, 4, 3, 1, 9);
    check_summary((double[]){5, 5, 5, 1, 1}, 5, 5, 1, 5);
    check_summary(NULL, 0, 0, 0, 0);
}

static void as_many_times_are_below_the_median_as_above(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 2000; i++) {
        double times[40];
        uint32_t n = (uint32_t)random_below(&random, 40) + 1, below = 0, above = 0;
        for (uint32_t j = 0; j < n; j++)
            times[j] = (double)random_below(&random, 50) / 7;
        struct summary s = summary_of(times, n);
        for (uint32_t j = 0; j < n; j++) {
            below += times[j] < s.median;
            above += times[j] > s.median;
            assert_true(times[j] >= s.min && times[j] <= s.max);
        }
        assert_true(2 * below <= n && 2 * above <= n);
    }
}

static void spread_is_the_range_in_medians(void **state)
{
    (void)state;
    struct summary s = summary_of((double[]){2, 1, 4}, 3);
    assert_near(summary_spread(&s), 1.5);
    s = summary_of((double[]){0, 0}, 2);
    assert_near(summary_spread(&s), 0);
}

static void close_is_a_median_within_the_range_of_the_best(void **state)
{
    (void)state;
    struct summary best = summary_of((double[]){1.0, 1.1, 1.3}, 3);
    struct summary close = summary_of((double[]){1.2, 1.3, 9}, 3);
    struct summary far = summary_of((double[]){1.2, 1.31, 1.4}, 3);
    struct summary none = {0};
    assert_true(summary_is_close(&best, &best));
    assert_true(summary_is_close(&best, &close));
    assert_false(summary_is_close(&best, &far));
    assert_false(summary_is_close(&best, &none));
}

static void efficiency_is_the_speed_up_of_each_process(void **state)
{
    (void)state;
    assert_near(speed_up(8, 2), 4);
    assert_near(speed_up(8, 0), 0);
    assert_near(efficiency(4, 1, 4), 1);
    assert_near(efficiency(4, 0, 8), 0.5);
    assert_near(efficiency(1, 0, 0), 1);
    assert_near(efficiency(2, 2, 8), 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(median_is_in_the_middle_or_the_mean_of_the_two_there),
        cmocka_unit_test(as_many_times_are_below_the_median_as_above),
        cmocka_unit_test(spread_is_the_range_in_medians),
        cmocka_unit_test(close_is_a_median_within_the_range_of_the_best),
        cmocka_unit_test(efficiency_is_the_speed_up_of_each_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
