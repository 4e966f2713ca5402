/*
 * The answer of a bench in words: what to take, what the library chooses, the law, what disturbed.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_WORDS_H
#define ENGINE_CLI_BENCH_BENCH_WORDS_H

#include <stddef.h>

#include "bench/bench_rows.h"

enum { WORDS_SIZE = 1024 };

/* Of the same line as the best, those around it that took no more than this much longer. */
#define WORDS_MARGIN 0.05

/* First and last place in line of the rows that are worth taking;
 * there are n, the best at `best`. */
void words_range(const struct row *const *line, uint32_t n, uint32_t best, uint32_t *first,
                 uint32_t *last);

/* "Take 1M to 16M with 2 workers: within 4% of the best. wordmill chooses 3.5M, one of them." */
void words_answer(const struct rows *rows, char *text, size_t room);

/*
 * What the law says of the line that begins with this row, and the line's name. 0: it begins none,
 * or there is nothing to say. line has room for rows->n.
 */
int words_law_of(const struct rows *rows, const struct row *first, const struct row **line,
                 uint32_t *n, char *text, size_t room);

/* Why the bench is not all that it could be: it was cut short, or rounds are too few; or empty. */
void words_partial(const struct rows *rows, int is_interrupted, char *text, size_t room);

/* The i-th of what makes the times less true than they look, as measured; 0: there are no more. */
int words_note(const struct rows *rows, int i, char *text, size_t room);

/* '31.2 ms', '1.54 s', '34 us'. */
void words_seconds(double seconds, char *text, size_t room);

#endif
