/*
 * Each picture is a script of gnuplot: data as blocks in it, then what is drawn of them, from the
 * back to the front.
 */
#include "bench/bench_picture.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench_names.h"
#include "bench/bench_gnuplot.h"
#include "bench/bench_picture_parts.h"
#include "bench/bench_words.h"
#include "console.h"

static const struct ending {
    const char *name;
    const char *terminal;
} endings[] = {
    {".svg", "svg size 720,420 dynamic noenhanced font 'sans-serif,14' background 'white'"},
    {".png", "pngcairo size 1080,630 noenhanced font 'sans,14' background 'white'"},
};

const char *const picture_titles[N_PICTURES] = {
    [PICTURE_TIME] = "run time",
    [PICTURE_PHASES] = "where the time went",
    [PICTURE_WORKERS] = "speed-up",
    [PICTURE_MEMORY] = "memory",
};

const char *const picture_captions[N_PICTURES] = {
    [PICTURE_TIME] =
        "A dot is a run. Lines go through the medians, and a bar is the 95% interval of one. The "
        "dashed line is the law. What is worth taking is shaded, and a ring is what wordmill "
        "chooses.",
    [PICTURE_PHASES] = "The phases of the median run of each size, with the workers of the best.",
    [PICTURE_WORKERS] =
        "How many times as fast as with the fewest workers, beside what would be ideal.",
    [PICTURE_MEMORY] = "Runs in shared memory, at most at one time.",
};

static const struct ending *ending_of(const char *path)
{
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (size > 4 && strcmp(path + size - 4, endings[i].name) == 0)
            return &endings[i];
    return NULL;
}

int picture_check(const char *path)
{
    const struct ending *ending = ending_of(path);
    char what[PATH_MAX + 32];
    snprintf(what, sizeof what, "cannot plot to '%s'", path);
    if (ending)
        return gnuplot_check(what, ending->terminal, ending->name + 1);
    console_say("cannot plot to '%s': end its name in .svg or .png", path);
    return WM_EINVAL;
}

int picture_check_page(const char *path)
{
    char what[PATH_MAX + 32];
    snprintf(what, sizeof what, "no pictures in '%s'", path);
    return gnuplot_check(what, endings[0].terminal, endings[0].name + 1);
}

int picture_is_worth(const struct rows *rows, enum picture picture)
{
    return picture != PICTURE_WORKERS || rows->bench->grid.workers.n > 1;
}

static double seconds_of(const struct row *row)
{
    return row->seconds.median;
}

static double speed_up_of(const struct row *row)
{
    return row->speed_up;
}

static double memory_of(const struct row *row)
{
    return (double)row->typical->peak_shared_bytes / 1e6;
}

static void title_script(const struct rows *rows, const char *what, FILE *script)
{
    const struct bench *bench = rows->bench;
    char count[48], name[1024], text[1280];
    const char *slash = strrchr(bench->paths[0], '/');
    const char *file = slash ? slash + 1 : bench->paths[0];
    wm_quote(file, strlen(file), name, sizeof name);
    if (bench->n_paths > 1)
        snprintf(name, sizeof name, "%zu files", bench->n_paths);
    rows_count_name(rows, count, sizeof count);
    double bytes = (double)bench->bytes;
    const char *unit = bytes >= 1e8 ? "GB" : bytes >= 1e5 ? "MB" : "kB";
    snprintf(text, sizeof text, "%s: wordmill, %s (%.3g %s), %s%s", what, name,
             bytes / (bytes >= 1e8   ? 1e9
                      : bytes >= 1e5 ? 1e6
                                     : 1e3),
             unit, count, bench->is_cold ? " from the disk" : "");
    fprintf(script, "set title ");
    text_script(text, script);
    fprintf(script, " offset 0,1\nset tmargin 5\n"); /* names of what was chosen stand below it */
}

