/*
 * Workers that hang: stopped anywhere, holding the mutex, or in a map function that does not
 * return. They are killed when they got nowhere for the task timeout, and no sooner.
 */
#include "jobs.h"

#define TIMEOUT 0.8 /* seconds; no worker has to wait for a CPU for so long */

static wm_result *run_well(const wm_options *o, const char *path)
{
    wm_result *result = NULL;
    wm_error error = {0};
    if (wm_run(o, &path, 1, &result, &error) != 0)
        fail_msg("%s", error.message);
    return result;
}

#ifdef WORDMILL_FAULTS

static void check_stopped(const char *fault, const wm_options *o)
{
    setenv("WORDMILL_FAULT", fault, 1);
    wm_result *result = run_well(o, files.big);
    unsetenv("WORDMILL_FAULT");
    const wm_stats *stats = wm_result_stats(result);
    if (stats->timeouts != 1 || stats->deaths != 1)
        fail_msg("%s: %u timeouts, %u deaths", fault, (unsigned)stats->timeouts,
                 (unsigned)stats->deaths);
    assert_true(stats->seconds >= TIMEOUT);
    assert_true(is_result(result, &files.big_sample.expected));
    wm_result_free(result);
    unlink(files.output);
    assert_nothing_left();
}

static void a_worker_stopped_anywhere_is_killed_and_its_task_run_again(void **state)
{
    (void)state;
    static const char *const faults[] = {"start:1:stop",  "map:2:stop",    "run:1:stop",
                                         "commit:2:stop", "mutex:1:stop",  "reduce:1:stop",
                                         "write:2:stop",  "message:3:stop"};
    wm_options o = job_options(1, 400000);
    o.fan_in = 2;
    o.task_timeout = TIMEOUT;
    o.output = files.output;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        check_stopped(faults[i], &o);
    o.partition_size = 0;
    o.partition_lines = 20000;
    check_stopped("split:1:stop", &o);
}

static int keep_tasks_done(const wm_progress *progress, void *user)
{
    *(uint64_t *)user = progress->tasks_done;
    return 0;
}

static void progress_goes_on_while_the_owner_of_the_mutex_is_stopped(void **state)
{
    (void)state;
    const uint64_t partition_size = 50000, n_tasks = BIG_SIZE / partition_size;
    uint64_t n_done = 0;
    wm_options o = job_options(4, partition_size);
    o.task_timeout = 0;
    o.on_progress = keep_tasks_done;
    o.progress_user = &n_done;
    setenv("WORDMILL_FAULT", "mutex:1:stop", 1);
    wm_job *job = start(&o, files.big);
    unsetenv("WORDMILL_FAULT");
    /* All but those of the worker that is stopped. */
    while (n_done < n_tasks - 2)
        assert_int_equal(turn(job), WM_RUNNING);
    wm_job_free(job);
    assert_nothing_left();
}

#endif

/* Never returns from a line with an h. */
static int hang_at_h(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    while (memchr(record, 'h', size))
        pause();
    return wm_emit(mapper, record, size, 1);
}

static const char *make_lines(const char *lines)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/lines", files.folder);
    assert_int_equal(
        bytes_save(&(struct bytes){.data = (char *)lines, .size = strlen(lines)}, path), 0);
    return path;
}

static void a_line_at_which_the_function_hangs_ends_the_job_and_is_named(void **state)
{
    (void)state;
    const char *path = make_lines("a\nb\nh\na\n");
    char expected[600];
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    wm_options o = job_options(1, 1000);
    o.map = hang_at_h;
    o.task_timeout = TIMEOUT / 2;
    assert_int_equal(wm_run(&o, &path, 1, &result, &error), WM_EWORKER);
    snprintf(expected, sizeof expected,
             "'%s' bytes 0 to 8 kept 3 workers for 0.4 seconds, in the map function at byte 4: "
             "o.task_timeout gives them longer",
             path);
    assert_string_equal(error.message, expected);
    assert_true(result == UNTOUCHED);
    unlink(path);
    assert_nothing_left();
}

static void lines_at_which_the_function_hangs_can_be_skipped(void **state)
{
    (void)state;
    struct bytes expected = {0};
    const char *path = make_lines("a\nh\nb\na\nwhy\n");
    bytes_print(&expected, "a\t2\nb\t1\n");
    for (int workers = 1; workers <= 2; workers++) {
        wm_options o = job_options(workers, 5);
        o.map = hang_at_h;
        o.on_bad_line = WM_SKIP;
        o.task_timeout = TIMEOUT / 2;
        wm_result *result = run_well(&o, path);
        assert_true(is_result(result, &expected));
        assert_int_equal(wm_result_stats(result)->rejected, 2);
        wm_result_free(result);
    }
    bytes_release(&expected);
    unlink(path);
    assert_nothing_left();
}

/* Takes its time over each line, but less than it may. */
static int take_time(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    poll(NULL, 0, (int)(TIMEOUT * 1000 / 40));
    return wm_emit(mapper, record, size, 1);
}

static void a_function_that_gets_on_is_not_hurried(void **state)
{
    (void)state;
    struct bytes lines = {0}, expected = {0};
    for (int i = 0; i < 60; i++)
        bytes_print(&lines, "a\n");
    bytes_add(&lines, "", 1);
    bytes_print(&expected, "a\t60\n");
    const char *path = make_lines(lines.data);
    wm_options o = job_options(1, 1000);
    o.map = take_time;
    o.task_timeout = TIMEOUT;
    wm_result *result = run_well(&o, path);
    assert_int_equal(wm_result_stats(result)->timeouts, 0);
    assert_true(is_result(result, &expected));
    wm_result_free(result);
    bytes_release(&lines);
    bytes_release(&expected);
    unlink(path);
    assert_nothing_left();
}

/* Its workers wait for it, so they do not move. */
static void a_host_may_take_its_time_between_two_steps(void **state)
{
    (void)state;
    wm_result *result;
    wm_options o = job_options(2, 400000);
    o.task_timeout = TIMEOUT / 2;
    wm_job *job = start(&o, files.big);
    int rc = WM_RUNNING;
    for (int i = 0; rc == WM_RUNNING; i++) {
        if (i % 10 == 0)
            poll(NULL, 0, (int)(TIMEOUT * 750));
        rc = wm_job_step(job);
    }
    assert_int_equal(rc, 0);
    assert_int_equal(wm_job_result(job, &result, NULL), 0);
    wm_job_free(job);
    assert_int_equal(wm_result_stats(result)->timeouts, 0);
    assert_true(is_result(result, &files.big_sample.expected));
    wm_result_free(result);
    assert_nothing_left();
}

static void a_timeout_out_of_range_is_refused(void **state)
{
    (void)state;
    static const double wrong[] = {-1, 2e9, __builtin_nan("")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wm_result *result = UNTOUCHED;
        wm_options o = job_options(1, 0);
        o.task_timeout = wrong[i];
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), WM_EINVAL);
        assert_true(result == UNTOUCHED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(a_worker_stopped_anywhere_is_killed_and_its_task_run_again),
        cmocka_unit_test(progress_goes_on_while_the_owner_of_the_mutex_is_stopped),
#endif
        cmocka_unit_test(a_line_at_which_the_function_hangs_ends_the_job_and_is_named),
        cmocka_unit_test(lines_at_which_the_function_hangs_can_be_skipped),
        cmocka_unit_test(a_function_that_gets_on_is_not_hurried),
        cmocka_unit_test(a_host_may_take_its_time_between_two_steps),
        cmocka_unit_test(a_timeout_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
