/* What the caller is told of tasks: each once, in its time, with how it ended. */
#include "jobs.h"

enum { TASKS_MAX = 4096, WORKERS_MAX = 8 };

struct seen {
    wm_task tasks[TASKS_MAX];
    unsigned n;
};

static void on_task(const wm_task *task, void *user)
{
    struct seen *seen = user;
    assert_true(seen->n < TASKS_MAX);
    seen->tasks[seen->n++] = *task;
}

static struct seen seen;

static void run_seen(wm_options *o, wm_stats *stats)
{
    wm_result *result = NULL;
    wm_error error = {0};
    seen.n = 0;
    o->on_task = on_task;
    o->task_user = &seen;
    if (wm_run(o, &files.big, 1, &result, &error) != 0)
        fail_msg("%s", error.message);
    assert_true(is_result(result, &files.big_sample.expected));
    *stats = *wm_result_stats(result);
    wm_result_free(result);
}

/* A worker is at one task at a time, and the times are within those of the job. */
static void assert_times(const wm_stats *stats)
{
    double end[WORKERS_MAX] = {0};
    for (unsigned i = 0; i < seen.n; i++) {
        const wm_task *task = &seen.tasks[i];
        assert_true(task->worker < WORKERS_MAX);
        assert_true(task->start_seconds >= end[task->worker] - 0.002);
        assert_true(task->end_seconds >= task->start_seconds);
        assert_true(task->end_seconds <= stats->seconds + 0.002);
        assert_true(task->cpu_seconds + task->waited_seconds <=
                    task->end_seconds - task->start_seconds + 0.002);
        end[task->worker] = task->end_seconds;
    }
}

static void each_task_is_told_once_with_its_times(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 4; workers += 2) {
        wm_options o = job_options(workers, 50000);
        wm_stats stats;
        unsigned char had[TASKS_MAX] = {0};
        uint64_t n_maps = 0, bytes = 0;
        double cpu = 0, busy = 0;
        o.fan_in = 4;
        run_seen(&o, &stats);
        assert_times(&stats);
        for (unsigned i = 0; i < seen.n; i++) {
            const wm_task *task = &seen.tasks[i];
            if (task->end != WM_TASK_DONE)
                continue;
            cpu += task->cpu_seconds;
            busy += task->end_seconds - task->start_seconds - task->waited_seconds;
            if (task->phase != WM_PHASE_MAP)
                continue;
            assert_int_equal(had[task->number]++, 0);
            bytes += task->bytes;
            n_maps++;
        }
        assert_int_equal(n_maps, stats.partitions);
        assert_int_equal(bytes, stats.bytes);
        assert_true(cpu > 0);
        double all = 0;
        for (int i = 0; i < WM_N_PHASES; i++)
            all += stats.busy_seconds[i];
        /* Of a backup that was late the time is in there, too. */
        assert_true(busy <= all + 0.002 && (stats.backups > 0 || busy >= all - 0.002));
        assert_nothing_left();
    }
}

#ifdef WORDMILL_FAULTS
static void lost_tasks_are_told_as_often_as_they_are_run_again(void **state)
{
    (void)state;
    static const char *const faults[] = {"map:3", "map:20", "run:5-6", "reduce:2"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        wm_options o = job_options(2, 50000);
        wm_stats stats;
        uint64_t n_lost = 0, n_maps = 0;
        o.fan_in = 4;
        setenv("WORDMILL_FAULT", faults[i], 1);
        run_seen(&o, &stats);
        unsetenv("WORDMILL_FAULT");
        assert_times(&stats);
        for (unsigned k = 0; k < seen.n; k++) {
            n_lost += seen.tasks[k].end == WM_TASK_LOST;
            n_maps += seen.tasks[k].end == WM_TASK_DONE && seen.tasks[k].phase == WM_PHASE_MAP;
        }
        assert_true(stats.deaths > 0);
        /* The slower one of two that have a task is ended, which is no death. */
        assert_true(n_lost >= stats.retries && n_lost <= stats.deaths + stats.backups);
        assert_int_equal(n_maps, stats.partitions);
        assert_nothing_left();
    }
}

static void backup_is_told_to_be_one(void **state)
{
    (void)state;
    wm_options o = job_options(2, 100000);
    wm_stats stats;
    uint64_t n = 0;
    o.task_timeout = 0;
    setenv("WORDMILL_FAULT", "map:20:stop", 1);
    run_seen(&o, &stats);
    unsetenv("WORDMILL_FAULT");
    for (unsigned i = 0; i < seen.n; i++)
        n += seen.tasks[i].is_backup && seen.tasks[i].end == WM_TASK_DONE;
    assert_true(stats.backups > 0);
    assert_true(n > 0 && n <= stats.backups);
    assert_nothing_left();
}

static struct {
    uint64_t n[WM_EVENT_BACKUP + 1];
    uint64_t n_wrong; /* events of no place of the input */
} events;

static void on_event(const wm_event *event, void *user)
{
    assert_true(user == &events);
    assert_in_range(event->kind, WM_EVENT_DIED, WM_EVENT_BACKUP);
    events.n[event->kind]++;
    int is_map = event->phase == WM_PHASE_MAP && event->task != UINT64_MAX;
    events.n_wrong += is_map != (event->input == 1);
    events.n_wrong += is_map && (event->start >= event->end ||
                                 event->end > files.big_sample.input.size || event->worker > 1);
}

/* As often as the figures of the job say. */
static void what_happens_to_workers_is_told(void **state)
{
    (void)state;
    static const char *const faults[] = {"map:3", "run:5-6", "reduce:2", "map:20:stop", "none"};
    for (size_t i = 0; i < 2 * sizeof faults / sizeof *faults; i++) {
        wm_options o = job_options(2, 100000);
        wm_stats stats;
        memset(&events, 0, sizeof events);
        o.on_event = on_event;
        o.event_user = &events;
        /* A busy machine must not look like a worker that hangs. */
        o.task_timeout = i % 2 && i / 2 == 3 ? 1 : 0;
        setenv("WORDMILL_FAULT", faults[i / 2], 1);
        run_seen(&o, &stats);
        unsetenv("WORDMILL_FAULT");
        assert_int_equal(events.n[WM_EVENT_DIED], stats.deaths);
        assert_int_equal(events.n[WM_EVENT_HUNG], stats.timeouts);
        assert_int_equal(events.n[WM_EVENT_AGAIN], stats.retries);
        assert_int_equal(events.n[WM_EVENT_BACKUP], stats.backups);
        assert_int_equal(events.n_wrong, 0);
        assert_true(i / 2 == 3 ? stats.backups + stats.timeouts > 0
                               : (stats.deaths > 0) == (i / 2 < 3));
    }
    assert_nothing_left();
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_task_is_told_once_with_its_times),
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(lost_tasks_are_told_as_often_as_they_are_run_again),
        cmocka_unit_test(backup_is_told_to_be_one),
        cmocka_unit_test(what_happens_to_workers_is_told),
#endif
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
