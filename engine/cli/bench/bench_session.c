/*
 * Takes the runs of a grid one by one and hands what they took to the reports. Everything that can
 * be wrong is looked for before the first of them.
 */
#include "bench/bench_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bench/bench_compare.h"
#include "bench/bench_import.h"
#include "bench/bench_machine.h"
#include "bench/bench_outputs.h"
#include "bench/bench_rows.h"
#include "bench/bench_talk.h"
#include "exit_status.h"
#include "console.h"
#include "foreground.h"
#include "warnings.h"

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

/*
 * An axis that is not given is one value, the chosen one; without any there is a sweep. What the
 * library chooses is in every sweep over sizes.
 */
static void grid_complete(struct grid *grid, uint64_t largest)
{
    if (grid->partitions.n + grid->workers.n + grid->fan_ins.n == 0) {
        axis_add_sweep(&grid->partitions, largest);
        axis_add(&grid->workers, 1);
        axis_add(&grid->workers, AXIS_AUTO);
    }
    if (grid->partitions.n > 1 && grid->partitions.n < AXIS_MAX && !grid->by_lines)
        axis_add(&grid->partitions, AXIS_AUTO);
    struct axis *axes[] = {&grid->partitions, &grid->workers, &grid->fan_ins};
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
        if (axes[i]->n == 0)
            axis_add(axes[i], AXIS_AUTO);
}

/* Whether no other round is to begin: 1, 0, or WM_ENOMEM. */
static int is_enough(const struct bench *bench, double round_seconds, wm_error *error)
{
    struct rows rows;
    if (!bench_is_between_rounds(bench) || bench_round(bench) <= bench->warmup)
        return 0;
    if (bench->rounds > 0 && bench->next >= bench_n_turns(bench))
        return 1;
    double passed = clock_start().wall - bench->start;
    if (bench->seconds > 0 && passed + round_seconds > bench->seconds)
        return 1;
    if (bench->rounds > 0)
        return 0;
    if (bench_round(bench) - bench->warmup >= BENCH_ROUNDS_MAX)
        return 1;
    if (rows_init(&rows, bench) < 0) {
        error->code = WM_ENOMEM;
        snprintf(error->message, sizeof error->message, "%s", wm_strerror(WM_ENOMEM));
        return WM_ENOMEM;
    }
    int wants_more = rows_want_more(&rows);
    rows_release(&rows);
    return !wants_more;
}

/* One turn, and what is said of it. */
static int turn_take(const struct session *session, struct bench *bench, struct talk *talk,
                     wm_error *error)
{
    const struct measure *run;
    uint32_t number = bench_turn(bench);
    const struct config_state *state = &bench->states[number];
    int was_odd = state->error.code != 0 || state->same_as != number;
    talk_show(talk, bench);
    if (foreground_was_asked())
        console_say("run %" PRIu64, bench->next + 1);
    int rc = bench_step(bench, &run, error);
    int is_worth =
        state->error.code != 0 || (state->same_as != number && session->settings->is_verbose);
    if (is_worth && !was_odd) {
        talk_clear(talk);
        talk_state(bench, number);
    }
    if (rc == 0 && run && session->settings->is_verbose)
        talk_run(bench, run);
    return rc;
}

/* All runs, until it is enough, one fails or a signal comes. */
static int runs_take(struct session *session)
{
    struct bench *bench = &session->bench;
    const struct settings *settings = session->settings;
    wm_error error = {0};
    struct talk talk;
    talk_start(&talk, !settings->is_quiet && !settings->is_verbose);
    int rc = bench_start(bench, &error);
    talk_clear(&talk);
    if (rc == 0 && !settings->is_quiet)
        talk_plan(bench);
    double begun = bench->start, took = 0;
    while (rc == 0 && !foreground_interrupted()) {
        if (bench_is_between_rounds(bench) && bench->next > 0) {
            double now = clock_start().wall;
            took = now - begun;
            begun = now;
        }
        rc = is_enough(bench, took, &error);
        if (rc != 0)
            break;
        rc = turn_take(session, bench, &talk, &error);
        if (rc == 0 && bench->next == bench_n(bench) && !settings->is_quiet && !talk.is_on)
            talk_estimate(bench);
    }
    talk_clear(&talk);
    if (bench->states)
        bench->load = load_stop(&bench->load);
    if (rc < 0 && rc != WM_ECANCELED)
        console_error(&error);
    return rc < 0 ? rc : 0;
}

static int status_of(const struct bench *bench)
{
    for (uint32_t i = 0; i < bench_n(bench); i++)
        if (bench->states[i].error.code != 0)
            return EXIT_FAILED;
    return bench->rejected > 0 ? EXIT_SKIPPED : EXIT_DONE;
}

/* What is compared with, and how. 0, or an exit status after saying why not. */
static int other_compare(const struct session *session, struct rows *rows)
{
    struct imported saved;
    const char *path = session->settings->compare;
    if (!path)
        return 0;
    int rc = import_read(path, &saved);
    if (rc == 0)
        rc = compare_saved(rows, path, &saved.bench);
    import_release(&saved);
    return rc == WM_EINVAL ? EXIT_USAGE : rc < 0 ? EXIT_FAILED : 0;
}

