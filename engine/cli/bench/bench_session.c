/*
 * Takes the runs of a grid one by one and hands what they took to the reports. Everything that can
 * be wrong is looked for before the first of them.
 */
#include "bench/bench_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/bench_export.h"
#include "bench/bench_plot.h"
#include "bench/bench_report.h"
#include "bench/bench_rows.h"
#include "bench/bench_talk.h"
#include "command.h"
#include "console.h"
#include "foreground.h"
#include "report_file.h"

enum { CONFIGS_MAX = 10000 };

/* A bench reads its files many times, so they have to be files; *largest grows to their sizes. */
static int files_check(const struct bench *bench, uint64_t *largest)
{
    for (size_t i = 0; i < bench->n_paths; i++) {
        struct stat status;
        const char *path = bench->paths[i];
        if (stat(path, &status) < 0) {
            console_say("cannot open '%s': %s", path, console_reason(errno));
            return WM_EOPEN;
        }
        if (!S_ISREG(status.st_mode)) {
            console_say("'%s' is not a regular file: a bench reads its input many times", path);
            return WM_EOPEN;
        }
        if ((uint64_t)status.st_size > *largest)
            *largest = (uint64_t)status.st_size;
    }
    return 0;
}

/* An axis that is not given is one value, the chosen one; without any there is a sweep. */
static void grid_complete(struct grid *grid, uint64_t largest)
{
    if (grid->partitions.n + grid->workers.n + grid->fan_ins.n == 0) {
        axis_add_sweep(&grid->partitions, largest);
        axis_add(&grid->workers, 1);
        axis_add(&grid->workers, AXIS_AUTO);
    }
    struct axis *axes[] = {&grid->partitions, &grid->workers, &grid->fan_ins};
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
        if (axes[i]->n == 0)
            axis_add(axes[i], AXIS_AUTO);
}

/* The files of the reports, opened before the first run. */
struct reports {
    struct report_file csv, json, plot;
};

enum { N_REPORTS = 3 };

static void reports_list(struct reports *reports, struct report_file *list[N_REPORTS])
{
    list[0] = &reports->csv;
    list[1] = &reports->json;
    list[2] = &reports->plot;
}

static int reports_open(struct reports *reports, const struct session *session)
{
    struct report_file *list[N_REPORTS];
    reports_list(reports, list);
    int rc = report_open(&reports->csv, "--csv", session->csv);
    if (rc == 0)
        rc = report_open(&reports->json, "--json", session->json);
    if (rc == 0)
        rc = report_open(&reports->plot, "--plot", session->plot);
    if (rc == 0)
        rc = reports_check(list, N_REPORTS, session->bench.paths, session->bench.n_paths);
    return rc;
}

enum form { FORM_TABLES, FORM_CSV, FORM_JSON };

/* One report as text, to file, or to standard output if that is NULL. */
static int report_make(const struct bench *bench, const struct row *rows, enum form form,
                       struct report_file *file)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream && form == FORM_TABLES)
        report_tables(bench, rows, stream);
    else if (stream && form == FORM_CSV)
        export_csv(bench, stream);
    else if (stream)
        export_json(bench, rows, foreground_interrupted(), stream);
    int rc = WM_ENOMEM;
    if (!stream || fclose(stream) != 0)
        console_say("%s", wm_strerror(rc));
    else
        rc = file ? report_write(file, text, size) : console_print(text);
    free(text);
    return rc;
}

/* Whoever has a report on standard output has no use for tables among it. */
static int has_output(const struct session *session)
{
    const char *const paths[] = {session->csv, session->json};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (paths[i] && strcmp(paths[i], "-") == 0)
            return 1;
    return 0;
}

static int reports_make(const struct session *session, const struct row *rows,
                        struct reports *reports)
{
    const struct bench *bench = &session->bench;
    struct report_file *list[N_REPORTS];
    int rc = 0;
    if (bench->n_runs == 0)
        return report_make(bench, rows, FORM_TABLES, NULL);
    if (reports->csv.file)
        rc = report_make(bench, rows, FORM_CSV, &reports->csv);
    if (rc == 0 && reports->json.file)
        rc = report_make(bench, rows, FORM_JSON, &reports->json);
    if (rc == 0 && reports->plot.file)
        rc = plot_draw(bench, rows, reports->plot.path, wm_file_fd(reports->plot.file));
    reports_list(reports, list);
    if (rc == 0)
        rc = reports_commit(list, N_REPORTS);
    /* Last: whoever reads it may stop early, which ends this process. */
    if (!has_output(session) && report_make(bench, rows, FORM_TABLES, NULL) < 0)
        rc = WM_EWRITE;
    return rc;
}

/* All runs, until one fails or a signal comes. */
static int runs_take(struct session *session)
{
    struct bench *bench = &session->bench;
    wm_error error = {0};
    struct talk talk;
    talk_start(&talk, !session->is_quiet && !session->is_verbose);
    int rc = bench_start(bench, &error);
    talk_clear(&talk);
    if (rc == 0 && !session->is_quiet)
        talk_plan(bench);
    while (rc == 0 && bench->next < bench_n_turns(bench) && !foreground_interrupted()) {
        const struct bench_run *run;
        uint32_t number = bench_turn(bench);
        int had_failed = bench->errors[number].code != 0;
        talk_show(&talk, bench);
        if (foreground_was_asked())
            console_say("run %" PRIu64 " of %" PRIu64, bench->next + 1, bench_n_turns(bench));
        rc = bench_step(bench, &run, &error);
        if (bench->errors[number].code != 0 && !had_failed) {
            talk_clear(&talk);
            talk_error(bench, number);
        }
        if (rc == 0 && run && session->is_verbose)
            talk_run(bench, run);
    }
    talk_clear(&talk);
    if (rc < 0 && rc != WM_ECANCELED)
        console_error(&error);
    return rc;
}

static int status_of(const struct bench *bench)
{
    for (uint32_t i = 0; i < grid_size(&bench->grid); i++)
        if (bench->errors[i].code != 0)
            return EXIT_FAILED;
    return bench->first.rejected > 0 ? EXIT_SKIPPED : EXIT_DONE;
}

int session_run(struct session *session)
{
    struct bench *bench = &session->bench;
    struct reports reports = {0};
    uint64_t largest = 0;
    int rc = session->plot ? plot_check(session->plot) : 0;
    if (rc == 0)
        rc = files_check(bench, &largest);
    if (rc < 0)
        return rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    grid_complete(&bench->grid, largest);
    if (grid_size(&bench->grid) > CONFIGS_MAX) {
        console_say("%u configurations are too many: at most %d", grid_size(&bench->grid),
                    CONFIGS_MAX);
        return EXIT_USAGE;
    }
    foreground_watch();
    int status = EXIT_FAILED;
    bench->expected_fd = bench->output_fd = -1;
    rc = reports_open(&reports, session);
    if (rc == 0)
        rc = runs_take(session);
    else if (rc == WM_EINVAL)
        status = EXIT_USAGE;
    if (bench->runs && (rc == 0 || rc == WM_ECANCELED)) {
        struct row *rows = rows_new(bench);
        if (!rows)
            console_say("%s", wm_strerror(WM_ENOMEM));
        else if (reports_make(session, rows, &reports) == 0)
            status = status_of(bench);
        if (rows && !session->is_quiet)
            talk_notes(bench, rows);
        free(rows);
    }
    struct report_file *list[N_REPORTS];
    reports_list(&reports, list);
    reports_drop(list, N_REPORTS);
    bench_release(bench);
    foreground_reraise();
    return status;
}
