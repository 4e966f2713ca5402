/*
 * Which worker did which task when: of the best configuration, and of the one of the same workers
 * and fan-in that took longest. These runs come after those that count. Each is done a few times,
 * and that which took the median is shown.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_TIMELINE_H
#define ENGINE_CLI_BENCH_BENCH_TIMELINE_H

#include "bench/bench_rows.h"

/* Why a worker was at nothing, or what it was at. All add up to the time of all workers. */
enum trace_time {
    TRACE_CPU,         /* at a task, with a CPU */
    TRACE_STALLED,     /* at a task, waiting for a CPU or for the disk */
    TRACE_ROOM,        /* at a task, waiting for room for its output */
    TRACE_LOST,        /* at a task whose end did not count */
    TRACE_COORDINATOR, /* between tasks, while there were more: waiting for the next one */
    TRACE_NOTHING,     /* nothing was left of a phase, or it had not begun */
    N_TRACE_TIMES
};

/* A run. */
struct trace {
    char name[CONFIG_NAME_MAX];
    double seconds;
    unsigned n_workers;
    wm_task *tasks; /* by worker and start */
    size_t n, capacity;
};

struct timeline {
    struct trace traces[2]; /* the best, and the worst */
    unsigned n;             /* 0: there is nothing to show */
};

/* Sorts the tasks of a run, and knows the workers. */
void trace_settle(struct trace *trace);

/* Seconds of all workers by what they were for. */
void trace_sum(const struct trace *trace, double seconds[N_TRACE_TIMES]);

/* Runs what is to be shown. 0, or a WM_E code with *error. */
int timeline_record(struct timeline *timeline, struct bench *bench, const struct rows *rows,
                    wm_error *error);
void timeline_release(struct timeline *timeline);

/* "2 workers had a CPU for 71% of the time, ..." of a trace. */
void timeline_words(const struct trace *trace, char *text, size_t room);

#endif
