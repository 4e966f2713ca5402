/*
 * gnuplot reads a script from its standard input, a file without a name, and writes the picture to
 * its standard output, the descriptor: so no path has to be quoted in a script or a shell.
 */
#include "bench/bench_plot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console.h"

extern char **environ;

/* Of Okabe and Ito, who chose them so that the colour-blind can tell them apart. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000"};
enum { N_COLOURS = sizeof colours / sizeof colours[0] };

static const struct ending {
    const char *name;
    const char *terminal;
} endings[] = {
    {".svg", "svg size 720,420 dynamic noenhanced font 'sans-serif,14' background 'white'"},
    {".png", "pngcairo size 1080,630 noenhanced font 'sans,14' background 'white'"},
};

static const struct ending *ending_of(const char *path)
{
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (size > 4 && strcmp(path + size - 4, endings[i].name) == 0)
            return &endings[i];
    return NULL;
}

static FILE *script_open(void)
{
    int fd = memfd_create("gnuplot", MFD_CLOEXEC);
    FILE *script = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (!script && fd >= 0)
        close(fd);
    return script;
}

/* Runs gnuplot on a script, which it closes: its exit status, or -1 with errno. */
static int gnuplot_run(FILE *script, int output, int is_quiet)
{
    char *arguments[] = {"gnuplot", "-d", "-", NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = -1;
    int error = fflush(script) != 0 ? errno : 0;
    rewind(script);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (is_quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* Or it would not know letters beyond ASCII in a file's name. */
    setenv("LC_ALL", "C.UTF-8", 1);
    if (error == 0)
        error = posix_spawnp(&pid, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    fclose(script);
    while (error == 0 && waitpid(pid, &status, 0) < 0)
        error = errno == EINTR ? 0 : errno;
    errno = error;
    return error != 0 ? -1 : status;
}

int plot_check(const char *path)
{
    const struct ending *ending = ending_of(path);
    if (!ending) {
        console_say("cannot plot to '%s': end its name in .svg or .png", path);
        return WM_EINVAL;
    }
    int status = -1;
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *script = script_open();
    if (script) {
        fprintf(script, "set terminal %s\n", ending->terminal);
        status = gnuplot_run(script, null, 1);
    }
    int error = errno;
    if (null >= 0)
        close(null);
    if (status == 0)
        return 0;
    if (status < 0 && error == ENOENT)
        console_say("cannot plot to '%s': gnuplot is not installed; Debian has it as gnuplot-nox",
                    path);
    else if (status < 0)
        console_say("cannot plot to '%s': cannot run gnuplot: %s", path, console_reason(error));
    else
        console_say("cannot plot to '%s': this gnuplot cannot draw %s files", path,
                    ending->name + 1);
    return WM_EWRITE;
}

/* What the x axis is: the first of these axes with more than one value. */
enum abscissa { BY_PARTITION, BY_WORKERS, BY_FAN_IN };

static enum abscissa abscissa_of(const struct grid *grid)
{
    if (grid->partitions.n > 1 || (grid->workers.n == 1 && grid->fan_ins.n == 1))
        return BY_PARTITION;
    return grid->workers.n > 1 ? BY_WORKERS : BY_FAN_IN;
}

static uint64_t abscissa_value(enum abscissa abscissa, int by_lines, const struct row *row)
{
    if (abscissa == BY_WORKERS)
        return row->config.workers;
    if (abscissa == BY_FAN_IN)
        return row->config.fan_in > 0 ? row->config.fan_in : row->typical->stats.fan_in;
    if (row->config.partition_lines > 0)
        return row->config.partition_lines;
    /* What was chosen has a place on the axis too. */
    const wm_stats *stats = &row->typical->stats;
    return by_lines ? stats->lines / (stats->partitions + !stats->partitions)
                    : stats->partition_size;
}

static void axis_script(const struct bench *bench, enum abscissa abscissa, const struct row *rows,
                        FILE *script)
{
    static const char *const labels[] = {"partition size (bytes)", "workers", "fan-in"};
    const struct grid *grid = &bench->grid;
    int by_lines = abscissa == BY_PARTITION && grid->by_lines;
    const char *comma = "";
    fprintf(script, "set xlabel '%s'\n", by_lines ? "partition size (lines)" : labels[abscissa]);
    if (abscissa != BY_WORKERS)
        fprintf(script, "set logscale x 2\n");
    fprintf(script, "set xtics (");
    for (uint32_t i = 0; i < grid_size(grid); i++) {
        char label[32];
        if (!rows[i].typical)
            continue;
        uint64_t value = abscissa_value(abscissa, grid->by_lines, &rows[i]);
        snprintf(label, sizeof label, "%" PRIu64, value);
        if (abscissa == BY_PARTITION)
            partition_name(grid, &rows[i].config, label, sizeof label);
        else if (abscissa == BY_FAN_IN && rows[i].config.fan_in == 0)
            snprintf(label, sizeof label, "auto");
        fprintf(script, "%s'%s' %" PRIu64, comma, label, value);
        comma = ", ";
    }
    fprintf(script, ")\n");
}

/* Two rows are of one line if they differ only in what the x axis is. */
static int same_line(enum abscissa abscissa, const struct config *a, const struct config *b)
{
    int same_partition =
        a->partition_size == b->partition_size && a->partition_lines == b->partition_lines;
    return (abscissa == BY_PARTITION || same_partition) &&
           (abscissa == BY_WORKERS || a->workers == b->workers) &&
           (abscissa == BY_FAN_IN || a->fan_in == b->fan_in);
}

/* Whether no row before it is of its line. */
static int begins_line(enum abscissa abscissa, const struct row *rows, uint32_t number)
{
    if (!rows[number].typical)
        return 0;
    for (uint32_t i = 0; i < number; i++)
        if (rows[i].typical && same_line(abscissa, &rows[i].config, &rows[number].config))
            return 0;
    return 1;
}

/* The next row of the line to the right of *at, or at the same place after it; NULL: none. */
static const struct row *row_next(const struct bench *bench, enum abscissa abscissa,
                                  const struct row *rows, uint32_t first, const struct row *at)
{
    const struct row *next = NULL;
    int by_lines = bench->grid.by_lines;
    for (const struct row *row = rows; row < rows + grid_size(&bench->grid); row++) {
        if (!row->typical || !same_line(abscissa, &row->config, &rows[first].config))
            continue;
        uint64_t value = abscissa_value(abscissa, by_lines, row);
        uint64_t at_value = at ? abscissa_value(abscissa, by_lines, at) : 0;
        if (at && (value < at_value || (value == at_value && row <= at)))
            continue;
        if (!next || value < abscissa_value(abscissa, by_lines, next))
            next = row;
    }
    return next;
}

static void data_script(const struct bench *bench, enum abscissa abscissa, const struct row *rows,
                        uint32_t first, FILE *script)
{
    const struct row *row = NULL;
    fprintf(script, "$line%" PRIu32 " << EOD\n", first);
    while ((row = row_next(bench, abscissa, rows, first, row)) != NULL)
        fprintf(script, "%" PRIu64 " %.6f %.6f %.6f\n",
                abscissa_value(abscissa, bench->grid.by_lines, row), row->seconds.median,
                row->seconds.min, row->seconds.max);
    fprintf(script, "EOD\n");
}

/* What tells a line from the others; empty if there are none. */
static void line_title(const struct grid *grid, enum abscissa abscissa, const struct config *config,
                       char *text, size_t room)
{
    struct grid others = *grid;
    if (abscissa == BY_PARTITION)
        others.partitions.n = 1;
    else if (abscissa == BY_WORKERS)
        others.workers.n = 1;
    else
        others.fan_ins.n = 1;
    text[0] = '\0';
    if (abscissa != BY_WORKERS || grid_size(&others) > 1)
        config_name(&others, config, text, room);
}

static void lines_script(const struct bench *bench, enum abscissa abscissa, const struct row *rows,
                         FILE *script)
{
    uint32_t n = grid_size(&bench->grid), n_bands = 0, n_lines = 0;
    char title[CONFIG_NAME_MAX];
    for (uint32_t i = 0; i < n; i++)
        if (begins_line(abscissa, rows, i))
            data_script(bench, abscissa, rows, i, script);
    /* All bands come first, so that none lies over a line. */
    for (uint32_t i = 0; i < n; i++) {
        if (!begins_line(abscissa, rows, i))
            continue;
        fprintf(script,
                "%s $line%" PRIu32 " using 1:3:4 with filledcurves lc rgb '%s' "
                "fs transparent solid 0.2 noborder notitle",
                n_bands == 0 ? "plot" : ",", i, colours[n_bands % N_COLOURS]);
        n_bands++;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!begins_line(abscissa, rows, i))
            continue;
        line_title(&bench->grid, abscissa, &rows[i].config, title, sizeof title);
        fprintf(script,
                ", $line%" PRIu32 " using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '%s' "
                "title '%s'",
                i, colours[n_lines++ % N_COLOURS], title);
    }
    fprintf(script, "\n");
}

/* In single quotes, where only these themselves are special. */
static void title_script(const struct bench *bench, const struct row *rows, FILE *script)
{
    char count[48], name[1024];
    const char *slash = strrchr(bench->paths[0], '/');
    fprintf(script, "set title 'wordmill, ");
    if (bench->n_paths > 1)
        fprintf(script, "%zu files", bench->n_paths);
    const char *file = slash ? slash + 1 : bench->paths[0];
    wm_quote(file, strlen(file), name, sizeof name);
    for (const char *c = name; *c != '\0' && bench->n_paths == 1; c++)
        fprintf(script, "%s%c", *c == '\'' ? "'" : "", *c);
    rows_count_name(rows, grid_size(&bench->grid), count, sizeof count);
    double bytes = (double)bench->first.bytes;
    int is_large = bytes >= 1e8;
    fprintf(script, " (%.3g %s): median, minimum and maximum of %s%s'\n",
            bytes / (is_large ? 1e9 : 1e6), is_large ? "GB" : "MB", count,
            bench->is_cold ? " from the disk" : "");
}

int plot_draw(const struct bench *bench, const struct row *rows, const char *path, int fd)
{
    enum abscissa abscissa = abscissa_of(&bench->grid);
    int status = -1;
    FILE *script = script_open();
    if (script) {
        fprintf(script, "set encoding utf8\nset terminal %s\n", ending_of(path)->terminal);
        title_script(bench, rows, script);
        fprintf(script, "set ylabel 'seconds'\nset yrange [0:*]\nset key top center\n"
                        "set grid lc rgb '#cccccc'\nset border 3\nset tics nomirror\n"
                        "set offsets graph 0.03, graph 0.03, 0, 0\n");
        axis_script(bench, abscissa, rows, script);
        lines_script(bench, abscissa, rows, script);
        status = gnuplot_run(script, fd, 0);
    }
    if (status == 0)
        return 0;
    if (status < 0)
        console_say("cannot plot to '%s': %s", path, console_reason(errno));
    else
        console_say("cannot plot to '%s': gnuplot failed", path);
    return WM_EWRITE;
}
