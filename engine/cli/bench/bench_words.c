/* Sentences, made of the rows. Numbers have two or three digits: more is not known. */
#include "bench/bench_words.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_names.h"
#include "console.h"

#define NOTED_SHARE 0.05 /* of a CPU, that others had */
#define NOTED_CACHE 0.01
#define NOTED_CPUS 0.8 /* of what workers at tasks would have had */

__attribute__((format(printf, 3, 4))) static void add(char *text, size_t room, const char *format,
                                                      ...)
{
    va_list args;
    size_t used = strlen(text);
    va_start(args, format);
    vsnprintf(text + used, room - used, format, args);
    va_end(args);
}

void words_seconds(double seconds, char *text, size_t room)
{
    if (seconds >= 1)
        snprintf(text, room, "%.3g s", seconds);
    else if (seconds >= 1e-3)
        snprintf(text, room, "%.3g ms", seconds * 1e3);
    else
        snprintf(text, room, "%.3g µs", seconds * 1e6);
}

/* Whole percent, and never less than is true. */
static int percent(double ratio)
{
    return (int)fmin(ceil(100 * (ratio - 1) - 1e-9), INT_MAX);
}

static int is_taken(const struct row *row)
{
    return row->verdict == VERDICT_BEST || row->verdict == VERDICT_GOOD ||
           (row->verdict == VERDICT_WORSE && row->against.median <= 1 + WORDS_MARGIN);
}

void words_range(const struct row *const *line, uint32_t n, uint32_t best, uint32_t *first,
                 uint32_t *last)
{
    *first = *last = best;
    while (*first > 0 && is_taken(line[*first - 1]))
        --*first;
    while (*last + 1 < n && is_taken(line[*last + 1]))
        ++*last;
}

/* A row's value on the axis that the answer is about: '4M', '60000 lines', '2 workers'. */
static void value_name(const struct rows *rows, enum abscissa abscissa, const struct row *row,
                       char *text, size_t room)
{
    if (abscissa == BY_PARTITION && rows->bench->grid.by_lines)
        snprintf(text, room, "%.0f", row_partition(rows, row));
    else if (abscissa == BY_PARTITION)
        size_about(row_partition(rows, row), text, room);
    else if (abscissa == BY_WORKERS)
        snprintf(text, room, "%u", row->config.workers);
    else if (row->config.fan_in > 0)
        snprintf(text, room, "%u", row->config.fan_in);
    else
        snprintf(text, room, "auto");
}

/* ' with 2 workers and fan-in 8': the other axes that have more than one value. */
static void others_add(const struct rows *rows, enum abscissa abscissa, const struct row *row,
                       char *text, size_t room)
{
    const struct grid *grid = &rows->bench->grid;
    const char *before = " with ";
    if (abscissa != BY_WORKERS && grid->workers.n > 1) {
        if (row->config.workers == 0)
            add(text, room, " without a fork");
        else
            add(text, room, " with %u worker%s", row->config.workers, plural(row->config.workers));
        before = " and ";
    }
    if (abscissa != BY_FAN_IN && grid->fan_ins.n > 1 && row->config.fan_in > 0)
        add(text, room, "%sfan-in %u", before, row->config.fan_in);
}

/* What the library would have chosen, on the line of the best. */
static void auto_add(const struct rows *rows, const struct row *const *line, uint32_t n,
                     uint32_t first, uint32_t last, char *text, size_t room)
{
    char size[32];
    uint32_t at = 0;
    while (at < n && !line[at]->is_auto)
        at++;
    if (at == n)
        return;
    const struct row *row = line[at];
    if (rows->bench->grid.by_lines)
        snprintf(size, sizeof size, "about %.0f", row_partition(rows, row));
    else
        size_about(row_partition(rows, row), size, sizeof size);
    add(text, room, " wordmill chooses %s", size);
    if (at >= first && at <= last)
        add(text, room, "%s.", first < last ? ", one of them" : "");
    else if (row->verdict == VERDICT_UNKNOWN)
        add(text, room, ", of which more rounds would tell more (%.2f to %.2f times as long).",
            row->against.low, row->against.high);
    else
        add(text, room, ", which takes %d%% longer (95%%: %d%% to %d%%).",
            percent(row->against.median), percent(row->against.low), percent(row->against.high));
}

static uint32_t unknown_count(const struct rows *rows)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->n; i++)
        if (rows->shown[i]->verdict == VERDICT_UNKNOWN)
            n++;
    return n;
}

static void range_add(const struct rows *rows, enum abscissa abscissa,
                      const struct row *const *line, uint32_t first, uint32_t last, char *text,
                      size_t room)
{
    char from[32], to[32];
    value_name(rows, abscissa, line[first], from, sizeof from);
    value_name(rows, abscissa, line[last], to, sizeof to);
    add(text, room, "%s %s%s", unknown_count(rows) > 0 ? "So far, take" : "Take",
        abscissa == BY_FAN_IN ? "fan-in " : "", from);
    if (first < last)
        add(text, room, " to %s", to);
    if (abscissa == BY_WORKERS)
        add(text, room, " worker%s", plural(line[last]->config.workers));
    else if (rows->bench->grid.by_lines && abscissa == BY_PARTITION)
        add(text, room, " lines");
}

