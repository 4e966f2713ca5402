/* The twins of the portable functions of scan.h, each for CPUs that have what its name says. */
#ifndef COMMON_SCAN_TWINS_H
#define COMMON_SCAN_TWINS_H

#include "scan/scan.h"

#if defined(__x86_64__)
scan_lines_fn scan_lines_sse2;
scan_count_fn scan_count_sse2;
scan_lines_fn scan_lines_avx2;
scan_count_fn scan_count_avx2;
scan_same_fn scan_same_avx2;
scan_dated_fn scan_dated_avx2;
scan_pair_fn scan_pair_avx2;
scan_points_fn scan_points_avx2;
scan_each_fn scan_each_avx2;
scan_lines_fn scan_lines_avx512;
scan_count_fn scan_count_avx512;
#elif defined(__aarch64__)
scan_lines_fn scan_lines_neon;
scan_count_fn scan_count_neon;
scan_same_fn scan_same_neon;
scan_dated_fn scan_dated_neon;
scan_each_fn scan_each_neon;
#endif

#endif
