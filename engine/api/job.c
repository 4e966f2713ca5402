/*
 * The life of a job: once it is prepared the loop runs, a step at a time, until a stage ends the
 * job; then the memory with the sorted runs becomes the result's. wm_run is nothing but these steps
 * in a loop.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "error.h"
#include "job/job.h"

#define PROGRESS_INTERVAL 100 /* milliseconds */

void job_report(struct wm_job *job)
{
    if (!job->options.on_progress)
        return;
    uint64_t tasks, lines, bytes;
    struct progress *shared = job->spec.progress;
    if (job->sorted) {
        tasks = 0;
        lines = job->stats.lines;
        bytes = job->stats.bytes;
    } else {
        progress_read(shared, &tasks, &lines, &bytes);
    }
    for (uint32_t i = 0; job->phase == WM_PHASE_MAP && i < shared->n_slots; i++)
        if (atomic_load(&shared->slots[i].task) != PROGRESS_NO_TASK)
            bytes += atomic_load(&shared->slots[i].offset);
    wm_progress progress = {
        .phase = job->phase,
        .tasks_done = tasks,
        .tasks = job->partitions.n,
        .lines = lines,
        .bytes = bytes,
        .bytes_total = job->inputs.n_streams || job->inputs.packed_size ? 0 : job->inputs.size,
        .workers = (int)job->pool.n_alive,
        .seconds = (double)(uv_hrtime() - job->start_time) * 1e-9,
        .words = job->n_words};
    job->options.on_progress(&progress, job->options.progress_user);
}

void job_enter_phase(struct wm_job *job, enum wm_phase phase)
{
    uint64_t time = uv_hrtime();
    job->stats.phase_seconds[job->phase] += (double)(time - job->phase_time) * 1e-9;
    job->phase_time = time;
    job->phase = phase;
    if (job->started)
        job_report(job);
}

/* Ends the job with job->error. The only place where one ends. */
static void end(struct wm_job *job, int code)
{
    job_enter_phase(job, WM_PHASE_DONE);
    job->stage = STAGE_ENDED;
    job->code = code;
    if (code == 0)
        job->error = (wm_error){0};
    output_release(&job->output);
    rejects_release(&job->rejects);
    pool_end(&job->pool);
    for (uint32_t i = 0; i < job->n_streams; i++)
        stream_close(&job->streams[i]);
    sorted_end(job->sorted);
    uv_timer_stop(&job->ticker);
    uv_timer_stop(&job->watchdog);
    uv_timer_stop(&job->overdue);
}

/* What is to be done about the events so far. 0: the job is done; WM_RUNNING, JOB_AGAIN, or what
 * failed. */
static int act(struct wm_job *job)
{
    if (atomic_load(&job->canceled))
        return error_set(&job->error, WM_ECANCELED, "canceled");
    if (job->pool.code < 0)
        return job->pool.code;
    int rc = stage_advance(job);
    if (job->is_overdue && rc == WM_RUNNING)
        dispatch_backups(job);
    return rc >= 0 && job->pool.code < 0 ? job->pool.code : rc;
}

static void take_turn(struct wm_job *job)
{
    int rc = act(job);
    job->again = rc == JOB_AGAIN;
    if (rc <= 0)
        end(job, rc);
    else if (!job->sorted)
        watchdog_update(job);
}

/* The turn looks whether the job was canceled. */
static void on_wake(uv_async_t *handle)
{
    (void)handle;
}

static void on_tick(uv_timer_t *timer)
{
    job_report(timer->data);
}

int job_open_loop(struct wm_job *job)
{
    char words[64];
    int rc = uv_loop_init(&job->loop);
    if (rc == 0) {
        rc = uv_async_init(&job->loop, &job->wake, on_wake);
        if (rc < 0)
            uv_loop_close(&job->loop);
    }
    if (rc == UV_ENOMEM)
        return error_memory(&job->error);
    if (rc < 0)
        return error_set(&job->error, WM_EFORK, "cannot make an event loop: %s",
                         error_system(-rc, words, sizeof words));
    uv_timer_init(&job->loop, &job->ticker);
    uv_timer_init(&job->loop, &job->watchdog);
    uv_timer_init(&job->loop, &job->overdue);
    job->wake.data = job->ticker.data = job->watchdog.data = job->overdue.data = job;
    job->loop_open = 1;
    return 0;
}

int wm_job_start(const wm_options *options, const char *const *paths, size_t n_paths,
                 wm_job **result, wm_error *error)
{
    struct wm_job *job = calloc(1, sizeof *job);
    /* Now, since a job that is done must not fail any more. */
    struct wm_result *memory = malloc(sizeof *memory);
    if (!job || !memory) {
        free(job);
        free(memory);
        return error_memory(error);
    }
    job->result = memory;
    job->start_time = job->phase_time = uv_hrtime();
    job->code = WM_RUNNING;
    int rc = options_take(&job->options, options, &job->error);
    if (rc == 0)
        rc = prepare(job, paths, n_paths);
    if (rc < 0) {
        if (error)
            *error = job->error;
        wm_job_free(job);
        return rc;
    }
    job->started = 1;
    if (job->options.on_progress)
        uv_timer_start(&job->ticker, on_tick, PROGRESS_INTERVAL, PROGRESS_INTERVAL);
    take_turn(job);
    *result = job;
    return 0;
}

