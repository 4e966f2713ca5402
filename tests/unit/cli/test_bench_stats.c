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

/* Of 20 times, quartiles 5.75 and 15.25: the fence is 15.25 + 3 * 9.5 = 43.75. */
static void outliers_are_far_above_the_quartiles(void **state)
{
    (void)state;
    double times[20];
    for (int i = 0; i < 20; i++)
        times[i] = i + 1;
    assert_int_equal(summary_of(times, 20).n_outliers, 0);
    times[19] = 43.7;
    assert_int_equal(summary_of(times, 20).n_outliers, 0);
    times[19] = 43.8;
    assert_int_equal(summary_of(times, 20).n_outliers, 1);
    times[0] = -1000; /* what is fast is none */
    assert_int_equal(summary_of(times, 20).n_outliers, 1);
}

static void check_places(uint32_t n, double low, double high)
{
    double ratios[1000];
    for (uint32_t i = 0; i < n; i++)
        ratios[i] = n - i;
    struct interval interval = interval_of(ratios, n);
    assert_true(interval.is_known);
    assert_near(interval.median, (n + 1) / 2.0);
    assert_near(interval.low, low);
    assert_near(interval.high, high);
}

/*
 * From the table of the binomial, p = 1/2: P(X <= 0) of 6 is 1/64, of 8 1/256; P(X <= 1) of 9 is
 * 10/512, of 8 9/256, so 8 have the whole range and 9 lose one at each end. P(X <= 5) of 20 is
 * 0.0207 and P(X <= 6) 0.0577: the 6th to the 15th. P(X <= 39) of 100 is 0.0176 and P(X <= 40)
 * 0.0284: the 40th to the 61st.
 */
static void interval_is_that_of_the_table_of_the_sign_test(void **state)
{
    (void)state;
    check_places(6, 1, 6);
    check_places(8, 1, 8);
    check_places(9, 2, 8);
    check_places(20, 6, 15);
    check_places(100, 40, 61);
    check_places(500, 228, 273);  /* P(X <= 227) is 0.0220, P(X <= 228) 0.0270 */
    check_places(1000, 469, 532); /* P(X <= 468) is 0.0232, P(X <= 469) 0.0268 */
}

/*
 * By hand: the logarithms of e, e^2 and e^3 are 1, 2, 3: mean 2, deviation 1; 4.3027 / sqrt(3) is
 * 2.4842.
 */
static void few_ratios_have_the_interval_of_student(void **state)
{
    (void)state;
    double ratios[] = {exp(3), exp(1), exp(2)};
    struct interval interval = interval_of(ratios, 3);
    assert_true(interval.is_known);
    assert_near(interval.median, exp(2));
    assert_true(fabs(log(interval.low) - (2 - 2.48417)) < 1e-4);
    assert_true(fabs(log(interval.high) - (2 + 2.48417)) < 1e-4);
    assert_false(interval_of(ratios, 2).is_known);
    assert_false(interval_of(ratios, 0).is_known);
}

/* Times as they are: some noise, and now and then a run that something disturbs. */
static double random_time(uint64_t *random)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += (double)random_below(random, 1000001) / 1000000;
    double time = exp(0.05 * (sum - 6));
    return random_below(random, 20) == 0 ? 1.5 * time : time;
}

/* How many of 4000 benches have the true ratio, 1.1, in their interval, in percent. */
static double coverage(uint32_t n_rounds)
{
    static const int n_benches = 4000;
    uint64_t random = n_rounds;
    int n_held = 0;
    for (int i = 0; i < n_benches; i++) {
        double ratios[40];
        for (uint32_t k = 0; k < n_rounds; k++)
            ratios[k] = 1.1 * random_time(&random) / random_time(&random);
        struct interval interval = interval_of(ratios, n_rounds);
        n_held += interval.low <= 1.1 && interval.high >= 1.1;
    }
    return 100.0 * n_held / n_benches;
}

static void interval_holds_the_truth_in_95_of_100(void **state)
{
    (void)state;
    for (uint32_t n = 3; n <= 40; n++) {
        double share = coverage(n);
        /* Of 4000, twice the deviation is 0.7. Steps of order statistics are up to 4 wide. */
        if (share < 94.2 || share > 99.4)
            fail_msg("%g%% of the intervals of %u rounds", share, n);
    }
}

