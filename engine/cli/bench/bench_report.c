/*
 * A table is a list of columns; a column is a title and a function that writes the cell of a row.
 * Its width is that of the widest cell. Axes with a single value have no column.
 */
#include "bench/bench_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

enum { CELL_SIZE = 24, TABLE_WIDTH = 80 };

struct view {
    const struct bench *bench;
    const struct row *rows;
    uint32_t n;
    double unit; /* of times: 1 for seconds, 1e-3 for milliseconds */
};

/* Columns of both say which configuration it is; the others need a run. */
enum table { TIMES = 1, CAUSES = 2, BOTH = 3 };

enum when { ALWAYS, IF_SIZES, IF_LINES, IF_WORKERS, IF_FAN_INS, IF_BY_LINES };

struct column {
    const char *title;
    void (*cell)(const struct view *view, const struct row *row, char *text);
    enum when when;
    enum table table;
};

static int is_shown(const struct column *column, enum table table, const struct grid *grid)
{
    if (!(column->table & table))
        return 0;
    switch (column->when) {
    case IF_SIZES:
        return !grid->by_lines && grid->partitions.n > 1;
    case IF_LINES:
        return grid->by_lines && grid->partitions.n > 1;
    case IF_WORKERS:
        return grid->workers.n > 1;
    case IF_FAN_INS:
        return grid->fan_ins.n > 1;
    case IF_BY_LINES:
        return grid->by_lines;
    case ALWAYS:
        break;
    }
    return 1;
}

/* Four digits are more than any of these times are good for. */
static void time_print(const struct view *view, double seconds, char *text)
{
    double time = seconds / view->unit;
    int decimals = time < 10 ? 3 : time < 100 ? 2 : time < 1000 ? 1 : 0;
    snprintf(text, CELL_SIZE, "%.*f", decimals, time);
}

static void amount_print(double amount, char *text)
{
    static const char suffixes[] = " kMGTP";
    int i = 0;
    for (; amount >= 1000 && i < 5; i++)
        amount /= 1000;
    if (i == 0)
        snprintf(text, CELL_SIZE, "%.0f", amount);
    else
        snprintf(text, CELL_SIZE, "%.*f%c", amount < 10 ? 1 : 0, amount, suffixes[i]);
}

static void cell_mark(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%s", row->is_best ? "*" : row->is_close ? "=" : "");
}

static void cell_partition(const struct view *view, const struct row *row, char *text)
{
    partition_name(&view->bench->grid, &row->config, text, CELL_SIZE);
}

static void cell_workers(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%u", row->config.workers);
}

static void cell_fan_in(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    if (row->config.fan_in > 0)
        snprintf(text, CELL_SIZE, "%u", row->config.fan_in);
    else
        snprintf(text, CELL_SIZE, "auto");
}

static void cell_median(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.median, text);
}

static void cell_min(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.min, text);
}

static void cell_max(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.max, text);
}

static void cell_spread(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.0f%%", 100 * summary_spread(&row->seconds));
}

static void cell_bytes_rate(const struct view *view, const struct row *row, char *text)
{
    snprintf(text, CELL_SIZE, "%.2f", (double)view->bench->first.bytes / row->seconds.median / 1e9);
}

static void cell_lines_rate(const struct view *view, const struct row *row, char *text)
{
    snprintf(text, CELL_SIZE, "%.1f", (double)view->bench->first.lines / row->seconds.median / 1e6);
}

static void cell_speed_up(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.2f", row->speed_up);
}

static void cell_efficiency(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.0f%%", 100 * row->efficiency);
}

static void cell_runs(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%" PRIu64, row->typical->stats.runs);
}

static void cell_sent(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    amount_print((double)row->typical->stats.message_bytes, text);
}

static void cell_split(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->stats.phase_seconds[WM_PHASE_SPLIT], text);
}

static void cell_map(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->stats.phase_seconds[WM_PHASE_MAP], text);
}

static void cell_reduce(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->stats.phase_seconds[WM_PHASE_REDUCE], text);
}

static void cell_order(const struct view *view, const struct row *row, char *text)
{
    time_print(view, run_order_seconds(row->typical), text);
}

static void cell_write(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->stats.output_seconds, text);
}

static void cell_rest(const struct view *view, const struct row *row, char *text)
{
    const struct bench_run *run = row->typical;
    double rest = run->span.wall - run->stats.phase_seconds[WM_PHASE_MAP] -
                  run->stats.phase_seconds[WM_PHASE_REDUCE] -
                  run->stats.phase_seconds[WM_PHASE_WRITE];
    if (view->bench->grid.by_lines)
        rest -= run->stats.phase_seconds[WM_PHASE_SPLIT];
    time_print(view, rest, text);
}

static void cell_busy(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.0f%%", 100 * run_busy_share(row->typical));
}

static const struct column columns[] = {
    {"", cell_mark, ALWAYS, BOTH},
    {"size", cell_partition, IF_SIZES, BOTH},
    {"lines", cell_partition, IF_LINES, BOTH},
    {"workers", cell_workers, IF_WORKERS, BOTH},
    {"fan-in", cell_fan_in, IF_FAN_INS, BOTH},

    {"median", cell_median, ALWAYS, TIMES},
    {"min", cell_min, ALWAYS, TIMES},
    {"max", cell_max, ALWAYS, TIMES},
    {"spread", cell_spread, ALWAYS, TIMES},
    {"GB/s", cell_bytes_rate, ALWAYS, TIMES},
    {"Ml/s", cell_lines_rate, ALWAYS, TIMES},
    {"speed-up", cell_speed_up, IF_WORKERS, TIMES},
    {"eff.", cell_efficiency, IF_WORKERS, TIMES},

    {"runs", cell_runs, ALWAYS, CAUSES},
    {"sent", cell_sent, ALWAYS, CAUSES},
    {"split", cell_split, IF_BY_LINES, CAUSES},
    {"map", cell_map, ALWAYS, CAUSES},
    {"reduce", cell_reduce, ALWAYS, CAUSES},
    {"order", cell_order, ALWAYS, CAUSES},
    {"write", cell_write, ALWAYS, CAUSES},
    {"rest", cell_rest, ALWAYS, CAUSES},
    {"busy", cell_busy, ALWAYS, CAUSES},
};

enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

/* Row -1 is the titles. */
static void cell_get(const struct view *view, const struct column *column, int64_t row, char *text)
{
    text[0] = '\0';
    if (row < 0)
        snprintf(text, CELL_SIZE, "%s", column->title);
    else if (column->table == BOTH || view->rows[row].typical)
        column->cell(view, &view->rows[row], text);
}

static void table_row_print(const struct view *view, enum table table, const size_t *widths,
                            int gap, int64_t row, FILE *stream)
{
    char text[CELL_SIZE];
    for (int i = 0; i < N_COLUMNS; i++) {
        const struct column *column = &columns[i];
        if (row >= 0 && column->table != BOTH && !view->rows[row].typical) {
            fprintf(stream, "  %s", view->bench->errors[row].code != 0 ? "failed" : "not run");
            break;
        }
        if (!is_shown(column, table, &view->bench->grid))
            continue;
        cell_get(view, column, row, text);
        fprintf(stream, "%*s", (int)widths[i] + (i > 0 ? gap : 0), text);
    }
    fputc('\n', stream);
}

static void table_print(const struct view *view, enum table table, FILE *stream)
{
    char text[CELL_SIZE];
    size_t widths[N_COLUMNS] = {0}, width = 0, n_gaps = 0;
    for (int i = 0; i < N_COLUMNS; i++) {
        if (!is_shown(&columns[i], table, &view->bench->grid))
            continue;
        for (int64_t row = -1; row < (int64_t)view->n; row++) {
            cell_get(view, &columns[i], row, text);
            if (strlen(text) > widths[i])
                widths[i] = strlen(text);
        }
        width += widths[i];
        n_gaps += i > 0;
    }
    int gap = width + 2 * n_gaps <= TABLE_WIDTH ? 2 : 1;
    for (int64_t row = -1; row < (int64_t)view->n; row++)
        table_row_print(view, table, widths, gap, row, stream);
}

/* The seconds of each reduce round, where there is more than one. */
static void rounds_print(const struct view *view, FILE *stream)
{
    char text[CONFIG_NAME_MAX];
    int is_first = 1;
    for (uint32_t i = 0; i < view->n; i++) {
        const struct bench_run *run = view->rows[i].typical;
        if (!run || run->stats.rounds < 2)
            continue;
        if (is_first)
            fprintf(stream, "\nreduce, by round:\n");
        is_first = 0;
        config_name(&view->bench->grid, &view->rows[i].config, text, sizeof text);
        size_t at = (size_t)fprintf(stream, "  %s:", text);
        for (unsigned round = 0; round < run->stats.rounds; round++) {
            time_print(view, run->stats.round_seconds[round], text);
            if (at + 1 + strlen(text) > TABLE_WIDTH)
                at = (size_t)fprintf(stream, "\n   ") - 1;
            at += (size_t)fprintf(stream, " %s", text);
        }
        fputc('\n', stream);
    }
}

static void head_print(const struct view *view, FILE *stream)
{
    const struct bench *bench = view->bench;
    const wm_stats *first = &bench->first;
    fprintf(stream, "%" PRIu64 " byte%s, %" PRIu64 " line%s, %" PRIu64 " word%s\n", first->bytes,
            plural(first->bytes), first->lines, plural(first->lines), first->words,
            plural(first->words));
    char count[48];
    rows_count_name(view->rows, view->n, count, sizeof count);
    fprintf(stream, "%s of %s each%s\n\n", view->unit < 1 ? "milliseconds" : "seconds", count,
            bench->is_cold ? ", from the disk" : "");
}

static void best_print(const struct view *view, const struct row *best, FILE *stream)
{
    char name[CONFIG_NAME_MAX], time[CELL_SIZE];
    config_name(&view->bench->grid, &best->config, name, sizeof name);
    time_print(view, best->seconds.median, time);
    fprintf(stream, "\n* %s: %s %s, %.2f GB/s\n", name, time, view->unit < 1 ? "ms" : "s",
            (double)view->bench->first.bytes / best->seconds.median / 1e9);
    for (uint32_t i = 0; i < view->n; i++) {
        if (view->rows[i].is_close && !view->rows[i].is_best) {
            fprintf(stream, "= as good: the median is no more than the longest of *\n");
            return;
        }
    }
}

void report_tables(const struct bench *bench, const struct row *rows, FILE *stream)
{
    struct view view = {bench, rows, grid_size(&bench->grid), 1};
    const struct row *best = rows_best(rows, view.n);
    if (!best) {
        fprintf(stream, "no run was finished\n");
        return;
    }
    if (best->seconds.median < 0.1)
        view.unit = 1e-3;
    head_print(&view, stream);
    table_print(&view, TIMES, stream);
    fprintf(stream, "\nwhere the time of the median run went:\n");
    table_print(&view, CAUSES, stream);
    rounds_print(&view, stream);
    best_print(&view, best, stream);
}
