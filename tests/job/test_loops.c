/*
 * A job in loops of the caller: stepped beside other things, in a libuv loop, behind a
 * foreground that shows progress and has a button. A step never blocks: where the readers of what a
 * job writes are in the same thread, a step that waited for one would wait for ever.
 */
#include "jobs.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <uv.h>

/* Steps the job, and reads from fd only while the job has nothing to do: waits for fd, that is. */
static int step_and_read(wm_job *job, int fd, struct bytes *got, int *n_stalls)
{
    int rc;
    while ((rc = wm_job_step(job)) == WM_RUNNING) {
        struct pollfd ready = {wm_job_fd(job), POLLIN, 0}, data = {fd, POLLIN, 0};
        char buffer[65536];
        if (poll(&ready, 1, wm_job_timeout(job) < 0 ? 3 : wm_job_timeout(job)) != 0 ||
            wm_job_timeout(job) >= 0 || poll(&data, 1, 0) != 1)
            continue;
        ssize_t n = read(fd, buffer, sizeof buffer);
        assert_true(n > 0);
        bytes_add(got, buffer, (size_t)n);
        ++*n_stalls;
    }
    return rc;
}

static void a_step_never_waits_for_the_reader_of_the_output(void **state)
{
    (void)state;
    for (int workers = 0; workers < 6; workers++) {
        struct bytes got = {0};
        int fds[2], n_stalls = 0;
        wm_options o = job_options(workers % 4, 100000);
        assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        o.output_fd = fds[1];
        if (workers > 3) /* a worker dies while it makes a slice */
            setenv("WORDMILL_FAULT", workers == 4 ? "write:1" : "write:3", 1);
        wm_job *job = start(&o, files.big);
        unsetenv("WORDMILL_FAULT");
        assert_int_equal(step_and_read(job, fds[0], &got, &n_stalls), 0);
        wm_job_free(job);
        close(fds[1]);
        assert_int_equal(bytes_read(&got, fds[0]), 0);
        close(fds[0]);
        assert_true(n_stalls > 3);
        assert_true(bytes_equal(&got, &files.big_sample.expected));
        bytes_release(&got);
        assert_nothing_left();
    }
}