/* The largest ratio of the range, said in words. */
static void worst_add(const struct row *const *line, uint32_t first, uint32_t last, char *text,
                      size_t room)
{
    double worst = 1;
    for (uint32_t i = first; i <= last; i++)
        worst = fmax(worst, line[i]->against.median);
    if (first == last)
        add(text, room, ", the best.");
    else if (percent(worst) < 1)
        add(text, room, ": one is as good as the other.");
    else
        add(text, room, ": within %d%% of the best.", percent(worst));
}

void words_answer(const struct rows *rows, char *text, size_t room)
{
    enum abscissa abscissa = rows_abscissa(rows);
    const struct row **line = calloc((size_t)rows->n + 1, sizeof *line);
    uint32_t n, best = 0, first, last;
    text[0] = '\0';
    if (!rows->best || !line) {
        free(line);
        add(text, room, "No round was finished, so nothing is the best.");
        return;
    }
    rows_line(rows, abscissa, rows->best, line, &n);
    while (line[best] != rows->best)
        best++;
    if (rows->n < 2) {
        char seconds[32];
        words_seconds(rows->best->seconds.median, seconds, sizeof seconds);
        add(text, room, "It takes %s; there is nothing to compare it with.", seconds);
    } else if (rows->n_rounds < PAIRS_MIN) {
        char name[CONFIG_NAME_MAX];
        row_name(rows, rows->best, name, sizeof name);
        add(text, room, "%s was the fastest, but %" PRIu32 " round%s %s too few to tell.", name,
            rows->n_rounds, plural(rows->n_rounds), rows->n_rounds == 1 ? "is" : "are");
    } else {
        words_range(line, n, best, &first, &last);
        range_add(rows, abscissa, line, first, last, text, room);
        others_add(rows, abscissa, rows->best, text, room);
        worst_add(line, first, last, text, room);
        if (abscissa == BY_PARTITION)
            auto_add(rows, line, n, first, last, text, room);
    }
    free(line);
}

/* Where the law ends at one side of the line, and what is there. */
static void end_add(const struct rows *rows, const struct law *law, const struct row *row,
                    char *text, size_t room)
{
    char name[32];
    const struct measure *run = row->typical;
    double ratio = row->seconds.median / law_seconds(law, (double)run->partitions);
    row_partition_name(rows, row, name, sizeof name);
    add(text, room, " %s takes %.0f%% %s than that", name, fabs(100 * (ratio - 1)),
        ratio > 1 ? "more" : "less");
    double workers = run->workers_started > 0 ? (double)run->workers_started : 1;
    if (ratio > 1 && run->partitions > 0 && (double)run->partitions < 4 * workers && workers > 1)
        add(text, room, ": %" PRIu64 " partition%s for %.0f workers leave%s some waiting",
            run->partitions, plural(run->partitions), workers, run->partitions == 1 ? "s" : "");
    else if (run->partitions > 0 && run->runs > 2 * run->partitions)
        add(text, room, ": tables are full before a partition ends, %.1f times in each",
            (double)run->runs / (double)run->partitions);
    else if (run->rounds > 1)
        add(text, room, ": %" PRIu64 " runs are merged in %" PRIu64 " rounds", run->runs,
            run->rounds);
    add(text, room, ".");
}

/* What the law of one line says, without its name; empty if it says nothing. */
static void words_law(const struct rows *rows, const struct row *const *line, uint32_t n,
                      char *text, size_t room)
{
    struct law law = rows_law(line, n);
    char fixed[32], each[32], from[32], to[32], bytes[32], good[32];
    text[0] = '\0';
    if (!law.is_known)
        return;
    words_seconds(law.fixed, fixed, sizeof fixed);
    words_seconds(law.each, each, sizeof each);
    row_partition_name(rows, line[law.first], from, sizeof from);
    row_partition_name(rows, line[law.end - 1], to, sizeof to);
    double size = (double)line[0]->typical->bytes;
    size_about(law.each / law.fixed * size, bytes, sizeof bytes);
    size_about(law_good_size(&law, size, VERDICT_MARGIN), good, sizeof good);
    add(text, room, "%s and %s for each partition, within %.1f%% from %s to %s.", fixed, each,
        fmax(0.1, 100 * law.worst), from, to);
    add(text, room,
        " So a partition costs as much as counting %s, and from %s on all of them cost less than "
        "%.0f%%, whatever the size of such files.",
        bytes, good, 100 * VERDICT_MARGIN);
    if (law.first > 0)
        end_add(rows, &law, line[law.first - 1], text, room);
    if (law.end < n)
        end_add(rows, &law, line[law.end], text, room);
}

