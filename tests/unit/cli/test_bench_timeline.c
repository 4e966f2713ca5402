/* What workers were at adds up to all of their time, each second for one reason. */
#include "bench/bench_timeline_draw.h"
#include "bench/bench_timeline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

/* Of the timeline's runs, which are not wanted here. */
int bench_watch(struct bench *bench, uint32_t number,
                void (*on_task)(const wm_task *task, void *user), void *user, struct measure *run,
                wm_error *error)
{
    (void)bench, (void)number, (void)on_task, (void)user, (void)run, (void)error;
    return WM_EINVAL;
}

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-9)
        fail_msg("%g is not %g", a, b);
}

static void each_second_has_its_reason(void **state)
{
    (void)state;
    /* worker 0:  .  [map 1-4, 2 of it with a CPU, half a second for room] [map 5-6] . [write 8-9]
     * worker 1:  [map 0-2, lost]  [map 3-7, all of it with a CPU] . . . to 10 */
    wm_task tasks[] = {
        {.worker = 1,
         .phase = WM_PHASE_MAP,
         .start_seconds = 3,
         .end_seconds = 7,
         .cpu_seconds = 4},
        {.worker = 0,
         .phase = WM_PHASE_WRITE,
         .start_seconds = 8,
         .end_seconds = 9,
         .cpu_seconds = 1},
        {.worker = 0,
         .phase = WM_PHASE_MAP,
         .start_seconds = 5,
         .end_seconds = 6,
         .cpu_seconds = 1},
        {.worker = 1, .phase = WM_PHASE_MAP, .end = WM_TASK_LOST, .end_seconds = 2},
        {.worker = 0,
         .phase = WM_PHASE_MAP,
         .start_seconds = 1,
         .end_seconds = 4,
         .cpu_seconds = 2,
         .waited_seconds = 0.5},
    };
    struct trace trace = {.name = "4M", .tasks = tasks, .n = 5, .seconds = 10, .n_workers = 2};
    double seconds[N_TRACE_TIMES];
    trace_settle(&trace);
    trace_sum(&trace, seconds);
    assert_near(seconds[TRACE_CPU], 2 + 1 + 1 + 4);
    assert_near(seconds[TRACE_ROOM], 0.5);
    assert_near(seconds[TRACE_STALLED], 0.5);
    assert_near(seconds[TRACE_LOST], 2);
    /* 4 to 5, and 2 to 3; from the end of map at 7 to 8; before its first task worker 0 had to wait
     * for one from 0 to 1. */
    assert_near(seconds[TRACE_COORDINATOR], 1 + 1 + 1 + 1);
    /* 6 to 7; from 9 to 10; from 7 to 10 */
    assert_near(seconds[TRACE_NOTHING], 1 + 1 + 3);
    char text[1024];
    timeline_words(&trace, text, sizeof text);
    assert_string_equal(text,
                        "4M: of their time, workers had a CPU for 40%, waited for a CPU or the "
                        "disk for 2%, waited for room for 2%, did what did not count for 10%, "
                        "waited for a task for 20%, had nothing left to do for 25%.");
}

static void all_of_the_time_is_accounted_for(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (int i = 0; i < 500; i++) {
        struct trace trace = {.n_workers = 1 + (unsigned)random_below(&random, 4), .seconds = 1};
        wm_task tasks[200];
        trace.tasks = tasks;
        for (unsigned worker = 0; worker < trace.n_workers; worker++) {
            double at = 0;
            enum wm_phase phase = WM_PHASE_MAP;
            while (trace.n < 200 && random_below(&random, 20) > 0) {
                double start = at + (double)random_below(&random, 100) / 1000;
                double whole = (double)random_below(&random, 100) / 1000;
                tasks[trace.n++] = (wm_task){.worker = worker,
                                             .phase = phase,
                                             .end = (enum wm_task_end)random_below(&random, 3),
                                             .start_seconds = start,
                                             .end_seconds = start + whole,
                                             .cpu_seconds = whole / 2};
                at = start + whole;
                if (phase < WM_PHASE_WRITE && random_below(&random, 6) == 0)
                    phase = (enum wm_phase)(phase + 1);
            }
        }
        double seconds[N_TRACE_TIMES], sum = 0;
        trace_settle(&trace);
        trace_sum(&trace, seconds);
        for (int k = 0; k < N_TRACE_TIMES; k++) {
            assert_true(seconds[k] >= -1e-12);
            sum += seconds[k];
        }
        assert_near(sum, trace.seconds * trace.n_workers);
    }
}

static void picture_has_a_row_for_each_worker_and_few_shapes(void **state)
{
    (void)state;
    static const unsigned n = 50000;
    char *text = NULL;
    size_t size;
    struct timeline timeline = {.n = 1};
    struct trace *trace = &timeline.traces[0];
    *trace = (struct trace){.name = "64K", .seconds = 1, .n_workers = 2, .n = n};
    trace->tasks = calloc(n, sizeof *trace->tasks);
    assert_non_null(trace->tasks);
    for (unsigned i = 0; i < n; i++)
        trace->tasks[i] = (wm_task){.worker = i % 2,
                                    .number = i,
                                    .phase = WM_PHASE_MAP,
                                    .start_seconds = i * 1.0 / n,
                                    .end_seconds = (i + 1.8) / n,
                                    .cpu_seconds = 1.5 / n};
    trace_settle(trace);
    FILE *stream = open_memstream(&text, &size);
    timeline_svg(&timeline, stream);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, ">worker 1</text>"));
    assert_null(strstr(text, ">worker 2</text>"));
    assert_non_null(strstr(text, " tasks of map, "));
    assert_true(size < 2000000);
    free(text);
    timeline_release(&timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_second_has_its_reason),
        cmocka_unit_test(all_of_the_time_is_accounted_for),
        cmocka_unit_test(picture_has_a_row_for_each_worker_and_few_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
