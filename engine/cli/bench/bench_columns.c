/* The cells. A time has as many digits as it is good for; a blank cell is a figure that is not. */
#include "bench/bench_names.h"
#include "bench/bench_columns.h"

#include <inttypes.h>
#include <stdio.h>

const char *const table_titles[N_TABLES] = {
    [TABLE_TIMES] = "",
    [TABLE_CAUSES] = "where the time of the median run went",
    [TABLE_RUNS] = "the runs",
    [TABLE_OTHER] = "this build against the other",
};

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
    for (; amount >= 999.5 && i < 5; i++)
        amount /= 1000;
    if (i == 0)
        snprintf(text, CELL_SIZE, "%.0f", amount);
    else
        snprintf(text, CELL_SIZE, "%.*f%c", amount < 9.95 ? 1 : 0, amount, suffixes[i]);
}

/* Three digits, whatever their size; very small ones as 7e-07. */
static void digits_print(double value, char *text)
{
    if (value < 1e-4) {
        snprintf(text, CELL_SIZE, "%.1g", value);
        return;
    }
    int decimals = value < 0.0995 ? 4 : value < 0.995 ? 3 : value < 9.95 ? 2 : value < 99.5 ? 1 : 0;
    snprintf(text, CELL_SIZE, "%.*f", decimals, value);
}

static void cell_mark(const struct view *view, const struct row *row, char *text)
{
    static const char *const marks[] = {"", "*", "=", "", "?"};
    (void)view;
    snprintf(text, CELL_SIZE, "%s", marks[row->verdict]);
}

static void cell_partition(const struct view *view, const struct row *row, char *text)
{
    row_partition_name(view->rows, row, text, CELL_SIZE);
}

static void cell_asked(const struct view *view, const struct row *row, char *text)
{
    row_asked_name(view->rows, row, text, CELL_SIZE);
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
    else if (row->typical)
        snprintf(text, CELL_SIZE, "auto %" PRIu64, row->typical->fan_in);
    else
        snprintf(text, CELL_SIZE, "auto");
}

static void cell_parts(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%" PRIu64, row->typical->partitions);
}

static void cell_median(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.median, text);
}

static void cell_against(const struct view *view, const struct row *row, char *text)
{
    const struct interval *against = &row->against;
    (void)view;
    if (row->verdict == VERDICT_BEST)
        snprintf(text, CELL_SIZE, "1");
    else if (against->is_known)
        snprintf(text, CELL_SIZE, "%.2f (%.2f to %.2f)", against->median, against->low,
                 against->high);
    else if (against->median > 0)
        snprintf(text, CELL_SIZE, "%.2f (too few)", against->median);
}

static void cell_bytes_rate(const struct view *view, const struct row *row, char *text)
{
    digits_print((double)view->rows->bench->bytes / row->seconds.median / 1e9, text);
}

static void cell_cpus(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.2f", measure_cpus(row->typical));
}

static void cell_memory(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    amount_print((double)row->typical->peak_shared_bytes, text);
}

static void cell_split(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->split_seconds, text);
}

static void cell_unpack(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->unpack_seconds, text);
}

static void cell_map(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->map_seconds, text);
}

static void cell_reduce(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->reduce_seconds, text);
}

static void cell_order(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->order_seconds, text);
}

static void cell_write(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->typical->write_seconds, text);
}

static void cell_rest(const struct view *view, const struct row *row, char *text)
{
    time_print(view, measure_rest_seconds(row->typical), text);
}

static void cell_busy(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%.0f%%", 100 * measure_busy_share(row->typical));
}

static void cell_each(const struct view *view, const struct row *row, char *text)
{
    const struct measure *run = row->typical;
    (void)view;
    if (run->partitions > 0)
        digits_print(1e6 * run->map_busy_seconds / (double)run->partitions, text);
}

static void cell_min(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.min, text);
}

static void cell_max(const struct view *view, const struct row *row, char *text)
{
    time_print(view, row->seconds.max, text);
}

static void cell_outliers(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%" PRIu32, row->seconds.n_outliers);
}

static void cell_lines_rate(const struct view *view, const struct row *row, char *text)
{
    digits_print((double)view->rows->bench->lines / row->seconds.median / 1e6, text);
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
    snprintf(text, CELL_SIZE, "%" PRIu64, row->typical->runs);
}

static void cell_rounds(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    snprintf(text, CELL_SIZE, "%" PRIu64, row->typical->rounds);
}

static void cell_sent(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    amount_print((double)row->typical->message_bytes, text);
}

static void cell_other_median(const struct view *view, const struct row *row, char *text)
{
    if (row->other_seconds > 0)
        time_print(view, row->other_seconds, text);
}

static void cell_ratio(const struct view *view, const struct row *row, char *text)
{
    (void)view;
    if (row->other.median > 0)
        snprintf(text, CELL_SIZE, "%.3f (%.3f to %.3f)", row->other.median, row->other.low,
                 row->other.high);
}

