/*
 * The times stand in a table of rounds and configurations. A finished round is one without a gap.
 * When the best is looked for, its times are measured by their geometric mean, so that a slow round
 * weighs no more than a fast one.
 */
#include "bench/bench_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct times {
    const struct bench *bench;
    uint32_t n, n_rounds;
    double *cells; /* of round r and configuration i, [r * n + i]; 0: it did not run */
    double *line;  /* room for n_rounds */
};

static int is_live(const struct bench *bench, uint32_t number)
{
    const struct config_state *state = &bench->states[number];
    return state->error.code == 0 && state->same_as == number;
}

static int times_init(struct times *times, const struct bench *bench)
{
    *times = (struct times){.bench = bench, .n = bench_n(bench)};
    for (uint32_t i = 0; i < bench->n_runs; i++)
        if (bench->runs[i].round >= times->n_rounds)
            times->n_rounds = (uint32_t)bench->runs[i].round + 1;
    times->cells = calloc((size_t)times->n * times->n_rounds + 1, sizeof *times->cells);
    times->line = calloc((size_t)times->n_rounds + 1, sizeof *times->line);
    if (!times->cells || !times->line)
        return -1;
    for (uint32_t i = 0; i < bench->n_runs; i++) {
        const struct measure *run = &bench->runs[i];
        if (is_live(bench, (uint32_t)run->configuration))
            times->cells[run->round * times->n + run->configuration] = run->seconds;
    }
    return 0;
}

static void times_release(struct times *times)
{
    free(times->cells);
    free(times->line);
}

/* Leaves out rounds with a gap, if there is one without. Returns how many have none. */
static uint32_t times_finish(struct times *times)
{
    uint32_t n_finished = 0;
    for (uint32_t round = 0; round < times->n_rounds; round++) {
        int is_finished = 1;
        const double *cells = times->cells + (size_t)round * times->n;
        for (uint32_t i = 0; i < times->n; i++)
            is_finished &= !is_live(times->bench, i) || cells[i] > 0;
        if (!is_finished)
            continue;
        memmove(times->cells + (size_t)n_finished * times->n, cells, times->n * sizeof *cells);
        n_finished++;
    }
    if (n_finished > 0)
        times->n_rounds = n_finished;
    return n_finished;
}

/* The ratios of two configurations, round by round: how many there are in times->line. */
static uint32_t times_pair(struct times *times, uint32_t a, uint32_t b)
{
    uint32_t n = 0;
    for (uint32_t round = 0; round < times->n_rounds; round++) {
        const double *cells = times->cells + (size_t)round * times->n;
        if (cells[a] > 0 && cells[b] > 0)
            times->line[n++] = cells[a] / cells[b];
    }
    return n;
}

static void row_fill(struct row *row, struct times *times, uint32_t number)
{
    const struct bench *bench = times->bench;
    uint32_t n = 0;
    *row = (struct row){.number = number,
                        .config = grid_config(&bench->grid, number % grid_size(&bench->grid)),
                        .state = &bench->states[number]};
    for (uint32_t round = 0; round < times->n_rounds; round++) {
        double seconds = times->cells[(size_t)round * times->n + number];
        if (seconds > 0)
            times->line[n++] = seconds;
    }
    row->seconds = summary_of(times->line, n);
    for (uint32_t i = 0; i < bench->n_runs && n > 0; i++) {
        const struct measure *run = &bench->runs[i];
        /* line is sorted now */
        if (run->configuration == number && run->seconds == times->line[(n - 1) / 2])
            row->typical = run;
    }
}

/* Of this build, the one whose times, in means of their round, have the least median. */
static const struct row *best_of(const struct rows *rows, struct times *times)
{
    const struct row *best = NULL;
    double least = 0;
    for (uint32_t i = 0; i < grid_size(&rows->bench->grid); i++) {
        if (rows->items[i].seconds.n == 0)
            continue;
        for (uint32_t round = 0; round < times->n_rounds; round++) {
            const double *cells = times->cells + (size_t)round * times->n;
            double sum = 0, n_live = 0;
            for (uint32_t k = 0; k < times->n; k++) {
                sum += cells[k] > 0 ? log(cells[k]) : 0;
                n_live += cells[k] > 0;
            }
            times->line[round] = cells[i] / exp(sum / n_live);
        }
        double median = summary_of(times->line, times->n_rounds).median;
        if (!best || median < least) {
            best = &rows->items[i];
            least = median;
        }
    }
    return best;
}

