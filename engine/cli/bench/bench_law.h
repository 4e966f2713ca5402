/*
 * The law behind a sweep over partition sizes: a job takes a fixed time for its lines, and some for
 * each partition it is cut into,
 *
 *     seconds = fixed + each * partitions
 *
 * fitted by least squares of the relative errors, that is with weights 1 / seconds^2, to the
 * largest stretch of sizes that keeps within LAW_MARGIN. At its ends other things count: with a few
 * large partitions a worker waits for another, and tables are full; with very many there are more
 * rounds of reduce. Pure.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_LAW_H
#define ENGINE_CLI_BENCH_BENCH_LAW_H

#include <stdint.h>

#define LAW_MARGIN 0.05

enum { LAW_POINTS_MIN = 3 };

struct law_point {
    double partitions;
    double seconds;
};

struct law {
    int is_known;        /* or there are too few points, or time does not grow with partitions */
    double fixed;        /* seconds */
    double each;         /* seconds a partition */
    double worst;        /* the largest relative error of the points that it holds for */
    uint32_t first, end; /* these points: [first, end) */
};

/* The points go from many partitions to few. */
struct law law_fit(const struct law_point *points, uint32_t n);

double law_seconds(const struct law *law, double partitions);

/*
 * Bytes of a partition from which on the partitions cost no more than share of the fixed time, if
 * that is of so many bytes.
 */
double law_good_size(const struct law *law, double bytes, double share);

#endif
