/*
 * The report of a bench as one page of HTML, which needs no other file. It has tables that sort by
 * a click on a title, the pictures as SVG, the machine, and the command to do it again. It goes by
 * the reader's light or dark, and fits a phone.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_PAGE_H
#define ENGINE_CLI_BENCH_BENCH_PAGE_H

#include <stdio.h>

#include "bench/bench_machine.h"
#include "bench/bench_rows.h"
#include "bench/bench_timeline.h"

void page_write(const struct rows *rows, const struct machine *machine,
                const struct timeline *timeline, int is_interrupted, int has_pictures,
                FILE *stream);

#endif
