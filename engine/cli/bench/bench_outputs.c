/* Reports and pictures are made in memory, and written at once. */
#include "bench/bench_outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/bench_timeline_draw.h"
#include "bench/bench_export.h"
#include "bench/bench_page.h"
#include "bench/bench_picture.h"
#include "bench/bench_table.h"
#include "console.h"

static const struct output_kind {
    const char *option;
    enum picture picture; /* of those from BENCH_PLOT on */
} kinds[N_BENCH_FILES] = {
    [BENCH_CSV] = {.option = "--csv"},
    [BENCH_JSON] = {.option = "--json"},
    [BENCH_MARKDOWN] = {.option = "--markdown"},
    [BENCH_PAGE] = {.option = "--report"},
    [BENCH_TIMELINE] = {.option = "--timeline"},
    [BENCH_PLOT] = {.option = "--plot", .picture = PICTURE_TIME},
    [BENCH_PLOT_PHASES] = {.option = "--plot-phases", .picture = PICTURE_PHASES},
    [BENCH_PLOT_WORKERS] = {.option = "--plot-workers", .picture = PICTURE_WORKERS},
    [BENCH_PLOT_MEMORY] = {.option = "--plot-memory", .picture = PICTURE_MEMORY},
};

static int is_picture(int file)
{
    return file >= BENCH_PLOT;
}

/* What is one stream to the system may be meant for two; two reports in one can be no use. */
static int streams_check(const char *const paths[N_BENCH_FILES])
{
    int before = -1;
    for (int i = 0; i < N_BENCH_FILES; i++) {
        if (!paths[i] || strcmp(paths[i], "-") != 0)
            continue;
        if (before >= 0) {
            console_say("%s and %s are both standard output: name a file", kinds[before].option,
                        kinds[i].option);
            return WM_EINVAL;
        }
        before = i;
    }
    return 0;
}

int outputs_check(struct outputs *outputs, const char *const paths[N_BENCH_FILES])
{
    int rc = streams_check(paths);
    for (int i = 0; i < N_BENCH_FILES && rc == 0; i++)
        if (paths[i] && is_picture(i))
            rc = picture_check(paths[i]);
    if (rc == 0 && paths[BENCH_TIMELINE])
        rc = timeline_check(paths[BENCH_TIMELINE]);
    outputs->has_pictures =
        rc == 0 && paths[BENCH_PAGE] && picture_check_page(paths[BENCH_PAGE]) == 0;
    return rc;
}

static void list_make(struct outputs *outputs, struct report_file *list[N_BENCH_FILES])
{
    for (int i = 0; i < N_BENCH_FILES; i++)
        list[i] = &outputs->files[i];
}

int outputs_open(struct outputs *outputs, const char *const paths[N_BENCH_FILES],
                 const char *const *inputs, size_t n_inputs)
{
    struct report_file *list[N_BENCH_FILES];
    int rc = 0;
    list_make(outputs, list);
    for (int i = 0; i < N_BENCH_FILES && rc == 0; i++)
        rc = report_open(list[i], kinds[i].option, paths[i]);
    return rc < 0 ? rc : reports_check(list, N_BENCH_FILES, inputs, n_inputs);
}

/* As COLUMNS says, or the terminal, if that is narrower than the tables are at most. */
static size_t width_of_output(void)
{
    struct winsize window;
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0)
        width = window.ws_col;
    return width > 0 && width < REPORT_WIDTH ? (size_t)width : REPORT_WIDTH;
}

static void report_write_text(const struct outputs *outputs, int file,
                              const struct findings *findings, FILE *stream)
{
    switch (file) {
    case BENCH_CSV:
        export_csv(findings->rows->bench, stream);
        break;
    case BENCH_JSON:
        export_json(findings->rows, findings->machine, findings->is_interrupted, stream);
        break;
    case BENCH_MARKDOWN:
        report_markdown(findings->rows, findings->is_interrupted, stream);
        break;
    case BENCH_TIMELINE:
        timeline_write(findings->timeline, outputs->files[file].path, stream);
        break;
    case BENCH_PAGE:
        page_write(findings->rows, findings->machine, findings->timeline, findings->is_interrupted,
                   outputs->has_pictures, stream);
        break;
    default:
        report_text(findings->rows, findings->is_interrupted, width_of_output(), stream);
    }
}

/* One report, to its file, or to standard output. */
static int report_make(const struct outputs *outputs, int file, const struct findings *findings,
                       struct report_file *to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        report_write_text(outputs, file, findings, stream);
    int rc = WM_ENOMEM;
    if (!stream || fclose(stream) != 0)
        console_say("%s", wm_strerror(rc));
    else
        rc = to ? report_write(to, text, size) : console_print(text);
    free(text);
    return rc;
}

static int picture_make(int file, const struct findings *findings, struct report_file *to)
{
    char *text;
    size_t size;
    int rc = picture_draw(findings->rows, kinds[file].picture, to->path, &text, &size);
    if (rc < 0)
        return rc;
    rc = report_write(to, text, size);
    free(text);
    return rc;
}

int outputs_make(struct outputs *outputs, const struct findings *findings)
{
    struct report_file *list[N_BENCH_FILES];
    int rc = 0, has_output = 0;
    list_make(outputs, list);
    for (int i = 0; i < N_BENCH_FILES && rc == 0 && findings->rows->bench->n_runs > 0; i++) {
        struct report_file *file = list[i];
        if (i == BENCH_TIMELINE && findings->timeline->n == 0)
            reports_drop(&file, 1);
        if (!file->file)
            continue;
        has_output |= strcmp(file->path, "-") == 0;
        rc = is_picture(i) ? picture_make(i, findings, file)
                           : report_make(outputs, i, findings, file);
    }
    if (rc == 0 && findings->rows->bench->n_runs > 0)
        rc = reports_commit(list, N_BENCH_FILES);
    /* Last: whoever reads it may stop early, which ends this process. Whoever has a report on
     * standard output has no use for tables among it. */
    if (!has_output && report_make(outputs, N_BENCH_FILES, findings, NULL) < 0)
        rc = WM_EWRITE;
    return rc;
}

void outputs_release(struct outputs *outputs)
{
    struct report_file *list[N_BENCH_FILES];
    list_make(outputs, list);
    reports_drop(list, N_BENCH_FILES);
}
