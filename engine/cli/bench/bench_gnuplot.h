/* gnuplot as a program that draws. */
#ifndef ENGINE_CLI_BENCH_BENCH_GNUPLOT_H
#define ENGINE_CLI_BENCH_BENCH_GNUPLOT_H

#include <stdio.h>

/* Where to write a script to; NULL with errno. */
FILE *gnuplot_script(void);

/*
 * Whether it is there and knows the terminal, which draws pictures of that kind. 0, or WM_EWRITE
 * after a message that names what cannot be done, and why.
 */
int gnuplot_check(const char *what, const char *terminal, const char *kind);

/* Draws what the script says, and closes it; NULL: there is none, for the reason in errno. 0, and
 * the picture is *text, for the caller to free; or WM_EWRITE after saying why path has none. */
int gnuplot_draw(FILE *script, const char *path, char **text, size_t *size);

#endif
