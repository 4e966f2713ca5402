/*
 * The picture of a bench, drawn by gnuplot: run time against partition size, a line for each number
 * of workers (and fan-in) with its minimum and maximum as a band. With a single size it is against
 * workers, or else fan-ins.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_PLOT_H
#define ENGINE_CLI_BENCH_BENCH_PLOT_H

#include "bench/bench_rows.h"

/*
 * Whether it can be drawn to a file of this name: 0, WM_EINVAL (the name) or WM_EWRITE (gnuplot)
 * after saying why not.
 */
int plot_check(const char *path);

/* Draws to the descriptor. 0, or WM_EWRITE after saying why. */
int plot_draw(const struct bench *bench, const struct row *rows, const char *path, int fd);

#endif
