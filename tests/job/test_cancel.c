/*
 * A job that is canceled or freed ends there and then, and leaves no process, no file and no
 * descriptor.
 */
#include "jobs.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

static wm_job *signaled;
static int n_descriptors; /* libuv keeps some of its own from the first loop on */

static int set_up(void **state)
{
    int rc = make_files(state);
    wm_options o = job_options(2, 0);
    wm_job_free(start(&o, files.small));
    n_descriptors = count_descriptors();
    return rc;
}

static void assert_no_trace(void)
{
    assert_int_equal(count_descriptors(), n_descriptors);
    assert_nothing_left();
}

static void on_signal(int number)
{
    (void)number;
    wm_job_cancel(signaled);
}

static void assert_canceled(wm_job *job)
{
    wm_result *result = UNTOUCHED;
    wm_error error;
    assert_int_equal(wm_job_step(job), WM_ECANCELED);
    assert_int_equal(wm_job_result(job, &result, &error), WM_ECANCELED);
    assert_string_equal(error.message, "canceled");
    assert_true(result == UNTOUCHED);
    wm_job_free(job);
    assert_no_trace();
}

static void a_signal_handler_can_cancel_a_job(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = on_signal}, before;
    sigaction(SIGUSR1, &action, &before);
    for (int i = 0; i < 60; i++) {
        wm_options o = job_options(i % 3, 8192);
        o.output = files.output;
        signaled = start(&o, files.big);
        for (int turns = 0; turns < 5 * (i / 3); turns++)
            assert_int_equal(turn(signaled), WM_RUNNING);
        raise(SIGUSR1);
        assert_canceled(signaled);
    }
    sigaction(SIGUSR1, &before, NULL);
}

static void *cancel_soon(void *user)
{
    poll(NULL, 0, 5);
    wm_job_cancel(user);
    return NULL;
}

static void another_thread_can_cancel_a_job(void **state)
{
    (void)state;
    for (int workers = 0; workers < 4; workers++) {
        wm_options o = job_options(workers, 256);
        pthread_t thread;
        o.output = files.output;
        wm_job *job = start(&o, files.big);
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, job), 0);
        assert_int_equal(turn_until_end(job), WM_ECANCELED);
        pthread_join(thread, NULL);
        assert_canceled(job);
    }
}

/* Cancels the job at its hundredth line. */
static int cancel_inside(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)mapper;
    (void)record;
    (void)size;
    if (++*(uint64_t *)user == 100)
        wm_job_cancel(signaled);
    return 0;
}

static void a_task_in_the_calling_process_ends_early(void **state)
{
    (void)state;
    uint64_t n_lines = 0;
    wm_options o = job_options(0, 1 << 30);
    o.output = files.output;
    o.map = cancel_inside;
    o.map_user = &n_lines;
    signaled = start(&o, files.big);
    assert_int_equal(turn_until_end(signaled), WM_ECANCELED);
    assert_canceled(signaled);
    assert_in_range(n_lines, 100, 200);
}

struct reader {
    wm_job *job;
    int fd;
    int done; /* a pipe: readable once the job has ended */
    int too_late;
};

/* Cancels a job that writes to a full pipe, and reads it only if that has no effect. */
static void *cancel_then_read(void *user)
{
    struct reader *reader = user;
    struct pollfd done = {reader->done, POLLIN, 0};
    char buffer[65536];
    if (poll(&done, 1, 300) == 0)
        wm_job_cancel(reader->job);
    if (poll(&done, 1, 3000) > 0)
        return NULL;
    reader->too_late = 1;
    while (read(reader->fd, buffer, sizeof buffer) > 0)
        continue;
    return NULL;
}

static void a_job_whose_output_nobody_reads_can_be_canceled(void **state)
{
    (void)state;
    int out[2], done[2];
    pthread_t thread;
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(done, O_CLOEXEC), 0);
    wm_options o = job_options(2, 0);
    o.output_fd = out[1];
    wm_job *job = start(&o, files.big);
    struct reader reader = {job, out[0], done[0], 0};
    assert_int_equal(pthread_create(&thread, NULL, cancel_then_read, &reader), 0);
    int rc = turn_until_end(job);
    close(done[1]);
    wm_job_free(job);
    close(out[1]);
    pthread_join(thread, NULL);
    close(out[0]);
    close(done[0]);
    assert_false(reader.too_late);
    assert_int_equal(rc, WM_ECANCELED);
    assert_no_trace();
}

struct patience {
    int n_calls, most;
    enum wm_phase last;
};

static int lose_patience(const wm_progress *progress, void *user)
{
    struct patience *patience = user;
    patience->last = progress->phase;
    return ++patience->n_calls == patience->most;
}

/* Also in wm_job_start, before the host knows the job. */
static void on_progress_can_cancel_a_job(void **state)
{
    (void)state;
    int n_canceled = 0;
    for (int i = 0; i < 60; i++) {
        struct patience patience = {.most = 1 + i / 6};
        wm_options o = job_options(i % 3, 8192);
        wm_result *result = UNTOUCHED;
        wm_error error = {0};
        o.output = files.output;
        o.on_progress = lose_patience;
        o.progress_user = &patience;
        int rc;
        if (i % 2) {
            rc = wm_run(&o, &files.big, 1, &result, &error);
        } else {
            wm_job *job = start(&o, files.big);
            turn_until_end(job);
            rc = wm_job_result(job, &result, &error);
            wm_job_free(job);
        }
        if (rc == 0) { /* it was done before, or when it was asked for the last time */
            assert_true(patience.n_calls < patience.most || patience.last == WM_PHASE_DONE);
            assert_true(is_result(result, &files.big_sample.expected));
            wm_result_free(result);
            unlink(files.output);
        } else {
            assert_int_equal(rc, WM_ECANCELED);
            assert_string_equal(error.message, "canceled");
            assert_true(result == UNTOUCHED);
            n_canceled++;
        }
        assert_no_trace();
    }
    assert_true(n_canceled >= 12);
}

static void a_job_can_be_freed_at_any_time(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        wm_options o = job_options(i % 3, 8192);
        o.output = files.output;
        wm_job *job = start(&o, files.big);
        for (int turns = 0; turns < 20 * (i / 3) && turn(job) == WM_RUNNING; turns++)
            continue;
        wm_job_free(job);
        unlink(files.output); /* it may be done by then */
        assert_no_trace();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_handler_can_cancel_a_job),
        cmocka_unit_test(another_thread_can_cancel_a_job),
        cmocka_unit_test(a_task_in_the_calling_process_ends_early),
        cmocka_unit_test(a_job_whose_output_nobody_reads_can_be_canceled),
        cmocka_unit_test(on_progress_can_cancel_a_job),
        cmocka_unit_test(a_job_can_be_freed_at_any_time),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
