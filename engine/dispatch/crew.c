/*
 * The account of every extent that workers were given: what they say that they have written is
 * theirs until the task is committed, and given back if they die before.
 */
#include <stdlib.h>
#include <string.h>

#include "base/wide.h"
#include "error.h"
#include "job/job.h"

static int same_range(struct extent_range a, struct extent_range b)
{
    return a.first == b.first && a.count == b.count;
}

int account_take(struct wm_job *job, uint32_t worker, const struct message_run *message)
{
    struct hand *hand = &job->hands[worker];
    if (message->task != schedule_running(&job->schedule, worker) || message->size == 0)
        return POOL_NONSENSE;
    if (hand->grant.count == 0 || !same_range(message->extents, hand->grant) ||
        message->size > extents_size(message->extents))
        return POOL_NONSENSE;
    if (hand->n_runs == hand->capacity) {
        uint32_t capacity = hand->capacity * 2 + 8;
        struct message_run *runs = realloc(hand->runs, capacity * sizeof *runs);
        if (!runs)
            return error_memory(&job->error);
        hand->runs = runs;
        hand->capacity = capacity;
    }
    struct message_run run = *message;
    arena_trim(&job->arena, &run.extents, run.size);
    hand->runs[hand->n_runs++] = run;
    hand->grant.count = 0;
    return 0;
}

void account_discard(struct wm_job *job, struct hand *hand)
{
    for (uint32_t i = 0; i < hand->n_runs; i++)
        arena_give(&job->arena, hand->runs[i].extents);
    hand->n_runs = 0;
}

/* Too many bad lines are a failure at the first of them, which may be in a task that still runs. */
static void note_rejects(struct wm_job *job, const struct message_done *done)
{
    struct message_failed first = {.task = done->task,
                                   .code = WM_EBADLINE,
                                   .reason = done->reason,
                                   .offset = done->offset,
                                   .lines = done->before};
    if (!failure_note_reject(job, &job->partitions.tasks[done->task], &first))
        return;
    if (!job->failure.set || map_task_compare(&job->reject.task, &job->failure.task) < 0)
        failure_keep_first(job, &job->reject.message);
}

static int commit_map(struct wm_job *job, struct hand *hand, const struct message_done *done)
{
    struct map_task *task = &job->partitions.tasks[done->task];
    for (uint32_t i = 0; i < hand->n_runs; i++) {
        const struct message_run *run = &hand->runs[i];
        if (run->kind == RUN_ENTRIES) {
            if (run_list_add(&job->runs, run->extents) < 0)
                return -1;
            job->stats.runs++;
            job->stats.run_bytes += run->size;
            continue;
        }
        struct message_run *rejects =
            realloc(task->rejects, (task->n_rejects + 1) * sizeof *rejects);
        if (!rejects)
            return -1;
        task->rejects = rejects;
        task->rejects[task->n_rejects++] = *run;
    }
    task->lines = done->lines;
    task->unpacked = done->unpacked;
    job->stats.lines += done->lines;
    job->stats.bytes += done->bytes;
    job->stats.counted += done->counted;
    job->stats.filtered += done->filtered;
    job->stats.rejected += done->rejected;
    job->stats.invalid_utf8 += done->invalid;
    if (done->rejected > 0)
        note_rejects(job, done);
    return 0;
}

int account_commit(struct wm_job *job, struct hand *hand, const struct message_done *done)
{
    int rc = 0;
    for (uint32_t i = 0; i < hand->n_runs; i++) {
        if (!arena_is_spilled(&job->arena, hand->runs[i].extents.first))
            continue;
        job->stats.spilled_runs++;
        job->stats.spilled_bytes += hand->runs[i].size;
    }
    if (job->stage == STAGE_MAP) {
        rc = commit_map(job, hand, done);
    } else if (job->stage == STAGE_REDUCE) {
        for (uint32_t i = 0; i < hand->n_runs && rc == 0; i++) {
            job->round_bytes += hand->runs[i].size;
            rc = round_commit(&job->round, done->task, hand->runs[i].extents);
        }
        job->spec.columns.sum += wide_of(done->sum);
    } else if (job->stage == STAGE_RANK) {
        for (uint32_t i = 0; i < hand->n_runs && rc == 0; i++)
            rc = run_list_add(&job->ranking.runs, hand->runs[i].extents);
    } else if (job->stage == STAGE_ORDER) {
        struct slice *slice = &job->slices[done->task];
        slice->done = 1;
        job->n_words += done->words;
        job->stats.replaced += done->replaced;
        slice->runs = hand->runs;
        slice->n_runs = hand->n_runs;
        hand->runs = NULL;
        hand->capacity = 0;
    }
    hand->n_runs = 0;
    return rc;
}

void account_settle(struct wm_job *job, uint32_t task)
{
    if (job->stage == STAGE_REDUCE)
        round_settle(&job->round, &job->arena, task);
    if (job->stage != STAGE_MAP || job->partitions.tasks[task].block.count == 0)
        return;
    arena_give(&job->arena, job->partitions.tasks[task].block);
    job->n_blocks--;
}

void account_settle_or_dismiss(struct wm_job *job, uint32_t task)
{
    uint32_t other = schedule_holder(&job->schedule, task);
    if (other == SCHEDULE_NONE) {
        account_settle(job, task);
        return;
    }
    job->hands[other].dismissed = 1;
    pool_dismiss(&job->pool, other);
}
