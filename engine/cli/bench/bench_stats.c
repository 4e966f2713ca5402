/*
 * Medians with minimum and maximum, not means with deviations: run times are not normal. What
 * disturbs a run only ever makes it slower, and a few runs are too few for a deviation to mean
 * much.
 */
#include "bench/bench_stats.h"

#include <stdlib.h>

static int times_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct summary summary_of(double *times, uint32_t n)
{
    if (n == 0)
        return (struct summary){0};
    qsort(times, n, sizeof *times, times_compare);
    return (struct summary){.n = n,
                            .median = (times[(n - 1) / 2] + times[n / 2]) / 2,
                            .min = times[0],
                            .max = times[n - 1]};
}

double summary_spread(const struct summary *summary)
{
    return summary->median > 0 ? (summary->max - summary->min) / summary->median : 0;
}

int summary_is_close(const struct summary *best, const struct summary *other)
{
    return other->n > 0 && other->median <= best->max;
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
