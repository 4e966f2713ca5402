/* The tables of a bench, at most 80 columns wide. */
#ifndef ENGINE_CLI_BENCH_BENCH_REPORT_H
#define ENGINE_CLI_BENCH_BENCH_REPORT_H

#include <stdio.h>

#include "bench/bench_rows.h"

void report_tables(const struct bench *bench, const struct row *rows, FILE *stream);

#endif