int words_law_of(const struct rows *rows, const struct row *first, const struct row **line,
                 uint32_t *n, char *text, size_t room)
{
    char name[CONFIG_NAME_MAX], law[WORDS_SIZE];
    struct grid others = rows->bench->grid;
    if (!first->typical || rows_abscissa(rows) != BY_PARTITION)
        return 0;
    rows_line(rows, BY_PARTITION, first, line, n);
    if (line[0] != first)
        return 0;
    words_law(rows, line, *n, law, sizeof law);
    others.partitions.n = 1;
    config_name(&others, &first->config, name, sizeof name);
    snprintf(text, room, "%s%s: %s", name[0] != '\0' ? "The law, " : "The law", name, law);
    return law[0] != '\0';
}

void words_partial(const struct rows *rows, int is_interrupted, char *text, size_t room)
{
    uint32_t n_unknown = unknown_count(rows);
    text[0] = '\0';
    if (is_interrupted)
        add(text, room, "This report is partial: a signal ended the bench.");
    if (rows->n_lost > 0 && rows->n_rounds > 0)
        add(text, room, "%s%" PRIu32 " run%s of a round that was not finished do%s not count.",
            text[0] != '\0' ? " " : "", rows->n_lost, plural(rows->n_lost),
            rows->n_lost == 1 ? "es" : "");
    if (n_unknown > 0)
        add(text, room, "%s%" PRIu32 " verdict%s not known (?): more rounds would tell.",
            text[0] != '\0' ? " " : "", n_unknown, n_unknown == 1 ? " is" : "s are");
}

/* One that workers at tasks wait for CPUs shows in the best row: its time is what all is about. */
static int cpus_note(const struct rows *rows, char *text, size_t room)
{
    const struct measure *run = rows->best ? rows->best->typical : NULL;
    if (!run || run->seconds <= 0 || run->workers_started < 2)
        return 0;
    double wanted = run->busy_seconds / run->seconds;
    if (rows->bench->load.cpus > 0 && wanted > rows->bench->load.cpus)
        wanted = rows->bench->load.cpus;
    if (measure_cpus(run) >= NOTED_CPUS * wanted)
        return 0;
    add(text, room,
        "workers were at tasks on %.2f CPUs' worth of time, but got %.2f CPUs: they waited for the "
        "rest, for a CPU or for the disk",
        wanted, measure_cpus(run));
    return 1;
}

static int runs_note(const struct rows *rows, char *text, size_t room)
{
    uint32_t n = 0, n_all = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        n += rows->shown[i]->seconds.n_outliers;
        n_all += rows->shown[i]->seconds.n;
    }
    if (n == 0)
        return 0;
    add(text, room, "%" PRIu32 " of %" PRIu32 " runs took far longer than the others of their row",
        n, n_all);
    return 1;
}

static int cache_note(const struct rows *rows, char *text, size_t room)
{
    double kept = 0;
    for (uint32_t i = 0; i < rows->bench->n_runs; i++)
        kept = fmax(kept, rows->bench->runs[i].cached);
    if (kept <= NOTED_CACHE)
        return 0;
    add(text, room,
        "the page cache had up to %.0f%% of the input all the same: not all runs are cold",
        100 * kept);
    return 1;
}

static int retries_note(const struct rows *rows, char *text, size_t room)
{
    uint64_t retries = 0;
    for (uint32_t i = 0; i < rows->bench->n_runs; i++)
        retries += rows->bench->runs[i].retries;
    if (retries == 0)
        return 0;
    add(text, room, "workers died, and %" PRIu64 " task%s run again: some times are too long",
        retries, retries == 1 ? " was" : "s were");
    return 1;
}

static int steal_note(const struct rows *rows, char *text, size_t room)
{
    double steal = load_steal_cpus(&rows->bench->load);
    if (steal < NOTED_SHARE)
        return 0;
    add(text, room, "the host gave %.2f of %.0f CPUs to other machines meanwhile (steal)", steal,
        rows->bench->load.cpus);
    return 1;
}

static int others_note(const struct rows *rows, char *text, size_t room)
{
    double others = load_other_cpus(&rows->bench->load);
    if (others < NOTED_SHARE)
        return 0;
    add(text, room, "other processes kept %.2f of %.0f CPUs busy meanwhile", others,
        rows->bench->load.cpus);
    return 1;
}

static int rejects_note(const struct rows *rows, char *text, size_t room)
{
    uint64_t rejected = rows->bench->rejected;
    if (rejected == 0)
        return 0;
    add(text, room, "%" PRIu64 " bad line%s skipped", rejected, rejected == 1 ? " was" : "s were");
    return 1;
}

int words_note(const struct rows *rows, int i, char *text, size_t room)
{
    static int (*const notes[])(const struct rows *rows, char *text, size_t room) = {
        cache_note, retries_note, others_note, steal_note, cpus_note, runs_note, rejects_note};
    for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++) {
        text[0] = '\0';
        if (notes[k](rows, text, room) && i-- == 0)
            return 1;
    }
    return 0;
}
