/*
 * The life of a job as its host has it: once it is prepared its loop runs, a step at a time. Events
 * only note what happened; then one turn acts on all of it, and a job ends there and nowhere else.
 * wm_run is nothing but these steps in a loop.
 */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/result.h"
#include "dispatch/dispatch.h"
#include "dispatch/watchdog.h"
#include "error.h"
#include "job/parts.h"
#include "job/prepare.h"
#include "plan/options.h"
#include "plan/releases.h"
#include "plan/values.h"
#include "plan/words.h"
#include "stages/phase.h"
#include "stages/reduce.h"

static void job_end(struct wm_job *job, int code)
{
    struct flow *flow = &job->flow;
    phase_enter(flow, WM_PHASE_DONE);
    job->outcome.code = code;
    if (code == 0)
        job->outcome.error = (wm_error){0};
    output_release(&flow->output);
    rejects_release(&flow->rejects);
    pool_end(&job->crew.pool);
    blocks_close(&flow->blocks);
    pipeline_close(flow);
    loop_stop_ticker(&job->loop);
    watchdog_stop(&job->crew);
}

/* What is to be done about the events so far. 0: the job is done; WM_RUNNING, TURN_AGAIN, or what
 * failed. */
static int act(struct wm_job *job)
{
    const struct pool *pool = &job->crew.pool;
    if (atomic_load(&job->loop.canceled) || job->flow.is_unwanted)
        return error_set(&job->outcome.error, WM_ECANCELED, "canceled");
    int rc = pool->code < 0 ? pool->code : pipeline_advance(&job->pipeline, &job->flow);
    if (rc == WM_RUNNING)
        dispatch_backups(&job->crew);
    return rc >= 0 && pool->code < 0 ? pool->code : rc;
}

/* Memory is given back step by step, as it takes long. Nothing else can happen to the job. */
static void tidy(struct wm_job *job)
{
    job->outcome.again = arena_drop_free(&job->plan.arena);
    job->outcome.code = job->outcome.again ? WM_RUNNING : 0;
}

static void take_turn(struct wm_job *job)
{
    int rc = job->outcome.is_over ? 0 : act(job);
    job->outcome.again = rc == TURN_AGAIN;
    if (rc > 0)
        watchdog_update(&job->crew);
    else if (!job->outcome.is_over)
        job_end(job, rc);
    job->outcome.is_over = rc == 0;
    if (rc == 0)
        tidy(job);
}

/*
 * What a job does it does to processes and descriptors of the one that started it, which a fork of
 * that has no say in. 0 or WM_EINVAL.
 */
static int check(const wm_job *job, wm_error *error)
{
    if (!job)
        return error_null(error, "the job");
    if (job->pid != getpid())
        return error_set(error, WM_EINVAL, "the job is that of another process, %d", (int)job->pid);
    return 0;
}

int wm_job_start_inputs(const wm_options *options, const wm_input *inputs, size_t n_inputs,
                        wm_job **result, wm_error *error)
{
    if (!options || !result)
        return error_null(error, options ? "what the job goes to" : "options");
    if (!inputs && n_inputs > 0)
        return error_null(error, "the array of inputs");
    struct wm_job *job = calloc(1, sizeof *job);
    /* Now, since a job that is done must not fail any more. */
    struct wm_result *memory = malloc(sizeof *memory);
    if (!job || !memory) {
        free(job);
        free(memory);
        return error_memory(error);
    }
    job->pid = getpid();
    job->outcome.result = memory;
    job->outcome.code = WM_RUNNING;
    int rc = options_take(&job->plan.options, options, &job->outcome.error);
    if (rc == 0 && options_keep(&job->plan.options, &job->plan.kept) < 0)
        rc = error_memory(&job->outcome.error);
    if (rc == 0)
        rc = prepare(job, inputs, n_inputs);
    if (rc < 0) {
        if (error)
            *error = job->outcome.error;
        wm_job_free(job);
        return rc;
    }
    job->flow.is_reported = 1;
    if (job->plan.options.on_progress)
        loop_start_ticker(&job->loop);
    take_turn(job);
    *result = job;
    return 0;
}

