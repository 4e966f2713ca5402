/* Lines, their colours, their labels, and the x axis that most pictures have. */
#include "bench/bench_picture_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_names.h"

#define TICK_GAP 0.09   /* of the axis: what a label needs */
#define LABEL_GAP 0.055 /* of the y axis */

/* Of Okabe and Ito, who chose them so that the colour-blind can tell them apart. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000"};
enum { N_COLOURS = sizeof colours / sizeof colours[0] };

const char *line_colour(uint32_t number)
{
    return colours[number % N_COLOURS];
}

void line_style(uint32_t number, FILE *script)
{
    static const char *const dashes[] = {"1", "'-'", "'.'", "'-.'", "'--  '"};
    uint32_t n_dashes = sizeof dashes / sizeof dashes[0];
    fprintf(script, "lc rgb '%s' dt %s", line_colour(number),
            dashes[number / N_COLOURS % n_dashes]);
}

void text_script(const char *text, FILE *script)
{
    fputc('\'', script);
    for (; *text != '\0'; text++)
        fprintf(script, "%s%c", *text == '\'' ? "'" : "", *text);
    fputc('\'', script);
}

double line_place(const struct rows *rows, enum abscissa abscissa, const struct row *row)
{
    if (abscissa == BY_WORKERS)
        return row->config.workers;
    if (abscissa == BY_FAN_IN)
        return row->config.fan_in > 0 ? row->config.fan_in : (double)row->typical->fan_in;
    return row_partition(rows, row);
}

static void title_make(const struct rows *rows, enum abscissa abscissa, struct picture_line *line)
{
    struct grid others = rows->bench->grid;
    if (abscissa == BY_PARTITION)
        others.partitions.n = 1;
    else if (abscissa == BY_WORKERS)
        others.workers.n = 1;
    else
        others.fan_ins.n = 1;
    line->title[0] = '\0';
    if (grid_size(&others) == 1)
        return;
    if (others.partitions.n > 1) {
        /* What is chosen may be another size for each number of workers. */
        if (line->rows[0]->is_auto)
            snprintf(line->title, sizeof line->title, "auto");
        else
            row_partition_name(rows, line->rows[0], line->title, sizeof line->title);
        others.partitions.n = 1;
    }
    size_t used = strlen(line->title);
    if (used > 0 && grid_size(&others) > 1)
        used += (size_t)snprintf(line->title + used, sizeof line->title - used, ", ");
    if (grid_size(&others) > 1)
        config_name(&others, &line->rows[0]->config, line->title + used, sizeof line->title - used);
}

static int is_in_line(const struct picture_lines *lines, const struct row *row)
{
    for (uint32_t i = 0; i < lines->n; i++)
        if (rows_same_line(lines->abscissa, lines->lines[i].rows[0], row))
            return 1;
    return 0;
}

int lines_make(struct picture_lines *lines, const struct rows *rows, enum abscissa abscissa,
               double (*value)(const struct row *row))
{
    *lines = (struct picture_lines){.abscissa = abscissa, .value = value};
    for (uint32_t i = 0; i < rows->n && lines->n < LINES_MAX; i++) {
        const struct row *row = rows->shown[i];
        if (!row->typical || is_in_line(lines, row))
            continue;
        struct picture_line *line = &lines->lines[lines->n++];
        line->rows = calloc(rows->n, sizeof *line->rows);
        if (!line->rows)
            return -1;
        rows_line(rows, abscissa, row, line->rows, &line->n);
        title_make(rows, abscissa, line);
        line->end = value(line->rows[line->n - 1]);
    }
    return 0;
}

void lines_release(struct picture_lines *lines)
{
    for (uint32_t i = 0; i < lines->n; i++)
        free(lines->lines[i].rows);
}

double lines_most(const struct picture_lines *lines)
{
    double most = 0;
    for (uint32_t i = 0; i < lines->n; i++)
        for (uint32_t k = 0; k < lines->lines[i].n; k++)
            most = fmax(most, lines->value(lines->lines[i].rows[k]));
    return most;
}

struct tick {
    double place;
    char label[32];
};

static int tick_compare(const void *a, const void *b)
{
    const struct tick *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

/* A tick for each value that ran, in their order; what the library chose has a ring, no tick. */
static uint32_t ticks_make(const struct rows *rows, enum abscissa abscissa, struct tick *ticks)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = rows->shown[i];
        int is_chosen = row->config.partition_size == 0 && row->config.partition_lines == 0;
        if (!row->typical ||
            (abscissa == BY_PARTITION && is_chosen && rows->bench->grid.partitions.n > 1))
            continue;
        struct tick *tick = &ticks[n++];
        tick->place = line_place(rows, abscissa, row);
        if (abscissa != BY_PARTITION || rows->bench->grid.by_lines)
            snprintf(tick->label, sizeof tick->label, "%.0f", tick->place);
        else
            size_about(tick->place, tick->label, sizeof tick->label);
    }
    qsort(ticks, n, sizeof *ticks, tick_compare);
    return n;
}

struct range {
    double first, last;
};

/* All that is drawn lies in it, what the library chose too. */
static struct range axis_range(const struct rows *rows, enum abscissa abscissa)
{
    struct range range = {INFINITY, 0};
    for (uint32_t i = 0; i < rows->n; i++) {
        if (!rows->shown[i]->typical)
            continue;
        double place = line_place(rows, abscissa, rows->shown[i]);
        range.first = fmin(range.first, place);
        range.last = fmax(range.last, place);
    }
    return range;
}

