/*
 * What comes after what:
 *
 *     [split] -> map -> reduce round -> ... -> last round -> [rank] -> [order] -> finish
 *
 * A stage is a set of tasks for the scheduler; between two stages the coordinator plans the next
 * from what the last one committed. split is only for partition_lines, rank only for ranks, order
 * only for an output; if nothing but the output is wanted, the last round is the order stage.
 * finish has no tasks: it writes the rejects and puts the files in their places.
 */
#include <stdlib.h>

#include "error.h"
#include "job/job.h"
#include "runs/gather.h"

/* Slices per worker at least, so that writing the first overlaps with the making of the others. */
#define SLICES_PER_WORKER 8
#define SLICE_WORDS_MIN 4096
#define SLICE_WORDS_MAX 65536 /* more are sorted outside the cache */

/* The scheduler gets the n tasks of a new stage, and no more. */
static int begin_tasks(struct wm_job *job, uint32_t n)
{
    schedule_reset(&job->schedule);
    schedule_close(&job->schedule);
    return schedule_add(&job->schedule, n) < 0 ? error_memory(&job->error) : 0;
}

static int begin_map(struct wm_job *job)
{
    job->stage = STAGE_MAP;
    job_enter_phase(job, WM_PHASE_MAP);
    schedule_reset(&job->schedule);
    if (schedule_add(&job->schedule, job->partitions.n) < 0)
        return error_memory(&job->error);
    if (job->n_streams == 0)
        schedule_close(&job->schedule);
    return 0;
}

static int plan_splits(struct wm_job *job)
{
    uint32_t n = 0, n_max = 0;
    const uint64_t task_size = (uint64_t)SPLIT_BLOCK_SIZE * SPLIT_TASK_BLOCKS;
    job->in_block = calloc(job->inputs.n + 1, sizeof *job->in_block);
    if (!job->in_block)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < job->inputs.n; i++) {
        const struct input *input = &job->inputs.items[i];
        if (!job->inputs.is_stream[i])
            n_max += (uint32_t)((input->share_end - input->share_start) / task_size + 1);
    }
    job->splits = calloc(n_max + 1, sizeof *job->splits);
    if (!job->splits)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < job->inputs.n; i++) {
        const struct input *input = &job->inputs.items[i];
        if (job->inputs.is_stream[i])
            continue;
        uint64_t end = input->share_end;
        job->in_block[i] =
            calloc((end - input->share_start) / SPLIT_BLOCK_SIZE + 1, sizeof(uint32_t));
        if (!job->in_block[i])
            return error_memory(&job->error);
        for (uint64_t at = input->share_start; at < end; at += task_size) {
            uint64_t task_end = end - at < task_size ? end : at + task_size;
            job->splits[n] = (struct message_split){n, i, at, task_end, SPLIT_BLOCK_SIZE};
            n++;
        }
    }
    return begin_tasks(job, n);
}

static int end_split(struct wm_job *job)
{
    for (uint32_t i = 0; i < job->inputs.n; i++) {
        const struct input *input = &job->inputs.items[i];
        if (job->inputs.is_stream[i] || input->share_start == input->share_end)
            continue;
        int rc = partitions_cut_lines(&job->partitions, input, i, job->in_block[i],
                                      job->options.partition_lines, &job->error);
        if (rc < 0)
            return rc;
    }
    return begin_map(job);
}

int stage_begin(struct wm_job *job)
{
    int rc = blocks_open(job);
    if (rc < 0)
        return rc;
    if (job->options.partition_lines == 0 || job->inputs.size == 0)
        return begin_map(job);
    job->stage = STAGE_SPLIT;
    job_enter_phase(job, WM_PHASE_SPLIT);
    return plan_splits(job);
}

/* Where the first options.top words end. */
static int cut_top(struct wm_job *job)
{
    if (job->options.top == 0 || job->n_words <= job->options.top)
        return 0;
    if (gather_nth(&job->arena, job->spec.order, job->final, job->n_final, job->options.top,
                   &job->upper) < 0)
        return error_memory(&job->error);
    job->n_words = job->options.top;
    return 0;
}

