/*
 * All stretches are tried, the longest first, so that one size that behaves otherwise at an end
 * does not bend the line for the others. There are some ten points.
 */
#include "bench/bench_law.h"

#include <math.h>

static double relative_error(const struct law *law, const struct law_point *point)
{
    return fabs(law_seconds(law, point->partitions) / point->seconds - 1);
}

/* Weighted least squares; is_known 0: the points do not tell. */
static struct law stretch_fit(const struct law_point *points, uint32_t first, uint32_t end)
{
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (uint32_t i = first; i < end; i++) {
        double weight = 1 / (points[i].seconds * points[i].seconds);
        double x = points[i].partitions, y = points[i].seconds;
        s += weight;
        sx += weight * x;
        sy += weight * y;
        sxx += weight * x * x;
        sxy += weight * x * y;
    }
    double below = s * sxx - sx * sx;
    struct law law = {.first = first, .end = end};
    if (!(below > 1e-12 * s * sxx))
        return law;
    law.each = (s * sxy - sx * sy) / below;
    law.fixed = (sy - law.each * sx) / s;
    law.is_known = law.each > 0 && law.fixed > 0;
    for (uint32_t i = first; i < end; i++)
        law.worst = fmax(law.worst, relative_error(&law, &points[i]));
    return law;
}

struct law law_fit(const struct law_point *points, uint32_t n)
{
    for (uint32_t size = n; size >= LAW_POINTS_MIN; size--) {
        struct law best = {0};
        for (uint32_t first = 0; first + size <= n; first++) {
            struct law law = stretch_fit(points, first, first + size);
            if (law.is_known && law.worst <= LAW_MARGIN &&
                (!best.is_known || law.worst < best.worst))
                best = law;
        }
        if (best.is_known)
            return best;
    }
    return (struct law){0};
}

double law_seconds(const struct law *law, double partitions)
{
    return law->fixed + law->each * partitions;
}

double law_good_size(const struct law *law, double bytes, double share)
{
    return law->each * bytes / (share * law->fixed);
}