static void rows_compare(struct rows *rows, struct times *times)
{
    for (uint32_t i = 0; i < times->n; i++) {
        struct row *row = &rows->items[i];
        uint32_t n_grid = grid_size(&rows->bench->grid);
        if (i < n_grid && rows->bench->other && row->seconds.n > 0) {
            row->other = interval_of(times->line, times_pair(times, i, i + n_grid));
            row->other_seconds = rows->items[i + n_grid].seconds.median;
        }
        if (row->seconds.n == 0 || !rows->best)
            continue;
        row->against = interval_of(times->line, times_pair(times, i, rows->best->number));
        row->verdict = row == rows->best ? VERDICT_BEST : verdict_of(&row->against);
    }
}

static void workers_compare(struct rows *rows)
{
    const struct bench *bench = rows->bench;
    uint32_t n = grid_size(&bench->grid);
    uint32_t n_each = n / bench->grid.workers.n; /* of one number of workers */
    for (uint32_t i = 0; i < n; i++) {
        struct row *row = &rows->items[i];
        const struct row *base = &rows->items[i % n_each];
        while (base < row && base->seconds.n == 0)
            base += n_each;
        if (row->seconds.n == 0)
            continue;
        row->speed_up = speed_up(base->seconds.median, row->seconds.median);
        row->efficiency = efficiency(row->speed_up, base->config.workers, row->config.workers);
    }
}

static int shown_compare(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    if (x->config.workers != y->config.workers)
        return x->config.workers < y->config.workers ? -1 : 1;
    if (x->config.fan_in != y->config.fan_in)
        return x->config.fan_in - 1 < y->config.fan_in - 1 ? -1 : 1;
    uint64_t many = x->state->is_seen ? x->state->seen.partitions : 0;
    uint64_t few = y->state->is_seen ? y->state->seen.partitions : 0;
    if (many != few)
        return many > few ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void rows_show(struct rows *rows)
{
    const struct bench *bench = rows->bench;
    for (uint32_t i = 0; i < grid_size(&bench->grid); i++) {
        struct row *row = &rows->items[i];
        const struct config *config = &row->config;
        uint32_t same_as = bench->states[i].same_as;
        if (config->partition_size == 0 && config->partition_lines == 0)
            rows->items[same_as].is_auto = 1;
        if (same_as == i)
            rows->shown[rows->n++] = row;
    }
    qsort(rows->shown, rows->n, sizeof *rows->shown, shown_compare);
}

int rows_init(struct rows *rows, const struct bench *bench)
{
    struct times times;
    uint32_t n = bench_n(bench);
    *rows = (struct rows){.bench = bench,
                          .has_other = bench->other != NULL,
                          .items = calloc(n, sizeof *rows->items),
                          .shown = calloc(n, sizeof *rows->shown)};
    int rc = times_init(&times, bench);
    if (rc < 0 || !rows->items || !rows->shown) {
        times_release(&times);
        rows_release(rows);
        return -1;
    }
    uint32_t n_all = 0;
    for (uint32_t i = 0; i < n; i++)
        if (is_live(bench, i))
            n_all++;
    rows->n_rounds = times_finish(&times);
    for (uint32_t i = 0; i < bench->n_runs; i++)
        if (is_live(bench, (uint32_t)bench->runs[i].configuration))
            rows->n_lost++;
    rows->n_lost -= rows->n_rounds * n_all;
    for (uint32_t i = 0; i < n; i++)
        row_fill(&rows->items[i], &times, i);
    if (rows->n_rounds > 0)
        rows->best = best_of(rows, &times);
    rows_compare(rows, &times);
    workers_compare(rows);
    rows_show(rows);
    times_release(&times);
    return 0;
}

void rows_release(struct rows *rows)
{
    free(rows->items);
    free(rows->shown);
    rows->items = NULL;
    rows->shown = NULL;
}

int rows_want_more(const struct rows *rows)
{
    if (rows->n_rounds < PAIRS_ENOUGH)
        return 1;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = rows->shown[i];
        if (row->verdict == VERDICT_UNKNOWN)
            return 1;
        if (rows->bench->other && row->other.median > 0 && row->other.low < 1 - VERDICT_MARGIN &&
            row->other.high > 1 + VERDICT_MARGIN)
            return 1;
    }
    return 0;
}