int wm_job_fd(const wm_job *job)
{
    return uv_backend_fd(&job->loop);
}

int wm_job_timeout(const wm_job *job)
{
    if (job->code != WM_RUNNING || job->again || job->pool.inline_size > 0)
        return 0;
    return uv_backend_timeout(&job->loop);
}

int wm_job_step(wm_job *job)
{
    if (job->code != WM_RUNNING)
        return job->code;
    uv_run(&job->loop, UV_RUN_NOWAIT);
    pool_step(&job->pool);
    take_turn(job);
    return job->code;
}

void wm_job_cancel(wm_job *job)
{
    atomic_store(&job->canceled, 1);
    uv_async_send(&job->wake);
}

static void finish_stats(struct wm_job *job)
{
    struct rusage usage;
    wm_stats *stats = &job->stats;
    getrusage(RUSAGE_SELF, &usage);
    stats->peak_rss = (uint64_t)usage.ru_maxrss * 1024;
    for (uint32_t i = 0; i < job->n_workers; i++) {
        uint64_t peak_rss = atomic_load(&job->spec.progress->slots[i].peak_rss);
        if (peak_rss > stats->peak_rss)
            stats->peak_rss = peak_rss;
        uint32_t probe = atomic_load(&job->spec.progress->slots[i].longest_probe);
        if (probe > stats->longest_probe)
            stats->longest_probe = probe;
    }
    stats->words = job->n_words;
    stats->partitions = job->partitions.n;
    stats->peak_arena = (uint64_t)job->arena.n_peak * EXTENT_SIZE;
    stats->messages = job->pool.n_messages;
    stats->message_bytes = job->pool.message_bytes;
    stats->workers_started = job->pool.n_started;
    stats->forks = job->pool.n_forks;
    stats->deaths = job->pool.n_deaths;
    stats->seconds = (double)(job->phase_time - job->start_time) * 1e-9;
}

int wm_job_result(wm_job *job, wm_result **result, wm_error *error)
{
    if (job->code != 0) {
        if (job->code == WM_RUNNING)
            return error_set(error, WM_EINVAL, "the job is still running");
        if (error)
            *error = job->error;
        return job->code;
    }
    if (!job->result)
        return error_set(error, WM_EINVAL, "the result was taken already");
    finish_stats(job);
    arena_drop_free(&job->arena);
    arena_seal_spill(&job->arena);
    *job->result = (struct wm_result){.arena = job->arena,
                                      .runs = job->final,
                                      .n_runs = job->n_final,
                                      .upper = job->upper,
                                      .order = job->spec.order,
                                      .cuts = job->cuts,
                                      .starts = job->final_starts,
                                      .n_slices = job->plan.n_slices,
                                      .n_words = job->n_words,
                                      .columns = job->spec.columns,
                                      .totals = job->totals,
                                      .stats = job->stats};
    job->arena = (struct arena){0};
    job->totals = (struct totals){0};
    job->final = NULL;
    job->cuts = NULL;
    job->final_starts = NULL;
    *result = job->result;
    job->result = NULL;
    return 0;
}

static void on_other_handle(uv_handle_t *handle, void *user)
{
    (void)user;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void wm_job_free(wm_job *job)
{
    if (!job)
        return;
    output_release(&job->output);
    envelope_release(&job->envelope);
    rejects_release(&job->rejects);
    if (job->loop_open) {
        pool_stop(&job->pool);
        for (uint32_t i = 0; i < job->n_streams; i++)
            stream_close(&job->streams[i]);
        sorted_end(job->sorted);
        uv_walk(&job->loop, on_other_handle, NULL);
        uv_run(&job->loop, UV_RUN_DEFAULT);
        uv_loop_close(&job->loop);
    }
    pool_release(&job->pool);
    schedule_release(&job->schedule);
    for (uint32_t i = 0; i < job->n_workers && job->hands; i++)
        free(job->hands[i].runs);
    for (uint32_t i = 0; i < job->n_slices && job->slices; i++)
        free(job->slices[i].runs);
    for (uint32_t i = 0; i < job->inputs.n && job->in_block; i++)
        free(job->in_block[i]);
    free(job->in_block);
    free(job->hands);
    free(job->slices);
    free(job->bounds);
    free(job->splits);
    free(job->streams);
    sorted_free(job->sorted);
    free(job->result);
    reduce_release(job);
    rank_release(&job->ranking);
    partitions_release(&job->partitions);
    inputs_release(&job->inputs);
    words_release(job);
    totals_release(&job->totals);
    progress_free(job->spec.progress);
    arena_release(&job->arena);
    free(job);
}

int wm_run(const wm_options *options, const char *const *paths, size_t n_paths, wm_result **result,
           wm_error *error)
{
    wm_job *job;
    int rc = wm_job_start(options, paths, n_paths, &job, error);
    if (rc < 0)
        return rc;
    do {
        struct pollfd fd = {wm_job_fd(job), POLLIN, 0};
        poll(&fd, 1, wm_job_timeout(job));
        rc = wm_job_step(job);
    } while (rc == WM_RUNNING);
    rc = wm_job_result(job, result, error);
    wm_job_free(job);
    return rc;
}
