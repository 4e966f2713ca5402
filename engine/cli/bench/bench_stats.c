/*
 * Medians with minimum and maximum, not means with deviations: run times are not normal. What
 * disturbs a run only ever makes it slower, and a few runs are too few for a deviation to mean
 * much.
 */
#include "bench/bench_stats.h"

#include <math.h>
#include <stdlib.h>

/* Beyond, the binomial is as good as normal, and its powers of 1/2 are too small for a double. */
enum { BINOMIAL_MAX = 500, PAIRS_OF_TWO_MAX = 1000 };

static const double level = 0.05;
static const double normal_quantile = 1.959964; /* 97.5% */

static int numbers_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(const double *sorted, uint32_t n)
{
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

/* Between the two values that the place lies between. */
static double quantile_of(const double *sorted, uint32_t n, double share)
{
    double at = share * (n - 1);
    uint32_t low = (uint32_t)at;
    uint32_t high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

static uint32_t outliers_count(const double *sorted, uint32_t n)
{
    double upper = quantile_of(sorted, n, 0.75);
    double fence = upper + 3 * (upper - quantile_of(sorted, n, 0.25));
    uint32_t count = 0;
    while (count < n && sorted[n - 1 - count] > fence)
        count++;
    return count;
}

struct summary summary_of(double *times, uint32_t n)
{
    if (n == 0)
        return (struct summary){0};
    qsort(times, n, sizeof *times, numbers_compare);
    return (struct summary){.n = n,
                            .median = median_of(times, n),
                            .min = times[0],
                            .max = times[n - 1],
                            .n_outliers = outliers_count(times, n)};
}

double summary_spread(const struct summary *summary)
{
    return summary->median > 0 ? (summary->max - summary->min) / summary->median : 0;
}

/* The k of bench_stats.h; 0: there is none. */
static uint32_t order_place(uint32_t n)
{
    if (n > BINOMIAL_MAX)
        return (uint32_t)((n - normal_quantile * sqrt(n)) / 2);
    double each = ldexp(1, -(int)n); /* P(X = k) */
    double below = 0;                /* P(X < k) */
    uint32_t k = 0;
    while (2 * (below + each) <= level) {
        below += each;
        each *= (double)(n - k) / (k + 1);
        k++;
    }
    return k;
}

/* Of the mean of the logarithms, for so few that order statistics say nothing. */
static void student_interval(const double *ratios, uint32_t n, struct interval *interval)
{
    static const double quantiles[] = {0, 12.7062, 4.3027, 3.1824, 2.7764}; /* 97.5%, by n - 1 */
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += log(ratios[i]);
    double mean = sum / n;
    for (uint32_t i = 0; i < n; i++)
        squares += (log(ratios[i]) - mean) * (log(ratios[i]) - mean);
    double half = quantiles[n - 1] * sqrt(squares / (n - 1) / n);
    interval->low = exp(mean - half);
    interval->high = exp(mean + half);
    interval->is_known = 1;
}

struct interval interval_of(double *ratios, uint32_t n)
{
    if (n == 0)
        return (struct interval){0};
    qsort(ratios, n, sizeof *ratios, numbers_compare);
    struct interval interval = {
        .median = median_of(ratios, n), .low = ratios[0], .high = ratios[n - 1]};
    if (n >= PAIRS_ENOUGH) {
        uint32_t k = order_place(n);
        interval.low = ratios[k - 1];
        interval.high = ratios[n - k];
        interval.is_known = 1;
    } else if (n >= PAIRS_MIN && ratios[0] > 0) {
        student_interval(ratios, n, &interval);
    }
    return interval;
}

int interval_of_two(const double *a, uint32_t n_a, const double *b, uint32_t n_b,
                    struct interval *interval)
{
    n_a = n_a < PAIRS_OF_TWO_MAX ? n_a : PAIRS_OF_TWO_MAX;
    n_b = n_b < PAIRS_OF_TWO_MAX ? n_b : PAIRS_OF_TWO_MAX;
    uint32_t n = n_a * n_b;
    *interval = (struct interval){0};
    if (n == 0)
        return 0;
    double *ratios = malloc(n * sizeof *ratios);
    if (!ratios)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        ratios[i] = a[i / n_b] / b[i % n_b];
    qsort(ratios, n, sizeof *ratios, numbers_compare);
    double spread = sqrt((double)n_a * n_b * (n_a + n_b + 1) / 12);
    double place = floor(n / 2.0 - normal_quantile * spread);
    int is_known = place >= 1 && n_a >= PAIRS_MIN && n_b >= PAIRS_MIN;
    uint32_t k = is_known ? (uint32_t)place : 1;
    *interval = (struct interval){median_of(ratios, n), ratios[k - 1], ratios[n - k], is_known};
    free(ratios);
    return 0;
}

enum verdict verdict_of(const struct interval *against)
{
    if (!against->is_known)
        return VERDICT_UNKNOWN;
    if (against->high <= 1 + VERDICT_MARGIN)
        return VERDICT_GOOD;
    return against->low > 1 ? VERDICT_WORSE : VERDICT_UNKNOWN;
}

double speed_up(double base_seconds, double seconds)
{
    return seconds > 0 ? base_seconds / seconds : 0;
}

static unsigned processes(unsigned workers)
{
    return workers > 0 ? workers : 1;
}

double efficiency(double up, unsigned base_workers, unsigned workers)
{
    return up * processes(base_workers) / processes(workers);
}
