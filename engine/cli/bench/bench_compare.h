/* This build against another: one that took turns, or one whose runs were saved. */
#ifndef ENGINE_CLI_BENCH_BENCH_COMPARE_H
#define ENGINE_CLI_BENCH_BENCH_COMPARE_H

#include "bench/bench_rows.h"

/*
 * Fills what rows say of the other, from runs that were saved: those of the same configuration.
 * They took no turns with these, so their times are no pairs. 0, or WM_ENOMEM or WM_EINVAL (no
 * configuration is in both) after saying so; says what else may make the comparison worth less.
 */
int compare_saved(struct rows *rows, const char *path, const struct bench *saved);

/* Whether a row is slower for certain by more than limit, 0.05 for 5%; says which are, and where it
 * is not known. */
int compare_is_slower(const struct rows *rows, double limit);

#endif
