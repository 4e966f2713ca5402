/* A timeline as a picture, a page or events. */
#ifndef ENGINE_CLI_BENCH_BENCH_TIMELINE_DRAW_H
#define ENGINE_CLI_BENCH_BENCH_TIMELINE_DRAW_H

#include <stdio.h>

#include "bench/bench_timeline.h"

/* 0, or WM_EINVAL after saying that a name ends in neither .svg, .html nor .json. */
int timeline_check(const char *path);

/* As path ends: a picture, a page, or events as chrome://tracing and Perfetto read them. */
void timeline_write(const struct timeline *timeline, const char *path, FILE *stream);
void timeline_svg(const struct timeline *timeline, FILE *stream);

#endif
