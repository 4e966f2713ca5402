/* What the pictures are made of; theirs alone. */
#ifndef ENGINE_CLI_BENCH_BENCH_PICTURE_PARTS_H
#define ENGINE_CLI_BENCH_BENCH_PICTURE_PARTS_H

#include <stdio.h>

#include "bench/bench_names.h"
#include "bench/bench_rows.h"

enum { LINES_MAX = 64 };

/* A line of the picture: rows of it from left to right. */
struct picture_line {
    const struct row **rows;
    uint32_t n;
    char title[CONFIG_NAME_MAX]; /* what tells it from the others; empty if nothing does */
    double end;                  /* where it ends, on the y axis */
    double label;                /* where its title stands, there */
};

struct picture_lines {
    enum abscissa abscissa;
    struct picture_line lines[LINES_MAX];
    uint32_t n;
    double (*value)(const struct row *row); /* on the y axis */
};

/* All lines of an abscissa. 0, or -1: no memory. */
int lines_make(struct picture_lines *lines, const struct rows *rows, enum abscissa abscissa,
               double (*value)(const struct row *row));
void lines_release(struct picture_lines *lines);

/* A row's place on the x axis. */
double line_place(const struct rows *rows, enum abscissa abscissa, const struct row *row);

/* Of all runs that count, or all values, the largest. */
double lines_most(const struct picture_lines *lines);

/* The colour and the dash of a line: no two lines have both. */
void line_style(uint32_t number, FILE *script);
const char *line_colour(uint32_t number);

/* What stands under the x axis. */
void axis_label(const struct rows *rows, enum abscissa abscissa, FILE *script);

/* The x axis with its label, with no more ticks than have room. */
void axis_script(const struct rows *rows, enum abscissa abscissa, FILE *script);

/* Data of all lines, $line0 and so on: place and value. */
void lines_data(const struct picture_lines *lines, const struct rows *rows, FILE *script);

/* Titles at the ends of lines, apart from each other, where the y axis goes up to most. */
void lines_labels(struct picture_lines *lines, double most, FILE *script);

/* Data of rings around what the library chose, $auto, and their names, above the frame. */
void auto_script(const struct picture_lines *lines, const struct rows *rows, FILE *script);

/* In single quotes, where only these themselves are special. */
void text_script(const char *text, FILE *script);

#endif
