/* The pictures of a bench, drawn by gnuplot as SVG or PNG. */
#ifndef ENGINE_CLI_BENCH_BENCH_PICTURE_H
#define ENGINE_CLI_BENCH_BENCH_PICTURE_H

#include "bench/bench_rows.h"

enum picture {
    /*
     * Run time against partition size, or with one size workers, or else fan-ins. A dot is a run. A
     * line goes through the medians, with a bar for the 95% interval of each. The law is dashed,
     * what is worth taking shaded, and auto has a ring.
     */
    PICTURE_TIME,
    PICTURE_PHASES,  /* what the time of the median run went to, stacked: the line of the best */
    PICTURE_WORKERS, /* speed-up against workers, beside the ideal */
    PICTURE_MEMORY,  /* runs in shared memory at most, against what PICTURE_TIME is */
    N_PICTURES
};

/* What it shows, and in a sentence how to read it. */
extern const char *const picture_titles[N_PICTURES];
extern const char *const picture_captions[N_PICTURES];

/* Whether there is something to see: with one number of workers there is no speed-up. */
int picture_is_worth(const struct rows *rows, enum picture picture);

/*
 * Whether it can be drawn to a file of this name: 0, WM_EINVAL (the name) or WM_EWRITE (gnuplot)
 * after saying why not.
 */
int picture_check(const char *path);

/* The same for those in a page, which goes without them. */
int picture_check_page(const char *path);

/* Draws as path ends. 0, and the picture is *text, for the caller to free; or WM_EWRITE or
 * WM_ENOMEM after saying why. */
int picture_draw(const struct rows *rows, enum picture picture, const char *path, char **text,
                 size_t *size);

/* As SVG, to be freed; NULL after saying why. */
char *picture_svg(const struct rows *rows, enum picture picture);

#endif