static uint32_t choose_slices(const struct wm_job *job)
{
    uint64_t n = job->n_words / SLICE_WORDS_MIN + 1;
    uint64_t n_max = SLICES_PER_WORKER * job->n_busy;
    if (n_max < job->n_words / SLICE_WORDS_MAX)
        n_max = job->n_words / SLICE_WORDS_MAX;
    return (uint32_t)(n < n_max ? n : n_max);
}

/* n slices of the output, in the order of it. */
static int begin_slices(struct wm_job *job, uint32_t n)
{
    job->n_slices = n;
    job->stage = STAGE_ORDER;
    job->slices = calloc(n + 1, sizeof *job->slices);
    return job->slices ? begin_tasks(job, n) : error_memory(&job->error);
}

static int begin_order(struct wm_job *job)
{
    /* Without words there is nothing to merge, but the output must still come into being. */
    uint32_t n = job->n_words > 0 ? choose_slices(job) : 0;
    job->bounds = calloc(n + 1, sizeof *job->bounds);
    if (!job->bounds)
        return error_memory(&job->error);
    if (n > 0 && gather_bounds(&job->arena, job->spec.order, job->final, job->n_final, job->upper,
                               n, job->bounds) < 0)
        return error_memory(&job->error);
    return begin_slices(job, n);
}

static int begin_round(struct wm_job *job)
{
    if (job->is_direct && job->round.n_groups == 1) {
        job_enter_phase(job, WM_PHASE_WRITE);
        return begin_slices(job, job->round.n_slices);
    }
    job->stage = STAGE_REDUCE;
    return begin_tasks(job, round_n_tasks(&job->round));
}

static void count_output(struct wm_job *job, uint64_t start)
{
    job->stats.output_seconds += (double)(uv_hrtime() - start) * 1e-9;
}

static int begin_finish(struct wm_job *job)
{
    job->stage = STAGE_FINISH;
    return begin_tasks(job, 0);
}

/* WM_RUNNING: it is not over yet. */
static int end_finish(struct wm_job *job)
{
    uint64_t start = uv_hrtime();
    int rc = job->options.rejects ? rejects_write(job) : 0;
    if (rc == 0)
        rc = output_commit(&job->rejects.output, &job->error);
    if (rc == 0)
        rc = output_commit(&job->output, &job->error);
    count_output(job, start);
    if (rc == 0)
        job->stage = STAGE_ENDED;
    return rc;
}

static int begin_write(struct wm_job *job)
{
    int rc = cut_top(job);
    if (rc < 0)
        return rc;
    if (job->options.output || job->options.output_fd >= 0)
        return begin_order(job);
    return begin_finish(job);
}

static int end_reduce(struct wm_job *job)
{
    int rc = reduce_end(job);
    if (rc < 0)
        return rc;
    job_enter_phase(job, WM_PHASE_WRITE);
    if (!job->options.rank || job->n_words == 0)
        return begin_write(job);
    uint32_t n_slices = choose_slices(job);
    rc = rank_begin(job, n_slices);
    if (rc < 0)
        return rc;
    job->stage = STAGE_RANK;
    return begin_tasks(job, n_slices);
}

static int end_rank(struct wm_job *job)
{
    int rc = rank_end(job);
    return rc < 0 ? rc : begin_write(job);
}

static void time_round(struct wm_job *job)
{
    uint64_t now = uv_hrtime();
    job->stats.round_seconds[job->stats.rounds - 1] = (double)(now - job->round_time) * 1e-9;
    job->round_time = now;
}

static int end_round(struct wm_job *job)
{
    time_round(job);
    if (job->round.n_groups == 1)
        return end_reduce(job);
    int rc = reduce_next(job);
    return rc < 0 ? rc : begin_round(job);
}

