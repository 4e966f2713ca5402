/*
 * What the runs of a bench say about each configuration: the rows of every report. Pure.
 *
 * Only rounds in which every configuration ran count, so that all rows rest on the same rounds. If
 * there is none, rows have the times of what ran, and nothing is the best.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_ROWS_H
#define ENGINE_CLI_BENCH_BENCH_ROWS_H

#include "bench/bench_law.h"
#include "bench/bench_run.h"
#include "bench/bench_stats.h"

struct row {
    uint32_t number;
    struct config config;
    const struct config_state *state;
    struct summary seconds; /* n 0: it has not run to its end */
    /* The run that took the median, or with two in the middle the shorter of them; NULL: none. */
    const struct measure *typical;
    struct interval against; /* the best: the ratio of the times of the same rounds */
    enum verdict verdict;
    struct interval other; /* against another build: pairs, or as compare_saved says; or 0 */
    double other_seconds;  /* its median; or 0 */
    double speed_up;       /* against the fewest workers of the same partitions and fan-in; or 0 */
    double efficiency;     /* or 0 */
    int is_auto;           /* the library chose its partitions, or would choose the same */
};

struct rows {
    const struct bench *bench;
    struct row *items; /* by number: bench_n of them */
    const struct row **shown;
    uint32_t n; /* of shown: of this build, without those that are the same as another; by workers,
                   fan-in, and size in force */
    uint32_t n_rounds; /* finished */
    uint32_t n_lost;   /* runs of rounds that were not */
    const struct row *best;
    int has_other; /* rows say something of another build */
};

/* 0, or -1: no memory. */
int rows_init(struct rows *rows, const struct bench *bench);
void rows_release(struct rows *rows);

/* Whether more rounds would tell more: there are few, or some verdict is not known. */
int rows_want_more(const struct rows *rows);

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

/* Bytes of a partition, or lines if the grid is by lines, as they were in force; 0: it never ran.
 */
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