/* Every run of the rows, as dots. */
static void dots_data(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    const struct bench *bench = rows->bench;
    for (uint32_t i = 0; i < lines->n; i++) {
        fprintf(script, "$dots%" PRIu32 " << EOD\n", i);
        for (uint32_t k = 0; k < lines->lines[i].n; k++) {
            const struct row *row = lines->lines[i].rows[k];
            for (uint32_t r = 0; r < bench->n_runs; r++)
                if (bench->runs[r].configuration == row->number)
                    fprintf(script, "%.17g %.9g\n", line_place(rows, lines->abscissa, row),
                            bench->runs[r].seconds);
        }
        fprintf(script, "EOD\n");
    }
}

/* The interval of the median of each row, of 95%, or the shortest and the longest of a few. */
static void bars_data(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    const struct bench *bench = rows->bench;
    double *times = calloc((size_t)bench->n_runs + 1, sizeof *times);
    for (uint32_t i = 0; times && i < lines->n; i++) {
        fprintf(script, "$bars%" PRIu32 " << EOD\n", i);
        for (uint32_t k = 0; k < lines->lines[i].n; k++) {
            const struct row *row = lines->lines[i].rows[k];
            uint32_t n = 0;
            for (uint32_t r = 0; r < bench->n_runs; r++)
                if (bench->runs[r].configuration == row->number)
                    times[n++] = bench->runs[r].seconds;
            struct interval interval = interval_of(times, n);
            fprintf(script, "%.17g %.9g %.9g %.9g\n", line_place(rows, lines->abscissa, row),
                    row->seconds.median, interval.low, interval.high);
        }
        fprintf(script, "EOD\n");
    }
    free(times);
}

/* What is worth taking, on the line of the best. */
static void good_script(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    for (uint32_t i = 0; i < lines->n && rows->best; i++) {
        const struct picture_line *line = &lines->lines[i];
        uint32_t best = 0, first, last;
        while (best < line->n && line->rows[best] != rows->best)
            best++;
        if (best == line->n || line->n < 2)
            continue;
        words_range(line->rows, line->n, best, &first, &last);
        double from = line_place(rows, lines->abscissa, line->rows[first]);
        double to = line_place(rows, lines->abscissa, line->rows[last]);
        double wide = lines->abscissa == BY_WORKERS ? 0 : 1.12;
        fprintf(script,
                "set object rectangle from first %.17g, graph 0 to first %.17g, graph 1 behind fs "
                "solid 0.12 noborder fc rgb '%s'\n",
                wide > 0 ? from / wide : from - 0.1, wide > 0 ? to * wide : to + 0.1,
                line_colour(i));
    }
}

/* The law of each line, as points where it holds. Returns how many there are. */
static uint32_t laws_data(const struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < lines->n && lines->abscissa == BY_PARTITION; i++) {
        const struct picture_line *line = &lines->lines[i];
        struct law law = rows_law(line->rows, line->n);
        if (!law.is_known)
            continue;
        double from = line_place(rows, BY_PARTITION, line->rows[law.first]);
        double to = line_place(rows, BY_PARTITION, line->rows[law.end - 1]);
        double bytes = (double)line->rows[law.first]->typical->partitions * from;
        fprintf(script, "$law%" PRIu32 " << EOD\n", n++);
        for (int k = 0; k <= 64; k++) {
            double size = from * pow(to / from, k / 64.0);
            fprintf(script, "%.9g %.9g\n", size, law_seconds(&law, bytes / size));
        }
        fprintf(script, "EOD\n");
    }
    return n;
}

/* What is the same in pictures of lines. */
static void frame_script(const struct picture_lines *lines, const struct rows *rows,
                         const char *label, double most, FILE *script)
{
    size_t widest = 0;
    for (uint32_t i = 0; i < lines->n; i++)
        if (strlen(lines->lines[i].title) > widest)
            widest = strlen(lines->lines[i].title);
    fprintf(script,
            "set ylabel '%s'\nset yrange [0:%.9g]\nset key off\nset grid lc rgb '#cccccc'\n"
            "set border 3\nset tics nomirror\nset rmargin %zu\n"
            "set offsets graph 0.03, graph 0.03, 0, 0\n",
            label, most, widest + 2);
    axis_script(rows, lines->abscissa, script);
}

