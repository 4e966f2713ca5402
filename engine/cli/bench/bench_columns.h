/*
 * The tables of a bench as columns: a title, and a function that writes the cell of a row. What
 * prints them, as text, Markdown or HTML, goes by this list.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_COLUMNS_H
#define ENGINE_CLI_BENCH_BENCH_COLUMNS_H

#include "bench/bench_rows.h"

enum { CELL_SIZE = 64 };

enum table { TABLE_TIMES, TABLE_CAUSES, TABLE_RUNS, TABLE_OTHER, N_TABLES };

struct view {
    const struct rows *rows;
    double unit; /* of times: 1 for seconds, 1e-3 for milliseconds */
    int has_asked, is_packed;
};

struct column {
    const char *title;
    void (*cell)(const struct view *view, const struct row *row, char *text);
    int (*is_shown)(const struct view *view); /* NULL: always */
    unsigned tables;                          /* bits: 1 << TABLE_TIMES and so on */
    int is_name;       /* it says which configuration the row is of, so it is there without a run */
    unsigned dispense; /* where lines are short, the columns with the largest go first; 0: never */
};

/* Ends with a title that is NULL. */
extern const struct column columns[];

extern const char *const table_titles[N_TABLES];

struct view view_of(const struct rows *rows);

/* 'seconds' or 'milliseconds'. */
const char *view_unit(const struct view *view);

int column_is_in(const struct column *column, enum table table, const struct view *view);

/* The cell, or for a row that did not run: 'failed' or 'not run' once, in the first column that
 * needs a run; then nothing. Returns 0 if there is nothing behind it in this row. */
int column_cell(const struct column *column, const struct view *view, const struct row *row,
                char *text);

#endif
