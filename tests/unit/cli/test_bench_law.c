/* Lines that are known, and what bends them. */
#include "bench/bench_law.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-9 * (1 + fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void exact_line_is_found(void **state)
{
    (void)state;
    /* 31.2 ms, and 34 microseconds a partition. */
    struct law_point points[] = {{905, 0.0312 + 905 * 34e-6},
                                 {227, 0.0312 + 227 * 34e-6},
                                 {57, 0.0312 + 57 * 34e-6},
                                 {15, 0.0312 + 15 * 34e-6},
                                 {4, 0.0312 + 4 * 34e-6}};
    struct law law = law_fit(points, 5);
    assert_true(law.is_known);
    assert_near(law.fixed, 0.0312);
    assert_near(law.each, 34e-6);
    assert_true(law.worst < 1e-9);
    assert_int_equal(law.first, 0);
    assert_int_equal(law.end, 5);
    assert_near(law_seconds(&law, 1000), 0.0652);
    /* 59 MB: 34e-6 * 59e6 / (0.02 * 0.0312) */
    assert_near(law_good_size(&law, 59e6, 0.02), 34e-6 * 59e6 / (0.02 * 0.0312));
}

/*
 * By hand: weights 1 / y^2 of (3, 2), (2, 1), (1, 1) are 1/4, 1, 1. The sums of weights, x, y, xx
 * and xy with them are 9/4, 15/4, 5/2, 29/4 and 9/2. So each = (9/4 * 9/2 - 15/4 * 5/2) /
 * (9/4 * 29/4 - (15/4)^2) = (81/8 - 75/8) / (261/16 - 225/16) = 1/3 and fixed = (5/2 - 5/4) / (9/4)
 * = 5/9: errors of 14/9, 11/9 and 8/9 against 2, 1 and 1 are far over the margin.
 */
static void what_is_no_line_has_no_law(void **state)
{
    (void)state;
    const struct law_point points[] = {{3, 2}, {2, 1}, {1, 1}};
    assert_false(law_fit(points, 3).is_known);
}

/* The same with a constant of 20 added: y = 22, 21, 21. */
static void errors_are_relative(void **state)
{
    (void)state;
    const struct law_point points[] = {{3, 22}, {2, 21}, {1, 21}};
    struct law law = law_fit(points, 3);
    assert_true(law.is_known);
    double w1 = 1 / (22.0 * 22), w2 = 1 / (21.0 * 21);
    double s = w1 + 2 * w2, sx = 3 * w1 + 3 * w2, sy = 22 * w1 + 42 * w2;
    double sxx = 9 * w1 + 5 * w2, sxy = 66 * w1 + 63 * w2;
    assert_near(law.each, (s * sxy - sx * sy) / (s * sxx - sx * sx));
    assert_near(law.fixed, (sy - law.each * sx) / s);
    assert_true(law.worst < LAW_MARGIN && law.worst > 0.005);
}

static void ends_that_behave_otherwise_are_left_out(void **state)
{
    (void)state;
    struct law_point points[] = {
        {4000, 1 + 4000e-3 + 2}, {1000, 2}, {250, 1.25}, {60, 1.06}, {15, 1.015}, {2, 1.6}};
    struct law law = law_fit(points, 6);
    assert_true(law.is_known);
    assert_int_equal(law.first, 1);
    assert_int_equal(law.end, 5);
    assert_near(law.fixed, 1);
    assert_near(law.each, 1e-3);
}

static void too_few_or_falling_points_say_nothing(void **state)
{
    (void)state;
    const struct law_point two[] = {{10, 2}, {1, 1}};
    assert_false(law_fit(two, 2).is_known);
    assert_false(law_fit(NULL, 0).is_known);
    const struct law_point falling[] = {{100, 1}, {10, 1.01}, {1, 1.02}};
    assert_false(law_fit(falling, 3).is_known);
    const struct law_point same[] = {{5, 1}, {5, 1}, {5, 1}};
    assert_false(law_fit(same, 3).is_known);
}

static void noise_of_some_percent_hardly_moves_it(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 500; i++) {
        struct law_point points[8];
        double parts = 20000;
        for (int k = 0; k < 8; k++, parts /= 4) {
            double noise = ((double)random_below(&random, 2001) - 1000) / 1000; /* -1 to 1 */
            points[k] = (struct law_point){parts, (0.2 + 40e-6 * parts) * (1 + 0.02 * noise)};
        }
        struct law law = law_fit(points, 8);
        assert_true(law.is_known);
        assert_int_equal(law.end - law.first, 8);
        assert_true(fabs(law.fixed / 0.2 - 1) < 0.03);
        assert_true(fabs(law.each / 40e-6 - 1) < 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_line_is_found),
        cmocka_unit_test(what_is_no_line_has_no_law),
        cmocka_unit_test(errors_are_relative),
        cmocka_unit_test(ends_that_behave_otherwise_are_left_out),
        cmocka_unit_test(too_few_or_falling_points_say_nothing),
        cmocka_unit_test(noise_of_some_percent_hardly_moves_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
