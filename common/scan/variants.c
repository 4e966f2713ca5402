/* A SIMD variant may have some functions of a lesser one, or the portable ones. */
#include "scan/variants.h"

#include <stdlib.h>
#include <string.h>

#include "scan/edges.h"
#include "scan/twins.h"

static int always(void)
{
    return 1;
}

#if defined(__x86_64__)
static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

static int has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512bw");
}
#endif

static const struct {
    struct scan scan;
    int (*is_there)(void);
} variants[] = {
#if defined(__x86_64__)
    {{"avx512", scan_lines_avx512, scan_count_avx512, scan_same_avx2, scan_dated_avx2,
      scan_pair_avx2, scan_points_avx2, scan_each_avx2, &edges_avx2},
     has_avx512},
    {{"avx2", scan_lines_avx2, scan_count_avx2, scan_same_avx2, scan_dated_avx2, scan_pair_avx2,
      scan_points_avx2, scan_each_avx2, &edges_avx2},
     has_avx2},
    {{"sse2", scan_lines_sse2, scan_count_sse2, scan_same_portable, scan_dated_portable,
      scan_pair_portable, scan_points_portable, scan_each_portable, &edges_sse2},
     always},
#elif defined(__aarch64__)
    {{"neon", scan_lines_neon, scan_count_neon, scan_same_neon, scan_dated_neon, scan_pair_portable,
      scan_points_portable, scan_each_neon, &edges_neon},
     always},
#endif
    {{"portable", scan_lines_portable, scan_count_portable, scan_same_portable, scan_dated_portable,
      scan_pair_portable, scan_points_portable, scan_each_portable, &edges_portable},
     always},
};

const struct scan *scan_variant(size_t i)
{
    for (size_t j = 0; j < sizeof variants / sizeof *variants; j++)
        if (variants[j].is_there() && i-- == 0)
            return &variants[j].scan;
    return NULL;
}

const struct scan *scan_choose(void)
{
    const char *wanted = getenv("WORDMILL_SIMD");
    const struct scan *scan;
    for (size_t i = 0; wanted && (scan = scan_variant(i)) != NULL; i++)
        if (strcmp(scan->name, wanted) == 0)
            return scan;
    return scan_variant(0);
}