static int has_auto(const struct picture_lines *lines)
{
    for (uint32_t i = 0; i < lines->n && lines->abscissa == BY_PARTITION; i++)
        for (uint32_t k = 0; k < lines->lines[i].n && lines->lines[i].n > 1; k++)
            if (lines->lines[i].rows[k]->is_auto)
                return 1;
    return 0;
}

/* Over all that was plotted so far; before is 'plot' or a comma. */
static void lines_plot(const struct picture_lines *lines, const char *before, FILE *script)
{
    for (uint32_t i = 0; i < lines->n; i++) {
        fprintf(script, "%s $line%" PRIu32 " using 1:2 with linespoints lw 2 pt 7 ps 0.5 ",
                i == 0 ? before : ",", i);
        line_style(i, script);
    }
    if (has_auto(lines))
        fprintf(script, ", $auto using 1:2 with points pt 6 ps 1.8 lw 2 lc rgb '#000000'");
    fputc('\n', script);
}

static double times_most(const struct picture_lines *lines, const struct rows *rows)
{
    double most = lines_most(lines), longest = most;
    for (uint32_t i = 0; i < rows->bench->n_runs; i++)
        longest = fmax(longest, rows->bench->runs[i].seconds);
    /* One run that hung for a while is not what the picture is about. */
    return fmin(longest, 1.5 * most) * 1.06;
}

static void time_script(struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    double most = times_most(lines, rows);
    title_script(rows, picture_titles[PICTURE_TIME], script);
    frame_script(lines, rows, "seconds", most, script);
    good_script(lines, rows, script);
    lines_labels(lines, most, script);
    dots_data(lines, rows, script);
    bars_data(lines, rows, script);
    lines_data(lines, rows, script);
    auto_script(lines, rows, script);
    uint32_t n_laws = laws_data(lines, rows, script);
    for (uint32_t i = 0; i < lines->n; i++)
        fprintf(script, "%s $dots%" PRIu32 " using 1:2 with points pt 7 ps 0.3 lc rgb '#90%s'",
                i == 0 ? "plot" : ",", i, line_colour(i) + 1);
    for (uint32_t i = 0; i < lines->n; i++)
        fprintf(script, ", $bars%" PRIu32 " using 1:2:3:4 with yerrorbars pt -1 lw 1.5 lc rgb '%s'",
                i, line_colour(i));
    for (uint32_t i = 0; i < n_laws; i++)
        fprintf(script, ", $law%" PRIu32 " using 1:2 with lines dt '--' lw 1.5 lc rgb '#555555'",
                i);
    lines_plot(lines, ",", script);
}

static void memory_script(struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    double most = fmax(lines_most(lines), 1e-3) * 1.1;
    title_script(rows, picture_titles[PICTURE_MEMORY], script);
    frame_script(lines, rows, "shared memory (MB)", most, script);
    lines_labels(lines, most, script);
    lines_data(lines, rows, script);
    auto_script(lines, rows, script);
    lines_plot(lines, "plot", script);
}

static void workers_script(struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    const struct axis *workers = &rows->bench->grid.workers;
    double fewest = workers->values[0] > 0 ? (double)workers->values[0] : 1;
    double largest = (double)workers->values[workers->n - 1];
    double most = fmax(lines_most(lines), largest / fewest) * 1.08;
    title_script(rows, picture_titles[PICTURE_WORKERS], script);
    frame_script(lines, rows, "times as fast", most, script);
    lines_labels(lines, most, script);
    lines_data(lines, rows, script);
    auto_script(lines, rows, script);
    fprintf(script,
            "set label 'ideal' at first %.9g, first %.9g right offset -1,0.5 tc rgb '#555555'\n",
            largest, largest / fewest);
    fprintf(script, "$ideal << EOD\n%.9g 1\n%.9g %.9g\nEOD\n", fewest, largest, largest / fewest);
    fprintf(script, "plot $ideal using 1:2 with lines dt '--' lw 1.5 lc rgb '#555555'");
    lines_plot(lines, ",", script);
}

/* Phases, from the lowest of the stack to the highest. */
static const struct phase {
    const char *name;
    const char *colour;
} phases[] = {{"split", "#56b4e9"}, {"map", "#0072b2"},   {"reduce", "#d55e00"},
              {"order", "#e69f00"}, {"write", "#009e73"}, {"start and end", "#bbbbbb"}};

