/*
 * Between the scheduler, which knows tasks by number, and the pool, which carries bytes: makes a
 * task's message, and hands answers on. A worker that says what it cannot say has broken the
 * protocol and is ended.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "base/wide.h"
#include "error.h"
#include "job/job.h"
#include "words/entry.h"

/* What runs leave: to the blocks of pipes, which have to lie in memory, and to the text. */
static size_t reserved_extents(const struct wm_job *job)
{
    if (job->spill_error || job->stage == STAGE_ORDER)
        return 0;
    return job->arena.n_extents / (job->stage == STAGE_MAP && job->n_streams > 0 ? 2 : 8);
}

/*
 * Gives the worker room for its next run, in a part of the arena of its own: side by side with the
 * grant of another, what a small run gives back would be a hole too small for any grant.
 */
static int send_grant(struct wm_job *job, uint32_t worker)
{
    struct hand *hand = &job->hands[worker];
    uint32_t start = (uint32_t)((uint64_t)worker * job->arena.n_extents / job->n_workers);
    int rc = CODE_LIMIT;
    if (extents_free(&job->arena) > reserved_extents(job))
        rc = arena_take_from(&job->arena, start, context_grant_size(&job->spec), &hand->grant);
    if (rc < 0)
        rc = spill_take(job, context_spill_grant_size(&job->spec), &hand->grant);
    if (rc < 0)
        return rc;
    pool_send(&job->pool, worker, MESSAGE_GRANT, &hand->grant, sizeof hand->grant, NULL, 0);
    return 0;
}

static void send_map(struct wm_job *job, uint32_t worker, uint32_t number)
{
    const struct map_task *task = &job->partitions.tasks[number];
    struct message_map message = {.task = number,
                                  .input = task->input,
                                  .start = task->start,
                                  .end = task->end,
                                  .skip_lines = task->skip_lines,
                                  .n_lines = task->n_lines,
                                  .block = task->block,
                                  .last = task->last,
                                  .format = job->inputs.formats[task->input]};
    const uint64_t *skips = NULL;
    if (task->crashes) {
        skips = task->crashes->skips;
        message.n_skips = task->crashes->n_skips;
    }
    pool_send(&job->pool, worker, MESSAGE_MAP, &message, sizeof message, skips,
              message.n_skips * sizeof *skips);
}

struct message_slice job_slice(const struct wm_job *job, const struct entry *lower,
                               const struct entry *upper)
{
    return (struct message_slice){.runs = (uint64_t)job->lists_extents.first * EXTENT_SIZE,
                                  .n_runs = job->n_final,
                                  .lower = lower ? arena_place(&job->arena, lower) : 0,
                                  .upper = upper ? arena_place(&job->arena, upper) : 0};
}

static void send_reduce(struct wm_job *job, uint32_t worker, uint32_t number)
{
    struct message_reduce message;
    reduce_task(job, number, &message);
    pool_send(&job->pool, worker, MESSAGE_REDUCE, &message, sizeof message, NULL, 0);
    job->stats.reduce_tasks++;
}

static void send_rank(struct wm_job *job, uint32_t worker, uint32_t number)
{
    struct message_rank message;
    rank_task(job, number, &message);
    pool_send(&job->pool, worker, MESSAGE_RANK, &message, sizeof message, NULL, 0);
}

static void send_order(struct wm_job *job, uint32_t worker, uint32_t number)
{
    const struct entry *lower = number > 0 ? job->bounds[number - 1] : NULL;
    const struct entry *upper = number + 1 < job->n_slices ? job->bounds[number] : job->upper;
    struct message_order message = {.task = number, .slice = job_slice(job, lower, upper)};
    wide_split(job->spec.columns.sum, message.total);
    pool_send(&job->pool, worker, MESSAGE_ORDER, &message, sizeof message, NULL, 0);
}

static int is_there(const struct wm_job *job, uint32_t worker)
{
    if (job->pool.inline_worker)
        return worker == 0;
    return job->pool.processes[worker] && !job->hands[worker].dismissed;
}

/*
 * A map function may wait for something, so all workers map. Of the other stages no more get tasks
 * than there are CPUs: each that does makes tables and touches shared pages anew.
 */
