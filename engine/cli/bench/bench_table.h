/* The report of a bench as text for a terminal, or as Markdown. */
#ifndef ENGINE_CLI_BENCH_BENCH_TABLE_H
#define ENGINE_CLI_BENCH_BENCH_TABLE_H

#include <stdio.h>

#include "bench/bench_rows.h"

enum { REPORT_WIDTH = 80 };

/* Lines of at most width columns: where that is too few, tables lose columns. */
void report_text(const struct rows *rows, int is_interrupted, size_t width, FILE *stream);

void report_markdown(const struct rows *rows, int is_interrupted, FILE *stream);

/* '59265940 bytes, 3000000 lines, 12345 words'. */
void report_input(const struct rows *rows, char *text, size_t room);

#endif