static void a_step_never_waits_for_the_reader_of_the_rejects(void **state)
{
    (void)state;
    struct bytes input = {0}, expected = {0};
    char path[300], fifo[300];
    snprintf(path, sizeof path, "%s/bad", files.folder);
    snprintf(fifo, sizeof fifo, "%s/fifo", files.folder);
    for (int i = 0; i < 20000; i++) {
        bytes_print(&expected, "%s\t%d\t%zu\ttoo few fields\tbad line %d\n", path, i + 1,
                    input.size, i);
        bytes_print(&input, "bad line %d\n", i);
    }
    assert_int_equal(bytes_save(&input, path), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    int fd = open(fifo, O_RDWR | O_CLOEXEC);
    for (int workers = 0; workers < 3; workers++) {
        struct bytes got = {0};
        int n_stalls = 0;
        wm_options o = job_options(workers, 10000);
        o.format = WM_FORMAT_V2; /* and not prose */
        o.on_bad_line = WM_SKIP;
        o.rejects = fifo;
        wm_job *job = start(&o, path);
        assert_int_equal(step_and_read(job, fd, &got, &n_stalls), 0);
        wm_job_free(job);
        fcntl(fd, F_SETFL, O_NONBLOCK);
        bytes_read(&got, fd);
        fcntl(fd, F_SETFL, 0);
        assert_true(n_stalls > 3);
        assert_true(bytes_equal(&got, &expected));
        bytes_release(&got);
    }
    close(fd);
    unlink(fifo);
    unlink(path);
    bytes_release(&input);
    bytes_release(&expected);
    assert_nothing_left();
}

/* What a host that has a libuv loop needs. */
struct in_loop {
    wm_job *job;
    uv_poll_t poll;
    uv_timer_t timer;
    int rc;
};

static void step_in_loop(struct in_loop *in);

static void on_job_ready(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    step_in_loop(poll->data);
}

static void on_job_time(uv_timer_t *timer)
{
    step_in_loop(timer->data);
}

static void step_in_loop(struct in_loop *in)
{
    in->rc = wm_job_step(in->job);
    int timeout = wm_job_timeout(in->job);
    if (in->rc != WM_RUNNING) {
        uv_close((uv_handle_t *)&in->poll, NULL);
        uv_close((uv_handle_t *)&in->timer, NULL);
    } else if (timeout >= 0) {
        uv_timer_start(&in->timer, on_job_time, (uint64_t)timeout, 0);
    } else {
        uv_timer_stop(&in->timer);
    }
}

static void on_tick(uv_timer_t *timer)
{
    ++*(int *)timer->data;
}

static void jobs_can_run_in_a_libuv_loop_of_the_host(void **state)
{
    (void)state;
    uv_loop_t loop;
    uv_timer_t ticker;
    int n_ticks = 0;
    struct in_loop jobs[3];
    assert_int_equal(uv_loop_init(&loop), 0);
    uv_timer_init(&loop, &ticker);
    ticker.data = &n_ticks;
    uv_timer_start(&ticker, on_tick, 0, 1);
    uv_unref((uv_handle_t *)&ticker);
    for (int i = 0; i < 3; i++) {
        struct in_loop *in = &jobs[i];
        wm_options o = job_options(i, 10000);
        in->job = start(&o, files.big);
        uv_poll_init(&loop, &in->poll, wm_job_fd(in->job));
        uv_timer_init(&loop, &in->timer);
        in->poll.data = in->timer.data = in;
        uv_poll_start(&in->poll, UV_READABLE, on_job_ready);
        step_in_loop(in);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&ticker, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    for (int i = 0; i < 3; i++) {
        wm_result *result = NULL;
        assert_int_equal(jobs[i].rc, 0);
        assert_int_equal(wm_job_result(jobs[i].job, &result, NULL), 0);
        wm_job_free(jobs[i].job);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
    assert_true(n_ticks > 0);
    assert_nothing_left();
}

/* A foreground loop that shows progress, and whose button cancels, before a job's thread. */
struct foreground {
    wm_job *job;
    int progress[2]; /* pipes; a wm_progress at a time, and EOF at the end */
    int rc;
};

static uint64_t n_lines(const struct bytes *bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes->size; i++)
        n += bytes->data[i] == '\n';
    return n;
}

static int tell_foreground(const wm_progress *progress, void *user)
{
    struct foreground *foreground = user;
    if (write(foreground->progress[1], progress, sizeof *progress) != sizeof *progress)
        abort();
    return 0;
}

static void *step_in_thread(void *user)
{
    struct foreground *foreground = user;
    foreground->rc = turn_until_end(foreground->job);
    close(foreground->progress[1]);
    return NULL;
}

/* Presses the button when so many have been shown. */
static int show_progress(int press_at)
{
    struct foreground foreground;
    wm_progress shown = {.tasks = 0};
    pthread_t thread;
    int n = 0;
    wm_options o = job_options(2, 250);
    o.on_progress = tell_foreground;
    o.progress_user = &foreground;
    o.output = files.output;
    assert_int_equal(pipe2(foreground.progress, O_CLOEXEC), 0);
    foreground.job = start(&o, files.big);
    assert_int_equal(pthread_create(&thread, NULL, step_in_thread, &foreground), 0);
    while (read(foreground.progress[0], &shown, sizeof shown) == sizeof shown)
        if (++n == press_at)
            wm_job_cancel(foreground.job);
    pthread_join(thread, NULL);
    close(foreground.progress[0]);
    assert_int_equal(shown.phase, WM_PHASE_DONE);
    assert_true(foreground.rc < 0 || shown.words == n_lines(&files.big_sample.expected));
    wm_job_cancel(foreground.job); /* too late, and harmless */
    wm_job_free(foreground.job);
    return foreground.rc;
}

static void a_job_can_run_behind_a_foreground_with_progress_and_a_button(void **state)
{
    (void)state;
    struct bytes got = {0};
    assert_int_equal(show_progress(0), 0);
    assert_int_equal(bytes_load(&got, files.output), 0);
    assert_true(bytes_equal(&got, &files.big_sample.expected));
    bytes_release(&got);
    unlink(files.output);
    assert_int_equal(show_progress(1), WM_ECANCELED);
    assert_nothing_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_never_waits_for_the_reader_of_the_output),
        cmocka_unit_test(a_step_never_waits_for_the_reader_of_the_rejects),
        cmocka_unit_test(jobs_can_run_in_a_libuv_loop_of_the_host),
        cmocka_unit_test(a_job_can_run_behind_a_foreground_with_progress_and_a_button),
    };
    alarm(1000);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
