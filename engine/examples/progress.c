/*
 * A job in the loop of a libuv program: it shows how far it is, and Ctrl-C cancels it. Whatever
 * else the program has in its loop goes on meanwhile, since no step of the job blocks.
 *
 *     progress FILE...
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <uv.h>

#include <wordmill.h>

static wm_job *job;
static uv_poll_t ready;  /* on the job's descriptor */
static uv_timer_t timer; /* for its timeout */
static uv_signal_t interrupt;

static void on_time(uv_timer_t *handle)
{
    int rc = wm_job_step(job), timeout = wm_job_timeout(job);
    uv_timer_stop(&timer);
    if (rc != WM_RUNNING)
        uv_stop(handle->loop);
    else if (timeout >= 0)
        uv_timer_start(&timer, on_time, (uint64_t)timeout, 0);
}

static void on_ready(uv_poll_t *handle, int status, int events)
{
    (void)handle, (void)status, (void)events;
    on_time(&timer);
}

static void on_interrupt(uv_signal_t *handle, int number)
{
    (void)handle, (void)number;
    wm_job_cancel(job);
}

static int on_progress(const wm_progress *p, void *user)
{
    (void)user;
    printf("%" PRIu64 " of %" PRIu64 " partitions, %" PRIu64 " lines\n", p->tasks_done, p->tasks,
           p->lines);
    return 0; /* anything else would cancel the job */
}

int main(int argc, char **argv)
{
    uv_loop_t *loop = uv_default_loop();
    const char *const *paths = (const char *const *)argv + 1;
    wm_options options;
    wm_error error;
    wm_result *result;

    wm_options_init(&options);
    options.on_progress = on_progress;
    if (wm_job_start(&options, paths, (size_t)argc - 1, &job, &error) < 0) {
        fprintf(stderr, "progress: %s\n", error.message);
        return 1;
    }
    uv_timer_init(loop, &timer);
    uv_timer_start(&timer, on_time, 0, 0);
    uv_poll_init(loop, &ready, wm_job_fd(job));
    uv_poll_start(&ready, UV_READABLE, on_ready);
    uv_signal_init(loop, &interrupt);
    uv_signal_start(&interrupt, on_interrupt, SIGINT);
    uv_run(loop, UV_RUN_DEFAULT);

    int rc = wm_job_result(job, &result, &error);
    if (rc == 0) {
        printf("%" PRIu64 " words\n", wm_result_size(result));
        wm_result_free(result);
    } else {
        fprintf(stderr, "progress: %s\n", error.message);
    }
    uv_poll_stop(&ready); /* before the job closes what it is on */
    wm_job_free(job);
    return rc < 0;
}