/* How far a tick is to the right of another, in shares of the axis. */
static double ticks_distance(struct range range, double from, double to, int is_log)
{
    if (range.last <= range.first)
        return 0;
    return is_log ? log(to / from) / log(range.last / range.first)
                  : (to - from) / (range.last - range.first);
}

void axis_label(const struct rows *rows, enum abscissa abscissa, FILE *script)
{
    static const char *const labels[] = {"partition size (bytes)", "workers", "fan-in"};
    int by_lines = abscissa == BY_PARTITION && rows->bench->grid.by_lines;
    fprintf(script, "set xlabel '%s'\n", by_lines ? "partition size (lines)" : labels[abscissa]);
}

void axis_script(const struct rows *rows, enum abscissa abscissa, FILE *script)
{
    int is_log = abscissa != BY_WORKERS;
    const char *comma = "";
    struct tick *ticks = calloc((size_t)rows->n + 1, sizeof *ticks);
    uint32_t n = ticks ? ticks_make(rows, abscissa, ticks) : 0;
    double last = -1;
    struct range range = axis_range(rows, abscissa);
    axis_label(rows, abscissa, script);
    if (is_log)
        fprintf(script, "set logscale x 2\n");
    if (range.first == range.last)
        fprintf(script, "set xrange [%.17g:%.17g]\n", is_log ? range.first / 2 : range.first - 1,
                is_log ? range.first * 2 : range.first + 1);
    fprintf(script, "set xtics (");
    for (uint32_t i = 0; i < n; i++) {
        if (last >= 0 && ticks_distance(range, last, ticks[i].place, is_log) < TICK_GAP)
            continue;
        fprintf(script, "%s'%s' %.17g", comma, ticks[i].label, ticks[i].place);
        last = ticks[i].place;
        comma = ", ";
    }
    fprintf(script, ")\n");
    free(ticks);
}

void lines_data(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    for (uint32_t i = 0; i < lines->n; i++) {
        const struct picture_line *line = &lines->lines[i];
        fprintf(script, "$line%" PRIu32 " << EOD\n", i);
        for (uint32_t k = 0; k < line->n; k++)
            fprintf(script, "%.17g %.9g\n", line_place(rows, lines->abscissa, line->rows[k]),
                    lines->value(line->rows[k]));
        fprintf(script, "EOD\n");
    }
}

static int label_compare(const void *a, const void *b)
{
    const struct picture_line *x = *(struct picture_line *const *)a,
                              *y = *(struct picture_line *const *)b;
    return (x->end > y->end) - (x->end < y->end);
}

void lines_labels(struct picture_lines *lines, double most, FILE *script)
{
    struct picture_line *order[LINES_MAX] = {NULL};
    double above = -1;
    for (uint32_t i = 0; i < lines->n; i++)
        order[i] = &lines->lines[i];
    qsort(order, lines->n, sizeof *order, label_compare);
    for (uint32_t i = 0; i < lines->n; i++) {
        order[i]->label = fmax(order[i]->end / most, above + LABEL_GAP);
        above = order[i]->label;
    }
    /* Those that went over the top come down again, and push the others. */
    double below = 1 + LABEL_GAP;
    for (uint32_t i = lines->n; i-- > 0;) {
        order[i]->label = fmin(order[i]->label, below - LABEL_GAP);
        below = order[i]->label;
    }
    for (uint32_t i = 0; i < lines->n; i++) {
        if (lines->lines[i].title[0] == '\0')
            continue;
        fprintf(script, "set label ");
        text_script(lines->lines[i].title, script);
        fprintf(script, " at graph 1.015, graph %.4f left tc rgb '%s'\n", lines->lines[i].label,
                line_colour(i));
    }
}

/* Whether a row before this one, of lines up to this, has the same place. */
static int is_named(const struct picture_lines *lines, const struct rows *rows, uint32_t line,
                    double place)
{
    for (uint32_t i = 0; i < line; i++)
        for (uint32_t k = 0; k < lines->lines[i].n; k++)
            if (lines->lines[i].rows[k]->is_auto && lines->lines[i].n > 1 &&
                line_place(rows, BY_PARTITION, lines->lines[i].rows[k]) == place)
                return 1;
    return 0;
}

void auto_script(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    uint32_t n = 0;
    fprintf(script, "$auto << EOD\n");
    for (uint32_t i = 0; i < lines->n && lines->abscissa == BY_PARTITION; i++)
        for (uint32_t k = 0; k < lines->lines[i].n && lines->lines[i].n > 1; k++)
            if (lines->lines[i].rows[k]->is_auto)
                fprintf(script, "%.17g %.9g\n",
                        line_place(rows, BY_PARTITION, lines->lines[i].rows[k]),
                        lines->value(lines->lines[i].rows[k]));
    fprintf(script, "EOD\n");
    for (uint32_t i = 0; i < lines->n && lines->abscissa == BY_PARTITION; i++) {
        for (uint32_t k = 0; k < lines->lines[i].n && lines->lines[i].n > 1; k++) {
            const struct row *row = lines->lines[i].rows[k];
            double place = line_place(rows, BY_PARTITION, row);
            char name[48];
            if (!row->is_auto || is_named(lines, rows, i, place))
                continue;
            row_partition_name(rows, row, name, sizeof name);
            /* On two heights by turns, since sizes for more workers are often near each other. */
            fprintf(script, "set label '%s' at first %.17g, graph 1 center offset 0,%s\n", name,
                    place, n++ % 2 == 0 ? "0.6" : "1.6");
        }
    }
}