static void cell_outcome(const struct view *view, const struct row *row, char *text)
{
    const struct interval *other = &row->other;
    (void)view;
    const char *outcome = other->median <= 0 ? "without another"
                          : !other->is_known ? "not known: too few rounds"
                          : other->low > 1   ? "slower"
                          : other->high < 1  ? "faster"
                                             : "neither, for all that is known";
    snprintf(text, CELL_SIZE, "%s", outcome);
}

static int if_sizes(const struct view *view)
{
    const struct grid *grid = &view->rows->bench->grid;
    return !grid->by_lines && (grid->partitions.n > 1 || grid_size(grid) == 1);
}

static int if_lines(const struct view *view)
{
    const struct grid *grid = &view->rows->bench->grid;
    return grid->by_lines && grid->partitions.n > 1;
}

static int if_asked(const struct view *view)
{
    return view->has_asked;
}

static int if_workers(const struct view *view)
{
    return view->rows->bench->grid.workers.n > 1;
}

static int if_fan_ins(const struct view *view)
{
    return view->rows->bench->grid.fan_ins.n > 1;
}

static int if_packed(const struct view *view)
{
    return view->is_packed;
}

enum {
    TIMES = 1 << TABLE_TIMES,
    CAUSES = 1 << TABLE_CAUSES,
    RUNS = 1 << TABLE_RUNS,
    OTHER = 1 << TABLE_OTHER,
    ALL = TIMES | CAUSES | RUNS | OTHER
};

const struct column columns[] = {
    {"", cell_mark, NULL, ALL, 1, 0},
    {"size", cell_partition, if_sizes, ALL, 1, 0},
    {"lines", cell_partition, if_lines, ALL, 1, 0},
    {"asked for", cell_asked, if_asked, TIMES, 1, 2},
    {"workers", cell_workers, if_workers, ALL, 1, 0},
    {"fan-in", cell_fan_in, if_fan_ins, ALL, 1, 0},

    {"parts", cell_parts, NULL, TIMES, 0, 1},
    {"median", cell_median, NULL, TIMES, 0, 0},
    {"against the best (95%)", cell_against, NULL, TIMES, 0, 0},
    {"GB/s", cell_bytes_rate, NULL, TIMES, 0, 5},
    {"CPUs", cell_cpus, NULL, TIMES, 0, 3},
    {"memory", cell_memory, NULL, TIMES, 0, 4},

    {"split", cell_split, NULL, CAUSES, 0, 0},
    {"map", cell_map, NULL, CAUSES, 0, 0},
    {"unpack", cell_unpack, if_packed, CAUSES, 0, 1},
    {"reduce", cell_reduce, NULL, CAUSES, 0, 0},
    {"order", cell_order, NULL, CAUSES, 0, 0},
    {"write", cell_write, NULL, CAUSES, 0, 0},
    {"rest", cell_rest, NULL, CAUSES, 0, 2},
    {"busy", cell_busy, NULL, CAUSES, 0, 4},
    {"µs a partition", cell_each, NULL, CAUSES, 0, 3},

    {"min", cell_min, NULL, RUNS, 0, 0},
    {"max", cell_max, NULL, RUNS, 0, 0},
    {"outliers", cell_outliers, NULL, RUNS, 0, 4},
    {"Ml/s", cell_lines_rate, NULL, RUNS, 0, 1},
    {"speed-up", cell_speed_up, if_workers, RUNS, 0, 0},
    {"eff.", cell_efficiency, if_workers, RUNS, 0, 2},
    {"runs", cell_runs, NULL, RUNS, 0, 3},
    {"rounds", cell_rounds, NULL, RUNS, 0, 6},
    {"sent", cell_sent, NULL, RUNS, 0, 5},

    {"this", cell_median, NULL, OTHER, 0, 0},
    {"other", cell_other_median, NULL, OTHER, 0, 0},
    {"this / other (95%)", cell_ratio, NULL, OTHER, 0, 0},
    {"this one is", cell_outcome, NULL, OTHER, 0, 1},

    {.title = NULL},
};

struct view view_of(const struct rows *rows)
{
    struct view view = {.rows = rows, .unit = 1, .has_asked = rows_have_asked(rows)};
    double least = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = rows->shown[i];
        if (row->typical && (least <= 0 || row->seconds.median < least))
            least = row->seconds.median;
        view.is_packed |= row->typical && row->typical->unpack_seconds > 0;
    }
    if (least < 0.1)
        view.unit = 1e-3;
    return view;
}

const char *view_unit(const struct view *view)
{
    return view->unit < 1 ? "milliseconds" : "seconds";
}

int column_is_in(const struct column *column, enum table table, const struct view *view)
{
    return column->tables & 1U << table && (!column->is_shown || column->is_shown(view));
}

int column_cell(const struct column *column, const struct view *view, const struct row *row,
                char *text)
{
    text[0] = '\0';
    if (!row->typical && !column->is_name) {
        snprintf(text, CELL_SIZE, "%s", row->state->error.code != 0 ? "failed" : "not run");
        return 0;
    }
    column->cell(view, row, text);
    return 1;
}
