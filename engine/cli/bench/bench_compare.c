/* A gate is no place for a guess: only what is certain fails it, and what is not known is said. */
#include "bench/bench_compare.h"

#include <stdlib.h>

#include "bench/bench_names.h"
#include "console.h"

static double *times_of(const struct bench *bench, uint32_t number, uint32_t *n)
{
    double *times = calloc((size_t)bench->n_runs + 1, sizeof *times);
    *n = 0;
    for (uint32_t i = 0; times && i < bench->n_runs; i++)
        if (bench->runs[i].configuration == number)
            times[(*n)++] = bench->runs[i].seconds;
    return times;
}

/* The configuration of the saved bench that has the same done as this one; -1: there is none. */
static int64_t saved_number(const struct bench *saved, const struct row *row)
{
    for (uint32_t i = 0; i < grid_size(&saved->grid); i++) {
        struct config config = grid_config(&saved->grid, i);
        if (config.partition_size == row->config.partition_size &&
            config.partition_lines == row->config.partition_lines &&
            config.workers == row->config.workers && config.fan_in == row->config.fan_in)
            return saved->states[i].same_as;
    }
    return -1;
}

static int row_compare(struct row *row, const struct bench *bench, const struct bench *saved)
{
    int64_t number = saved_number(saved, row);
    uint32_t n, n_saved;
    if (number < 0 || row->seconds.n == 0)
        return 0;
    double *times = times_of(bench, row->number, &n);
    double *others = times_of(saved, (uint32_t)number, &n_saved);
    int rc = times && others ? interval_of_two(times, n, others, n_saved, &row->other) : -1;
    if (rc == 0)
        row->other_seconds = summary_of(others, n_saved).median;
    free(times);
    free(others);
    return rc;
}

int compare_saved(struct rows *rows, const char *path, const struct bench *saved)
{
    const struct bench *bench = rows->bench;
    uint32_t n = 0;
    rows->has_other = 1;
    if (saved->bytes != bench->bytes || saved->lines != bench->lines ||
        saved->words != bench->words)
        console_say("--compare: '%s' is about other input, so times differ for that too", path);
    for (uint32_t i = 0; i < grid_size(&bench->grid); i++) {
        if (row_compare(&rows->items[i], bench, saved) < 0) {
            console_say("%s", wm_strerror(WM_ENOMEM));
            return WM_ENOMEM;
        }
        if (rows->items[i].other_seconds > 0)
            n++;
    }
    if (n > 0)
        return 0;
    console_say("--compare: no configuration is in both benches; '%s' has others", path);
    return WM_EINVAL;
}

int compare_is_slower(const struct rows *rows, double limit)
{
    char name[CONFIG_NAME_MAX];
    int is_slower = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = rows->shown[i];
        const struct interval *other = &row->other;
        if (other->median <= 0)
            continue;
        row_name(rows, row, name, sizeof name);
        if (!other->is_known)
            console_say("%s: too few rounds to know whether it is slower", name);
        else if (other->low > 1 + limit)
            console_say("%s: %.1f%% slower (%.1f%% to %.1f%%), which is more than %g%%", name,
                        100 * (other->median - 1), 100 * (other->low - 1), 100 * (other->high - 1),
                        100 * limit);
        else if (other->high > 1 + limit)
            console_say("%s: not known whether it is more than %g%% slower (%+.1f%% to %+.1f%%)",
                        name, 100 * limit, 100 * (other->low - 1), 100 * (other->high - 1));
        is_slower |= other->is_known && other->low > 1 + limit;
    }
    return is_slower;
}