/*
 * The runs of the timeline, where one is asked for and there is something to run. Without it the
 * rest is reported all the same. 0, or a WM_E code after saying why there is none.
 */
static int timeline_make(const struct session *session, const struct rows *rows,
                         struct timeline *timeline)
{
    const char *const *files = session->settings->bench_files;
    wm_error error = {0};
    if (session->settings->from || (!files[BENCH_TIMELINE] && !files[BENCH_PAGE]))
        return 0;
    struct bench bench = session->bench;
    int rc = WM_ECANCELED;
    if (!foreground_interrupted() && rows->best)
        rc = timeline_record(timeline, &bench, rows, &error);
    if (rc == 0)
        return 0;
    timeline_release(timeline);
    if (rc == WM_ECANCELED)
        console_say("there is no timeline: the bench was ended before");
    else
        console_error(&error);
    return rc;
}

static int findings_report(const struct session *session, struct outputs *outputs,
                           const struct bench *bench, const struct machine *machine,
                           int is_interrupted)
{
    const struct settings *settings = session->settings;
    struct rows rows;
    if (rows_init(&rows, bench) < 0) {
        console_say("%s", wm_strerror(WM_ENOMEM));
        return EXIT_FAILED;
    }
    int other_status = other_compare(session, &rows);
    struct timeline timeline = {.n = 0};
    int is_recorded = timeline_make(session, &rows, &timeline);
    struct findings findings = {&rows, machine, &timeline, is_interrupted};
    int status = EXIT_FAILED;
    if (outputs_make(outputs, &findings) == 0 && is_recorded == 0)
        status = other_status != 0 ? other_status : status_of(bench);
    if (!settings->is_quiet) {
        talk_notes(&rows);
        warnings_say(&bench->warned);
    }
    if (settings->max_slowdown >= 0 && compare_is_slower(&rows, settings->max_slowdown))
        status = EXIT_FAILED;
    timeline_release(&timeline);
    rows_release(&rows);
    return status;
}

/* 0, or WM_EINVAL after saying that speed-up against workers needs several numbers of them. */
static int pictures_check(const struct settings *settings, const struct bench *bench)
{
    if (!settings->bench_files[BENCH_PLOT_WORKERS] || bench->grid.workers.n > 1)
        return 0;
    console_say("--plot-workers needs several numbers of workers, such as --workers 1,2,4");
    return WM_EINVAL;
}

/* What can be wrong before the first run: 0, or a WM_E code after saying what is. */
static int session_check(struct session *session)
{
    struct bench *bench = &session->bench;
    uint64_t largest = 0;
    struct imported saved;
    int rc = files_check(bench, &largest);
    if (rc == 0 && session->settings->compare) {
        rc = import_read(session->settings->compare, &saved);
        import_release(&saved);
    }
    if (rc < 0)
        return rc;
    grid_complete(&bench->grid, largest);
    rc = pictures_check(session->settings, bench);
    if (rc < 0)
        return rc;
    if (grid_size(&bench->grid) <= CONFIGS_MAX)
        return 0;
    console_say("%u configurations are too many: at most %d", grid_size(&bench->grid), CONFIGS_MAX);
    return WM_EINVAL;
}

static int outputs_prepare(const struct session *session, struct outputs *outputs,
                           const char *const *inputs, size_t n_inputs)
{
    foreground_watch();
    return outputs_open(outputs, session->settings->bench_files, inputs, n_inputs);
}

/* What was measured earlier. */
static int session_report(struct session *session, struct outputs *outputs)
{
    const char *const *from = &session->settings->from;
    struct imported saved;
    int status = EXIT_FAILED;
    int rc = import_read(*from, &saved);
    if (rc == 0)
        rc = pictures_check(session->settings, &saved.bench);
    if (rc == 0)
        rc = outputs_prepare(session, outputs, from, 1);
    if (rc == 0)
        status =
            findings_report(session, outputs, &saved.bench, &saved.machine, saved.is_interrupted);
    import_release(&saved);
    return rc == WM_EINVAL ? EXIT_USAGE : status;
}

static int session_measure(struct session *session, struct outputs *outputs)
{
    struct bench *bench = &session->bench;
    struct machine machine;
    bench->expected_fd = bench->output_fd = -1;
    int rc = session_check(session);
    if (rc == 0)
        rc = outputs_prepare(session, outputs, bench->paths, bench->n_paths);
    int status = rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    if (rc == 0)
        rc = runs_take(session);
    machine_see(&machine, session->command, session->n_command);
    if (bench->states && (rc == 0 || rc == WM_ECANCELED))
        status = findings_report(session, outputs, bench, &machine, foreground_interrupted());
    bench_release(bench);
    return status;
}

int session_run(struct session *session)
{
    struct outputs outputs = {0};
    int rc = outputs_check(&outputs, session->settings->bench_files);
    if (rc < 0)
        return rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    int status = session->settings->from ? session_report(session, &outputs)
                                         : session_measure(session, &outputs);
    outputs_release(&outputs);
    foreground_reraise();
    return status;
}
