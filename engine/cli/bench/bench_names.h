/* What rows are called, and which of them belong together. */
#ifndef ENGINE_CLI_BENCH_BENCH_NAMES_H
#define ENGINE_CLI_BENCH_BENCH_NAMES_H

#include "bench/bench_law.h"
#include "bench/bench_rows.h"

/* '5 rounds', or 'a round that was not finished'. */
void rows_count_name(const struct rows *rows, char *text, size_t room);

/* What the x axis of pictures is, and what the answer is about. */
enum abscissa { BY_PARTITION, BY_WORKERS, BY_FAN_IN };

/* The first of these axes with more than one value. */
enum abscissa rows_abscissa(const struct rows *rows);

/* Whether two rows differ only in what the abscissa is: they are of one line. */
int rows_same_line(enum abscissa abscissa, const struct row *a, const struct row *b);

/* The rows of this line that ran, in the order of shown, from the one at number first of shown on;
 * *n is how many; line has room for rows->n. */
void rows_line(const struct rows *rows, enum abscissa abscissa, const struct row *of,
               const struct row **line, uint32_t *n);

/* The law of a line of partition sizes; its points are those of the line. */
struct law rows_law(const struct row *const *line, uint32_t n);

/* Bytes of a partition, or lines if the grid is by lines, as they were in force;
 * 0: it never ran. */
double row_partition(const struct rows *rows, const struct row *row);

/* '4M', 'auto 3.5M', '60000': what was in force. */
void row_partition_name(const struct rows *rows, const struct row *row, char *text, size_t room);

/* '1M,4M': all that was asked for and came to this. */
void row_asked_name(const struct rows *rows, const struct row *row, char *text, size_t room);

/* '4M, 2 workers, fan-in 8', with the size in force. */
void row_name(const struct rows *rows, const struct row *row, char *text, size_t room);

/* Whether what was asked for is not what was in force, in some row. */
int rows_have_asked(const struct rows *rows);

#endif
