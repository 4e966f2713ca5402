/* Records runs, and adds up what workers were at. */
#include "bench/bench_timeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_names.h"

enum { N_RUNS = 3 };

static const char *const trace_time_names[N_TRACE_TIMES] = {
    [TRACE_CPU] = "had a CPU",
    [TRACE_STALLED] = "waited for a CPU or the disk",
    [TRACE_ROOM] = "waited for room",
    [TRACE_LOST] = "did what did not count",
    [TRACE_COORDINATOR] = "waited for a task",
    [TRACE_NOTHING] = "had nothing left to do",
};

static int tasks_compare(const void *a, const void *b)
{
    const wm_task *x = a, *y = b;
    if (x->worker != y->worker)
        return x->worker < y->worker ? -1 : 1;
    return (x->start_seconds > y->start_seconds) - (x->start_seconds < y->start_seconds);
}

void trace_settle(struct trace *trace)
{
    qsort(trace->tasks, trace->n, sizeof *trace->tasks, tasks_compare);
    trace->n_workers = trace->n_workers > 0 ? trace->n_workers : 1;
    for (size_t i = 0; i < trace->n; i++) {
        if (trace->tasks[i].worker >= trace->n_workers)
            trace->n_workers = trace->tasks[i].worker + 1;
        trace->seconds = fmax(trace->seconds, trace->tasks[i].end_seconds);
    }
}

/* When the last task of a phase ended. */
static double trace_phase_end(const struct trace *trace, enum wm_phase phase)
{
    double end = 0;
    for (size_t i = 0; i < trace->n; i++)
        if (trace->tasks[i].phase == phase)
            end = fmax(end, trace->tasks[i].end_seconds);
    return end;
}

/* A stretch between two tasks, of which NULL is the start or the end of the job. */
static void gap_add(const double ends[WM_N_PHASES], const wm_task *before, const wm_task *after,
                    double from, double to, double seconds[N_TRACE_TIMES])
{
    if (to <= from)
        return;
    if (before && after && before->phase == after->phase) {
        seconds[TRACE_COORDINATOR] += to - from;
        return;
    }
    /* Until others have ended the phase there is nothing to do; then the next one is begun. */
    double end = before ? fmin(fmax(ends[before->phase], from), to) : from;
    seconds[TRACE_NOTHING] += after ? end - from : to - from;
    seconds[TRACE_COORDINATOR] += after ? to - end : 0;
}

static void task_add(const wm_task *task, double seconds[N_TRACE_TIMES])
{
    double whole = task->end_seconds - task->start_seconds;
    if (task->end != WM_TASK_DONE) {
        seconds[TRACE_LOST] += whole;
        return;
    }
    double waited = fmin(task->waited_seconds, whole);
    double cpu = fmin(task->cpu_seconds, whole - waited);
    seconds[TRACE_CPU] += cpu;
    seconds[TRACE_ROOM] += waited;
    seconds[TRACE_STALLED] += whole - waited - cpu;
}

void trace_sum(const struct trace *trace, double seconds[N_TRACE_TIMES])
{
    double ends[WM_N_PHASES];
    memset(seconds, 0, N_TRACE_TIMES * sizeof *seconds);
    for (int i = 0; i < WM_N_PHASES; i++)
        ends[i] = trace_phase_end(trace, (enum wm_phase)i);
    size_t at = 0;
    for (unsigned worker = 0; worker < trace->n_workers; worker++) {
        const wm_task *before = NULL;
        double last = 0;
        for (; at < trace->n && trace->tasks[at].worker == worker; at++) {
            const wm_task *task = &trace->tasks[at];
            gap_add(ends, before, task, last, task->start_seconds, seconds);
            task_add(task, seconds);
            before = task;
            last = fmax(last, task->end_seconds);
        }
        gap_add(ends, before, NULL, last, trace->seconds, seconds);
    }
}

void timeline_words(const struct trace *trace, char *text, size_t room)
{
    double seconds[N_TRACE_TIMES], all = trace->seconds * trace->n_workers;
    size_t used = (size_t)snprintf(text, room, "%s: of their time, workers", trace->name);
    const char *before = " ";
    trace_sum(trace, seconds);
    for (int i = 0; i < N_TRACE_TIMES && used < room; i++) {
        if (all <= 0 || seconds[i] / all < 0.005)
            continue;
        used += (size_t)snprintf(text + used, room - used, "%s%s for %.0f%%", before,
                                 trace_time_names[i], 100 * seconds[i] / all);
        before = ", ";
    }
    if (used < room)
        snprintf(text + used, room - used, ".");
}

static void trace_add(const wm_task *task, void *user)
{
    struct trace *trace = user;
    if (trace->n == trace->capacity) {
        size_t capacity = 2 * trace->capacity + 256;
        wm_task *tasks = realloc(trace->tasks, capacity * sizeof *tasks);
        if (!tasks)
            return; /* the picture has a hole, the run is whole */
        trace->tasks = tasks;
        trace->capacity = capacity;
    }
    trace->tasks[trace->n++] = *task;
}

static int traces_compare(const void *a, const void *b)
{
    const struct trace *x = a, *y = b;
    return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static int trace_record(struct trace *trace, struct bench *bench, const struct rows *rows,
                        const struct row *row, wm_error *error)
{
    struct trace runs[N_RUNS] = {{.n = 0}};
    int rc = 0;
    for (int i = 0; i < N_RUNS && rc == 0; i++) {
        struct measure run;
        rc = bench_watch(bench, row->number, trace_add, &runs[i], &run, error);
        runs[i].seconds = run.seconds;
        runs[i].n_workers = (unsigned)run.workers_started;
    }
    if (rc == 0)
        qsort(runs, N_RUNS, sizeof *runs, traces_compare);
    *trace = runs[N_RUNS / 2];
    runs[N_RUNS / 2].tasks = NULL;
    for (int i = 0; i < N_RUNS; i++)
        free(runs[i].tasks);
    row_name(rows, row, trace->name, sizeof trace->name);
    trace_settle(trace);
    return rc;
}

int timeline_record(struct timeline *timeline, struct bench *bench, const struct rows *rows,
                    wm_error *error)
{
    const struct row *worst = rows->best;
    enum abscissa abscissa = rows_abscissa(rows);
    *timeline = (struct timeline){.n = 0};
    if (!rows->best)
        return 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = rows->shown[i];
        if (row->typical && rows_same_line(abscissa, row, rows->best) &&
            row->seconds.median > worst->seconds.median)
            worst = row;
    }
    const struct row *shown[] = {rows->best, worst};
    int rc = 0;
    for (unsigned i = 0; i < (worst != rows->best ? 2u : 1u) && rc == 0; i++) {
        rc = trace_record(&timeline->traces[i], bench, rows, shown[i], error);
        timeline->n++;
    }
    return rc;
}

void timeline_release(struct timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n; i++)
        free(timeline->traces[i].tasks);
    timeline->n = 0;
}