/* The range of 3 to 5 ratios, which some take for an interval, holds it far less often. */
static void range_of_three_would_hold_it_in_75(void **state)
{
    (void)state;
    uint64_t random = 9;
    int n_held = 0;
    for (int i = 0; i < 4000; i++) {
        int above = 0;
        for (int k = 0; k < 3; k++)
            above += random_time(&random) > random_time(&random);
        n_held += above > 0 && above < 3;
    }
    assert_true(n_held > 2900 && n_held < 3100);
}

/*
 * By hand: a is 2, 4, 6, 8 and b 1, 2, 4, so the ratios in order are 1/2 1 1 3/2 2 2 2 3 4 4 6 8:
 * median 2. sqrt(4 * 3 * 8 / 12) is 2.83, so 6 - 1.96 * 2.83 = 0.46 is no place: too few.
 */
static void two_samples_have_the_median_of_all_ratios(void **state)
{
    (void)state;
    const double a[] = {2, 4, 6, 8}, b[] = {1, 2, 4};
    struct interval interval;
    assert_int_equal(interval_of_two(a, 4, b, 3, &interval), 0);
    assert_near(interval.median, 2);
    assert_false(interval.is_known);
    assert_int_equal(interval_of_two(a, 0, b, 3, &interval), 0);
    assert_false(interval.is_known);
}

/* 10 and 10: 50 - 1.96 * sqrt(100 * 21 / 12) = 24.07, the 24th of the 100 ratios and the 77th. */
static void two_samples_of_ten_have_the_24th_ratio(void **state)
{
    (void)state;
    double a[10], b[10], ratios[100];
    struct interval interval;
    for (int i = 0; i < 10; i++) {
        a[i] = 1 + 0.013 * i;
        b[i] = 1 + 0.007 * (i * i % 11);
    }
    for (int i = 0; i < 100; i++)
        ratios[i] = a[i / 10] / b[i % 10];
    summary_of(ratios, 100); /* sorts them */
    assert_int_equal(interval_of_two(a, 10, b, 10, &interval), 0);
    assert_true(interval.is_known);
    assert_near(interval.low, ratios[23]);
    assert_near(interval.high, ratios[76]);
    assert_near(interval.median, (ratios[49] + ratios[50]) / 2);
}

static void two_samples_hold_the_truth_in_95_of_100(void **state)
{
    (void)state;
    static const int n_benches = 2000;
    uint64_t random = 77;
    int n_held = 0;
    for (int i = 0; i < n_benches; i++) {
        double a[8], b[12];
        struct interval interval;
        for (int k = 0; k < 8; k++)
            a[k] = 0.9 * random_time(&random);
        for (int k = 0; k < 12; k++)
            b[k] = random_time(&random);
        assert_int_equal(interval_of_two(a, 8, b, 12, &interval), 0);
        n_held += interval.low <= 0.9 && interval.high >= 0.9;
    }
    assert_true(n_held > 0.935 * n_benches && n_held < 0.975 * n_benches);
}

static void check_verdict(double low, double high, enum verdict want)
{
    struct interval against = {(low + high) / 2, low, high, 1};
    assert_int_equal(verdict_of(&against), want);
}

static void verdict_is_what_the_interval_leaves_open(void **state)
{
    (void)state;
    check_verdict(0.97, 1.02, VERDICT_GOOD);
    check_verdict(1.005, 1.019, VERDICT_GOOD);
    check_verdict(1.01, 1.07, VERDICT_WORSE);
    check_verdict(1.91, 2.11, VERDICT_WORSE);
    check_verdict(0.99, 1.021, VERDICT_UNKNOWN);
    struct interval none = {2, 1.9, 2.1, 0};
    assert_int_equal(verdict_of(&none), VERDICT_UNKNOWN);
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
        cmocka_unit_test(outliers_are_far_above_the_quartiles),
        cmocka_unit_test(interval_is_that_of_the_table_of_the_sign_test),
        cmocka_unit_test(few_ratios_have_the_interval_of_student),
        cmocka_unit_test(interval_holds_the_truth_in_95_of_100),
        cmocka_unit_test(range_of_three_would_hold_it_in_75),
        cmocka_unit_test(two_samples_have_the_median_of_all_ratios),
        cmocka_unit_test(two_samples_of_ten_have_the_24th_ratio),
        cmocka_unit_test(two_samples_hold_the_truth_in_95_of_100),
        cmocka_unit_test(verdict_is_what_the_interval_leaves_open),
        cmocka_unit_test(efficiency_is_the_speed_up_of_each_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