/* Files by their paths. NULL: no memory. */
static wm_input *inputs_of(const char *const *paths, size_t n_paths)
{
    wm_input *inputs = calloc(n_paths + 1, sizeof *inputs);
    for (size_t i = 0; inputs && i < n_paths; i++)
        inputs[i].path = paths[i];
    return inputs;
}

int wm_job_start(const wm_options *options, const char *const *paths, size_t n_paths,
                 wm_job **result, wm_error *error)
{
    if (!options || !result)
        return error_null(error, options ? "what the job goes to" : "options");
    if (!paths && n_paths > 0)
        return error_null(error, "the array of paths");
    wm_input *inputs = inputs_of(paths, n_paths);
    if (!inputs)
        return error_memory(error);
    int rc = wm_job_start_inputs(options, inputs, n_paths, result, error);
    free(inputs);
    return rc;
}

int wm_job_fd(const wm_job *job)
{
    int rc = check(job, NULL);
    return rc < 0 ? rc : uv_backend_fd(&job->loop.uv);
}

/* Whether the loop has descriptors that the kernel does not know yet. From libuv 1.44 on
 * uv_backend_timeout is 0 then. */
static int has_unwatched(const uv_loop_t *loop)
{
#if UV_VERSION_HEX < 0x012c00
    return loop->watcher_queue[0] != (const void *)loop->watcher_queue;
#else
    (void)loop;
    return 0;
#endif
}

int wm_job_timeout(const wm_job *job)
{
    int rc = check(job, NULL);
    if (rc < 0)
        return rc;
    if (job->outcome.code != WM_RUNNING || job->outcome.again || pool_is_ready(&job->crew.pool) ||
        has_unwatched(&job->loop.uv))
        return 0;
    return uv_backend_timeout(&job->loop.uv);
}

int wm_job_step(wm_job *job)
{
    int rc = check(job, NULL);
    if (rc < 0)
        return rc;
    if (job->outcome.code == WM_RUNNING) {
        uv_run(&job->loop.uv, UV_RUN_NOWAIT);
        pool_step(&job->crew.pool);
        take_turn(job);
    }
    return job->outcome.code;
}

void wm_job_cancel(wm_job *job)
{
    if (check(job, NULL) == 0)
        loop_cancel(&job->loop);
}

static void count_format(unsigned format, wm_stats *stats)
{
    if (format != WM_FORMAT_AUTO)
        stats->inputs[format < WM_N_FORMATS ? format : WM_FORMAT_COUNTS]++;
}

/* Lines that are no data, and that no task has seen. */
static void count_header(uint64_t n_lines, wm_stats *stats)
{
    stats->lines += n_lines;
    stats->filtered += n_lines;
}

static void count_inputs(const struct inputs *inputs, wm_stats *stats)
{
    for (size_t i = 0; i < inputs->n; i++) {
        const struct members *members = &inputs->members[i];
        count_format(inputs->formats[i], stats);
        if (inputs_has_front(inputs, i))
            count_header(inputs->items[i].n_header, stats);
        for (size_t j = 0; j < members->n; j++) {
            count_format(members->items[j].format, stats);
            count_header(members->items[j].n_header, stats);
        }
    }
}

/* Ngram files, and what may have been made of them. */
static uint64_t count_entries(const wm_stats *stats)
{
    uint64_t n = 0;
    for (int format = 0; format < WM_N_FORMATS; format++)
        n += format == WM_FORMAT_TEXT ? 0 : stats->inputs[format];
    return n;
}

static void finish_stats(struct wm_job *job)
{
    wm_stats *stats = &job->outcome.stats;
    crew_count(&job->crew, stats);
    count_inputs(&job->plan.inputs, stats);
    stats->warnings |= words_warn(&job->plan, count_entries(stats)) |
                       releases_warn(&job->plan.inputs) | options_warn(&job->plan.options) |
                       values_warn(&job->plan) | job->plan.warnings;
    if (stats->spilled_runs > 0 && job->plan.spill.is_memory)
        stats->warnings |= WM_WARN_SPILLED_TO_MEMORY;
    stats->words = job->flow.final.n_words;
    stats->partitions = job->plan.partitions.n;
    stats->peak_arena = (uint64_t)job->plan.arena.n_peak * EXTENT_SIZE;
    stats->seconds = (double)(job->flow.phase_time - job->flow.start_time) * 1e-9;
}