static int end_map(struct wm_job *job)
{
    job_enter_phase(job, WM_PHASE_REDUCE);
    job->round_time = job->phase_time;
    if (job->failure.set)
        return failure_explain(job, &job->failure.message, &job->failure.task);
    const wm_stats *stats = &job->stats;
    if (stats->lines != stats->counted + stats->filtered + stats->rejected)
        return error_set(&job->error, WM_EPROTOCOL,
                         "internal error: of %llu lines %llu were counted, %llu filtered and %llu "
                         "rejected",
                         (unsigned long long)stats->lines, (unsigned long long)stats->counted,
                         (unsigned long long)stats->filtered, (unsigned long long)stats->rejected);
    if (job->runs.n == 0) {
        job->is_direct = 0;
        return end_reduce(job);
    }
    int rc = reduce_begin(job);
    return rc < 0 ? rc : begin_round(job);
}

/* 0, WM_RUNNING: the reader of the output has to read on first, or a WM_E code. */
static int write_slice(struct wm_job *job, struct slice *slice)
{
    for (; slice->n_written < slice->n_runs; slice->n_written++) {
        const struct message_run *run = &slice->runs[slice->n_written];
        int rc = envelope_words(&job->envelope, arena_at(&job->arena, run->extents.first),
                                run->size, &slice->offset, &job->output, &job->error);
        if (rc != 0)
            return rc;
        slice->offset = 0;
        if (arena_is_spilled(&job->arena, run->extents.first))
            arena_forget(&job->arena);
        arena_give(&job->arena, run->extents);
    }
    free(slice->runs);
    slice->runs = NULL;
    return 0;
}

int stage_write_slices(struct wm_job *job)
{
    uint64_t start = uv_hrtime();
    int rc = envelope_head(&job->envelope, &job->spec.columns, &job->output, &job->error);
    while (rc == 0 && job->n_written < job->n_slices && job->slices[job->n_written].done) {
        rc = write_slice(job, &job->slices[job->n_written]);
        job->n_written += rc == 0;
    }
    if (rc == 0 && job->n_written == job->n_slices)
        rc = envelope_tail(&job->envelope, &job->output, &job->error);
    count_output(job, start);
    return rc == WM_RUNNING ? 0 : rc;
}

static int end_order(struct wm_job *job)
{
    if (job->envelope.state != ENVELOPE_DONE)
        return WM_RUNNING;
    if (job->is_direct)
        time_round(job);
    return begin_finish(job);
}

/* The turn that follows writes. */
void stage_on_room(uv_poll_t *handle, int status, int events)
{
    (void)handle;
    (void)status;
    (void)events;
}

/* What the coordinator itself does while workers are at their tasks. 0 or a WM_E code. */
static int pump(struct wm_job *job)
{
    if (job->stage == STAGE_MAP)
        return blocks_read(job);
    return job->stage == STAGE_ORDER ? stage_write_slices(job) : 0;
}

/* WM_RUNNING: the stage is not over yet. */
static int end_stage(struct wm_job *job)
{
    switch (job->stage) {
    case STAGE_SPLIT:
        return end_split(job);
    case STAGE_MAP:
        return end_map(job);
    case STAGE_REDUCE:
        return end_round(job);
    case STAGE_RANK:
        return end_rank(job);
    case STAGE_ORDER:
        return end_order(job);
    case STAGE_FINISH:
        return end_finish(job);
    case STAGE_MERGE:
    case STAGE_ENDED:
        break;
    }
    return WM_RUNNING;
}

int stage_advance(struct wm_job *job)
{
    int rc = 0;
    if (job->stage == STAGE_MERGE)
        return sorted_step(job);
    while (rc == 0 && job->stage != STAGE_ENDED) {
        rc = pump(job);
        if (rc < 0)
            return rc;
        dispatch_all(job);
        rc = schedule_finished(&job->schedule) ? end_stage(job) : WM_RUNNING;
    }
    return rc;
}
