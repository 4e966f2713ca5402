/* The size of a partition in a name is that in force, whatever was asked for. */
#include "bench/bench_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

void rows_count_name(const struct rows *rows, char *text, size_t room)
{
    if (rows->n_rounds == 0)
        snprintf(text, room, "a round that was not finished");
    else
        snprintf(text, room, "%" PRIu32 " round%s", rows->n_rounds, plural(rows->n_rounds));
}

enum abscissa rows_abscissa(const struct rows *rows)
{
    const struct grid *grid = &rows->bench->grid;
    if (grid->partitions.n > 1 || (grid->workers.n == 1 && grid->fan_ins.n == 1))
        return BY_PARTITION;
    return grid->workers.n > 1 ? BY_WORKERS : BY_FAN_IN;
}

int rows_same_line(enum abscissa abscissa, const struct row *a, const struct row *b)
{
    const struct config *x = &a->config, *y = &b->config;
    int same_partition =
        x->partition_size == y->partition_size && x->partition_lines == y->partition_lines;
    return (abscissa == BY_PARTITION || same_partition) &&
           (abscissa == BY_WORKERS || x->workers == y->workers) &&
           (abscissa == BY_FAN_IN || x->fan_in == y->fan_in);
}

void rows_line(const struct rows *rows, enum abscissa abscissa, const struct row *of,
               const struct row **line, uint32_t *n)
{
    *n = 0;
    for (uint32_t i = 0; i < rows->n; i++)
        if (rows->shown[i]->typical && rows_same_line(abscissa, rows->shown[i], of))
            line[(*n)++] = rows->shown[i];
}

struct law rows_law(const struct row *const *line, uint32_t n)
{
    struct law_point *points = calloc((size_t)n + 1, sizeof *points);
    struct law law = {0};
    for (uint32_t i = 0; points && i < n; i++)
        points[i] =
            (struct law_point){(double)line[i]->typical->partitions, line[i]->seconds.median};
    if (points)
        law = law_fit(points, n);
    free(points);
    return law;
}

double row_partition(const struct rows *rows, const struct row *row)
{
    const struct config *config = &row->config;
    const struct measure *seen = &row->state->seen;
    if (config->partition_lines > 0)
        return (double)config->partition_lines;
    if (!row->state->is_seen)
        return (double)config->partition_size;
    if (rows->bench->grid.by_lines)
        return (double)rows->bench->lines / (double)(seen->partitions + !seen->partitions);
    return measure_partition_bytes(seen);
}

/* So the size that was asked for is in other bytes than those that are mapped. */
static int row_is_packed(const struct row *row)
{
    return row->state->seen.unpack_seconds > 0 && row->config.partition_lines == 0;
}

void row_partition_name(const struct rows *rows, const struct row *row, char *text, size_t room)
{
    const char *before = row->is_auto ? "auto " : "";
    double partition = row_partition(rows, row);
    if (partition <= 0 || (!row->is_auto && !row_is_packed(row))) {
        partition_name(&rows->bench->grid, &row->config, text, room);
    } else if (rows->bench->grid.by_lines) {
        snprintf(text, room, "%s%.0f", before, partition);
    } else {
        int used = snprintf(text, room, "%s", before);
        size_about(partition, text + used, room - (size_t)used);
    }
}

void row_asked_name(const struct rows *rows, const struct row *row, char *text, size_t room)
{
    const struct bench *bench = rows->bench;
    char name[32];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < grid_size(&bench->grid) && used < room; i++) {
        if (bench->states[i].same_as != row->number)
            continue;
        partition_name(&bench->grid, &rows->items[i].config, name, sizeof name);
        used += (size_t)snprintf(text + used, room - used, "%s%s", used > 0 ? "," : "", name);
    }
}

static void part_add(char *text, size_t room, const char *part)
{
    size_t used = strlen(text);
    snprintf(text + used, room - used, "%s%s", used > 0 ? ", " : "", part);
}

void row_name(const struct rows *rows, const struct row *row, char *text, size_t room)
{
    const struct grid *grid = &rows->bench->grid;
    struct grid others = *grid;
    char part[CONFIG_NAME_MAX];
    others.partitions.n = 1;
    text[0] = '\0';
    if (grid->partitions.n > 1) {
        row_partition_name(rows, row, part, sizeof part);
        part_add(text, room, part);
        if (grid->by_lines)
            snprintf(text + strlen(text), room - strlen(text), " lines");
    }
    config_name(&others, &row->config, part, sizeof part);
    if (part[0] != '\0' && (grid->partitions.n == 1 || grid_size(&others) > 1))
        part_add(text, room, part);
}

int rows_have_asked(const struct rows *rows)
{
    const struct bench *bench = rows->bench;
    for (uint32_t i = 0; i < grid_size(&bench->grid); i++) {
        const struct row *row = &rows->items[i];
        const struct row *shown = &rows->items[bench->states[i].same_as];
        int is_auto = row->config.partition_size == 0 && row->config.partition_lines == 0;
        if ((shown != row && !is_auto) || (row_is_packed(row) && !is_auto))
            return 1;
    }
    return 0;
}