static uint32_t n_wanted(const struct wm_job *job)
{
    if (job->stage != STAGE_REDUCE && job->stage != STAGE_RANK && job->stage != STAGE_ORDER)
        return job->n_workers;
    return job->n_busy;
}

/* Whether the worker has done all that one may do in its life, or has got it to do. */
static int is_spent(const struct wm_job *job, uint32_t worker)
{
    uint32_t max = job->options.max_tasks_per_worker;
    return max > 0 && job->hands[worker].n_given >= max && !job->pool.inline_worker;
}

/*
 * While the reader of the output takes its time, no more of it is made, or it would pile up; but
 * tasks of dead workers are done again, since the reader may be waiting for them.
 */
static int is_stalled(const struct wm_job *job)
{
    return job->stage == STAGE_ORDER && job->output.watch.on && job->schedule.n_again == 0;
}

static void send_task(struct wm_job *job, uint32_t worker, uint32_t task)
{
    job->hands[worker].n_given++;
    job->hands[worker].n_still = 0;
    switch (job->stage) {
    case STAGE_SPLIT:
        pool_send(&job->pool, worker, MESSAGE_SPLIT, &job->splits[task], sizeof *job->splits, NULL,
                  0);
        break;
    case STAGE_MAP:
        send_map(job, worker, task);
        break;
    case STAGE_REDUCE:
        send_reduce(job, worker, task);
        break;
    case STAGE_RANK:
        send_rank(job, worker, task);
        break;
    case STAGE_ORDER:
        if (job->is_direct)
            send_reduce(job, worker, task);
        else
            send_order(job, worker, task);
        break;
    case STAGE_FINISH:
    case STAGE_MERGE:
    case STAGE_ENDED:
        break;
    }
}

static void hand_out(struct wm_job *job, uint32_t worker)
{
    uint64_t now = uv_now(&job->loop);
    uint32_t task;
    while (!is_spent(job, worker) && !is_stalled(job) &&
           (task = schedule_next(&job->schedule, worker, now)) != SCHEDULE_NONE)
        send_task(job, worker, task);
    if (is_spent(job, worker) && schedule_running(&job->schedule, worker) == SCHEDULE_NONE)
        pool_retire(&job->pool, worker);
    watchdog_expect(job);
}

void dispatch_backups(struct wm_job *job)
{
    uint64_t now = uv_now(&job->loop);
    uint32_t task;
    job->is_overdue = 0;
    /* A backup must not be what the memory is too small for. */
    if (job->arena.n_used > job->arena.n_extents / 2)
        return;
    for (uint32_t i = 0; i < job->n_workers; i++) {
        if (!is_there(job, i) || schedule_running(&job->schedule, i) != SCHEDULE_NONE ||
            is_spent(job, i) || is_stalled(job))
            continue;
        task = schedule_straggler(&job->schedule, now);
        if (task == SCHEDULE_NONE)
            break;
        schedule_back_up(&job->schedule, i, task, now);
        job->stats.backups++;
        send_task(job, i, task);
    }
    if (schedule_overdue(&job->schedule) > now)
        watchdog_expect(job);
}

void dispatch_all(struct wm_job *job)
{
    uint32_t n = n_wanted(job);
    for (uint32_t i = 0; i < job->n_workers && n > 0; i++) {
        if (!is_there(job, i))
            continue;
        hand_out(job, i);
        n--;
    }
}

static int on_ready(void *user, uint32_t worker)
{
    struct wm_job *job = user;
    job->hands[worker].n_given = 0;
    return send_grant(job, worker);
}

static int on_run(struct wm_job *job, uint32_t worker, const struct message_run *message)
{
    int rc = account_take(job, worker, message);
    return rc != 0 ? rc : send_grant(job, worker);
}