int wm_job_result(wm_job *job, wm_result **result, wm_error *error)
{
    int rc = check(job, error);
    if (rc < 0)
        return rc;
    if (!result)
        return error_null(error, "what the result goes to");
    struct outcome *outcome = &job->outcome;
    struct plan *plan = &job->plan;
    if (outcome->code == WM_RUNNING)
        return error_set(error, WM_EINVAL, "the job is still running");
    if (outcome->code != 0) {
        if (error)
            *error = outcome->error;
        return outcome->code;
    }
    if (!outcome->result)
        return error_set(error, WM_EINVAL, "the result was taken already");
    finish_stats(job);
    inputs_leave(&plan->inputs);
    arena_seal_spill(&plan->arena);
    arena_fit(&plan->arena);
    *outcome->result = (struct wm_result){.arena = plan->arena,
                                          .final = job->flow.final,
                                          .order = plan->spec.order,
                                          .columns = plan->spec.columns,
                                          .totals = plan->totals,
                                          .stats = outcome->stats};
    plan->arena = (struct arena){0};
    plan->totals = (struct totals){0};
    job->flow.final = (struct final){0};
    *result = outcome->result;
    outcome->result = NULL;
    return 0;
}

static void release_flow(struct flow *flow)
{
    pipeline_release(flow);
    reduce_release(flow->rounds);
    blocks_release(&flow->blocks);
    final_release(&flow->final);
    free(flow->runs.items);
}

static void release_plan(struct plan *plan)
{
    partitions_release(&plan->partitions);
    inputs_release(&plan->inputs);
    words_release(plan);
    totals_release(&plan->totals);
    progress_free(plan->spec.progress);
    spill_release(&plan->spill);
    arena_release(&plan->arena);
    free(plan->kept);
}

/*
 * In a fork of the process that has the job: nothing that both share may change, and descriptors
 * with these numbers may be others by now. So memory alone is given back, but for the little that
 * libuv has.
 */
static void forget_all_but_memory(struct wm_job *job)
{
    output_forget(&job->flow.output);
    output_forget(&job->flow.rejects.output);
    blocks_forget(&job->flow.blocks);
    pool_forget(&job->crew.pool);
    job->plan.arena.spill.fd = -1;
    job->loop.is_open = 0;
}

void wm_job_free(wm_job *job)
{
    if (!job)
        return;
    if (job->pid != getpid())
        forget_all_but_memory(job);
    output_release(&job->flow.output);
    envelope_release(&job->flow.envelope);
    rejects_release(&job->flow.rejects);
    if (job->loop.is_open) {
        pool_stop(&job->crew.pool);
        blocks_close(&job->flow.blocks);
        pipeline_close(&job->flow);
        loop_close(&job->loop);
    }
    crew_release(&job->crew);
    release_flow(&job->flow);
    release_plan(&job->plan);
    free(job->outcome.result);
    free(job);
}

static int run(wm_job *job, wm_result **result, wm_error *error)
{
    int rc;
    do {
        struct pollfd fd = {wm_job_fd(job), POLLIN, 0};
        poll(&fd, 1, wm_job_timeout(job));
        rc = wm_job_step(job);
    } while (rc == WM_RUNNING);
    rc = wm_job_result(job, result, error);
    wm_job_free(job);
    return rc;
}

int wm_run(const wm_options *options, const char *const *paths, size_t n_paths, wm_result **result,
           wm_error *error)
{
    wm_job *job;
    if (!result)
        return error_null(error, "what the result goes to");
    int rc = wm_job_start(options, paths, n_paths, &job, error);
    return rc < 0 ? rc : run(job, result, error);
}

int wm_run_inputs(const wm_options *options, const wm_input *inputs, size_t n_inputs,
                  wm_result **result, wm_error *error)
{
    wm_job *job;
    if (!result)
        return error_null(error, "what the result goes to");
    int rc = wm_job_start_inputs(options, inputs, n_inputs, &job, error);
    return rc < 0 ? rc : run(job, result, error);
}
