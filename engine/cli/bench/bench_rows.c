/*
 * The runs of a configuration become their median and how far they lie apart. Speed-up compares a
 * row with the same one of the fewest workers, which is earlier in the grid.
 */
#include "bench/bench_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "console.h"

/* The runs of one configuration; times has room for one a round. */
static void row_fill(struct row *row, const struct bench *bench, uint32_t number, double *times)
{
    uint32_t n = 0;
    row->config = grid_config(&bench->grid, number);
    for (uint32_t i = 0; i < bench->n_runs; i++)
        if (bench->runs[i].config == number)
            times[n++] = bench->runs[i].span.wall;
    row->seconds = summary_of(times, n);
    for (uint32_t i = 0; i < bench->n_runs && n > 0; i++) {
        const struct bench_run *run = &bench->runs[i];
        /* times is sorted now */
        if (run->config == number && run->span.wall == times[(n - 1) / 2])
            row->typical = run;
    }
}

static void rows_compare(struct row *rows, const struct bench *bench)
{
    uint32_t n = grid_size(&bench->grid);
    uint32_t n_each = n / bench->grid.workers.n; /* of one number of workers */
    for (uint32_t i = 0; i < n; i++) {
        const struct row *base = &rows[i % n_each];
        while (base < &rows[i] && base->seconds.n == 0)
            base += n_each;
        if (rows[i].seconds.n == 0)
            continue;
        rows[i].speed_up = speed_up(base->seconds.median, rows[i].seconds.median);
        rows[i].efficiency =
            efficiency(rows[i].speed_up, base->config.workers, rows[i].config.workers);
    }
}

struct row *rows_new(const struct bench *bench)
{
    uint32_t n = grid_size(&bench->grid);
    struct row *rows = calloc(n, sizeof *rows);
    double *times = calloc(bench->rounds, sizeof *times);
    if (!rows || !times) {
        free(rows);
        free(times);
        return NULL;
    }
    for (uint32_t i = 0; i < n; i++)
        row_fill(&rows[i], bench, i, times);
    free(times);
    rows_compare(rows, bench);

    struct row *best = NULL;
    for (uint32_t i = 0; i < n; i++)
        if (rows[i].seconds.n > 0 && (!best || rows[i].seconds.median < best->seconds.median))
            best = &rows[i];
    if (best)
        best->is_best = 1;
    for (uint32_t i = 0; i < n && best; i++)
        rows[i].is_close = summary_is_close(&best->seconds, &rows[i].seconds);
    return rows;
}

const struct row *rows_best(const struct row *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (rows[i].is_best)
            return &rows[i];
    return NULL;
}

void rows_count_name(const struct row *rows, uint32_t n, char *text, size_t room)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!rows[i].typical)
            continue;
        least = rows[i].seconds.n < least ? rows[i].seconds.n : least;
        most = rows[i].seconds.n > most ? rows[i].seconds.n : most;
    }
    if (least < most)
        snprintf(text, room, "%" PRIu32 " to %" PRIu32 " runs", least, most);
    else
        snprintf(text, room, "%" PRIu32 " run%s", most, plural(most));
}

double run_order_seconds(const struct bench_run *run)
{
    return run->stats.phase_seconds[WM_PHASE_WRITE] - run->stats.output_seconds;
}

double run_busy_seconds(const struct bench_run *run)
{
    double seconds = 0;
    for (int i = 0; i < WM_N_PHASES; i++)
        seconds += run->stats.busy_seconds[i];
    return seconds;
}

double run_busy_share(const struct bench_run *run)
{
    unsigned workers = run->stats.workers_started > 0 ? run->stats.workers_started : 1;
    double all = run->stats.seconds * workers;
    return all > 0 ? run_busy_seconds(run) / all : 0;
}