static int on_done(struct wm_job *job, uint32_t worker, const struct message_done *done)
{
    struct hand *hand = &job->hands[worker];
    int counts = schedule_done(&job->schedule, worker, done->task, uv_now(&job->loop));
    if (counts < 0)
        return POOL_NONSENSE;
    job->stats.busy_seconds[job->phase] += (double)done->busy * 1e-9;
    pool_progress(&job->pool);
    if (!counts) {
        account_discard(job, hand);
        return 0;
    }
    if (account_commit(job, hand, done) < 0)
        return error_memory(&job->error);
    account_settle_or_dismiss(job, done->task);
    int rc = 0;
    if (job->stage == STAGE_MAP && job->n_streams == 0)
        rc = spill_forecast(job, job->stats.run_bytes, job->stats.bytes, job->inputs.size);
    else if (job->stage == STAGE_REDUCE && job->round.n_groups == 1)
        rc = spill_forecast(job, job->round_bytes, job->schedule.n_tasks - job->schedule.n_left,
                            job->schedule.n_tasks);
    return rc;
}

static int on_failed(struct wm_job *job, uint32_t worker, const struct message_failed *message)
{
    struct hand *hand = &job->hands[worker];
    if (message->text_size > MESSAGE_TEXT_MAX)
        return POOL_NONSENSE;
    if (message->task == PROGRESS_NO_TASK) /* it cannot even begin */
        return failure_explain(job, message, NULL);
    int counts = schedule_done(&job->schedule, worker, message->task, uv_now(&job->loop));
    if (counts < 0)
        return POOL_NONSENSE;
    account_discard(job, hand);
    if (!counts)
        return 0;
    int in_input = message->code == WM_EOPEN || message->code == WM_EREAD ||
                   message->code == WM_ECHANGED || message->code == WM_EDAMAGED ||
                   message->code == WM_EBADLINE || message->code == WM_ETABLE ||
                   message->code == WM_EVERSION;
    if (job->stage == STAGE_MAP && in_input) {
        account_settle_or_dismiss(job, message->task);
        failure_keep_first(job, message);
        return 0;
    }
    struct map_task memory;
    const struct map_task *place = failure_place(job, message->task, &memory);
    return failure_explain(job, message, job->stage == STAGE_MAP ? NULL : place);
}

static int on_lines(struct wm_job *job, uint32_t worker, const struct message_lines *message,
                    size_t size)
{
    if (job->stage != STAGE_SPLIT || message->task != schedule_running(&job->schedule, worker) ||
        size != sizeof *message + message->n_blocks * sizeof(uint32_t))
        return POOL_NONSENSE;
    const struct message_split *split = &job->splits[message->task];
    uint64_t start = job->inputs.items[split->input].share_start;
    uint64_t n = (split->end - split->start + SPLIT_BLOCK_SIZE - 1) / SPLIT_BLOCK_SIZE;
    if (message->n_blocks != n)
        return POOL_NONSENSE;
    memcpy(job->in_block[split->input] + (split->start - start) / SPLIT_BLOCK_SIZE, message + 1,
           n * sizeof(uint32_t));
    return 0;
}

static int on_message(void *user, uint32_t worker, const struct message_header *header,
                      const void *payload)
{
    struct wm_job *job = user;
    switch (header->type) {
    case MESSAGE_RUN:
        return on_run(job, worker, payload);
    case MESSAGE_LINES:
        return on_lines(job, worker, payload, header->size);
    case MESSAGE_DONE:
        return on_done(job, worker, payload);
    case MESSAGE_FAILED:
        return on_failed(job, worker, payload);
    default:
        return POOL_NONSENSE;
    }
}

static int on_exhausted(void *user, int error)
{
    struct wm_job *job = user;
    char words[64];
    if (error == 0)
        return error_set(&job->error, WM_EWORKER, "workers keep dying: see the system's log");
    if (error == ENOMEM)
        return error_memory(&job->error);
    return error_set(&job->error, WM_EFORK, "cannot replace a worker: %s",
                     error_system(error, words, sizeof words));
}

static void on_child(void *user)
{
    struct wm_job *job = user;
    if (job->options.output)
        close(job->output.fd);
    if (job->options.rejects)
        close(job->rejects.output.fd);
    for (uint32_t i = 0; i < job->n_streams; i++)
        if (job->streams[i].owns_fd && job->streams[i].fd >= 0)
            close(job->streams[i].fd);
}

const struct pool_events dispatch_events = {on_ready,     on_message, dispatch_death,
                                            on_exhausted, on_child,   NULL};