enum { N_PHASES = sizeof phases / sizeof phases[0], BAR_NAMES_MAX = 16 };

static void phases_script(struct picture_lines *lines, const struct rows *rows, FILE *script)
{
    const struct picture_line *line = &lines->lines[0];
    char title[CONFIG_NAME_MAX + 32], name[48];
    for (uint32_t i = 0; i < lines->n && rows->best; i++)
        if (rows_same_line(lines->abscissa, lines->lines[i].rows[0], rows->best))
            line = &lines->lines[i];
    snprintf(title, sizeof title, "%s%s%s", picture_titles[PICTURE_PHASES],
             line->title[0] != '\0' ? ", " : "", line->title);
    title_script(rows, title, script);
    fprintf(script, "$phases << EOD\n");
    for (uint32_t i = 0; i < line->n; i++) {
        const struct measure *run = line->rows[i]->typical;
        if (lines->abscissa == BY_PARTITION)
            row_partition_name(rows, line->rows[i], name, sizeof name);
        else
            snprintf(name, sizeof name, "%.0f", line_place(rows, lines->abscissa, line->rows[i]));
        /* So many have no room, but for every so many. */
        if (i % ((line->n + BAR_NAMES_MAX - 1) / BAR_NAMES_MAX) != 0)
            name[0] = '\0';
        fprintf(script, "\"%s\" %.9g %.9g %.9g %.9g %.9g %.9g\n", name, run->split_seconds,
                run->map_seconds, run->reduce_seconds, run->order_seconds, run->write_seconds,
                measure_rest_seconds(run));
    }
    fprintf(script, "EOD\n"
                    "set style data histograms\nset style histogram rowstacked\n"
                    "set style fill solid 0.9 noborder\nset boxwidth 0.75\n"
                    "set ylabel 'seconds'\nset yrange [0:*]\nset border 3\nset tics nomirror\n"
                    "set grid ytics lc rgb '#cccccc'\nset key outside right center invert Left "
                    "reverse samplen 1\n");
    if (line->n > 9)
        fprintf(script, "set xtics rotate by -45\n");
    axis_label(rows, lines->abscissa, script);
    for (int i = 0; i < N_PHASES; i++)
        fprintf(script, "%s $phases using %d%s title '%s' lc rgb '%s'", i == 0 ? "plot" : ",",
                i + 2, i == 0 ? ":xtic(1)" : "", phases[i].name, phases[i].colour);
    fputc('\n', script);
}

static const struct picture_kind {
    double (*value)(const struct row *row);
    void (*write)(struct picture_lines *lines, const struct rows *rows, FILE *script);
} kinds[N_PICTURES] = {
    [PICTURE_TIME] = {seconds_of, time_script},
    [PICTURE_PHASES] = {seconds_of, phases_script},
    [PICTURE_WORKERS] = {speed_up_of, workers_script},
    [PICTURE_MEMORY] = {memory_of, memory_script},
};

int picture_draw(const struct rows *rows, enum picture picture, const char *path, char **text,
                 size_t *size)
{
    enum abscissa abscissa = picture == PICTURE_WORKERS ? BY_WORKERS : rows_abscissa(rows);
    struct picture_lines *lines = malloc(sizeof *lines);
    FILE *script = gnuplot_script();
    int rc = lines ? lines_make(lines, rows, abscissa, kinds[picture].value) : -1;
    if (rc == 0 && script) {
        fprintf(script, "set encoding utf8\nset terminal %s\n", ending_of(path)->terminal);
        kinds[picture].write(lines, rows, script);
    }
    if (lines)
        lines_release(lines);
    free(lines);
    if (rc == 0)
        return gnuplot_draw(script, path, text, size);
    if (script)
        fclose(script);
    console_say("%s", wm_strerror(WM_ENOMEM));
    return WM_ENOMEM;
}

char *picture_svg(const struct rows *rows, enum picture picture)
{
    char *text;
    size_t size;
    return picture_draw(rows, picture, ".svg.svg", &text, &size) == 0 ? text : NULL;
}
