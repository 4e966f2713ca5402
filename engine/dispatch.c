/*
 * Between the scheduler, which knows tasks by number, and the pool, which carries bytes: makes a
 * task's message, and keeps account of every extent a worker was given until the task is committed
 * or the worker is dead. A worker that says what it cannot say has broken the protocol and is
 * ended.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code.h"
#include "error.h"
#include "job.h"

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
        rc = arena_take_from(&job->arena, start, worker_grant_size(&job->spec), &hand->grant);
    if (rc < 0)
        rc = spill_take(job, worker_spill_grant_size(&job->spec), &hand->grant);
    if (rc < 0)
        return job_end(job, rc);
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
static int is_wanted(const struct wm_job *job, uint32_t worker)
{
    uint32_t n_before = 0;
    if (job->stage != STAGE_REDUCE && job->stage != STAGE_RANK && job->stage != STAGE_ORDER)
        return 1;
    for (uint32_t i = 0; i < worker && n_before < job->n_busy; i++)
        n_before += (uint32_t)is_there(job, i);
    return n_before < job->n_busy;
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
    if (!is_wanted(job, worker))
        return;
    while (job->stage != STAGE_ENDED && !is_spent(job, worker) && !is_stalled(job) &&
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
    for (uint32_t i = 0; i < job->n_workers && job->stage != STAGE_ENDED; i++) {
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
    for (uint32_t i = 0; i < job->n_workers && job->stage != STAGE_ENDED; i++)
        if (is_there(job, i))
            hand_out(job, i);
}

static void on_ready(void *user, uint32_t worker)
{
    struct wm_job *job = user;
    job->hands[worker].n_given = 0;
    if (send_grant(job, worker) == 0 && job->started)
        hand_out(job, worker);
}

static int same_range(struct extent_range a, struct extent_range b)
{
    return a.first == b.first && a.count == b.count;
}

/* A run that is not committed yet. 0, or WM_EPROTOCOL: the worker talks nonsense. */
static int take_run(struct wm_job *job, uint32_t worker, const struct message_run *message)
{
    struct hand *hand = &job->hands[worker];
    if (message->task != schedule_running(&job->schedule, worker) || message->size == 0)
        return WM_EPROTOCOL;
    if (hand->grant.count == 0 || !same_range(message->extents, hand->grant) ||
        message->size > extents_size(message->extents))
        return WM_EPROTOCOL;
    if (hand->n_runs == hand->capacity) {
        uint32_t capacity = hand->capacity * 2 + 8;
        struct message_run *runs = realloc(hand->runs, capacity * sizeof *runs);
        if (!runs) {
            error_memory(&job->error);
            return job_end(job, WM_ENOMEM);
        }
        hand->runs = runs;
        hand->capacity = capacity;
    }
    struct message_run run = *message;
    arena_trim(&job->arena, &run.extents, run.size);
    hand->runs[hand->n_runs++] = run;
    hand->grant.count = 0;
    return send_grant(job, worker);
}

static void discard_runs(struct wm_job *job, struct hand *hand)
{
    for (uint32_t i = 0; i < hand->n_runs; i++)
        arena_give(&job->arena, hand->runs[i].extents);
    hand->n_runs = 0;
}

/* Of the failures of map tasks, the first in the input is the one that counts. */
static void keep_first_failure(struct wm_job *job, const struct message_failed *message)
{
    const struct map_task *task = &job->partitions.tasks[message->task];
    job->failure = (struct first_failure){1, *task, *message};
    for (uint32_t i = 0; i < job->partitions.n; i++)
        if (map_task_compare(&job->partitions.tasks[i], task) > 0)
            schedule_drop(&job->schedule, i);
    if (job->n_streams == 0)
        schedule_close(&job->schedule);
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
        keep_first_failure(job, &job->reject.message);
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

static int commit(struct wm_job *job, struct hand *hand, const struct message_done *done)
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

/* A task is done, and no worker reads its input any more. */
static void settle(struct wm_job *job, uint32_t task)
{
    if (job->stage == STAGE_REDUCE)
        round_settle(&job->round, &job->arena, task);
    if (job->stage != STAGE_MAP || job->partitions.tasks[task].block.count == 0)
        return;
    arena_give(&job->arena, job->partitions.tasks[task].block);
    job->n_blocks--;
}

/* The task's output is there: another worker that is at it has to go first. */
static void settle_or_dismiss(struct wm_job *job, uint32_t task)
{
    uint32_t other = schedule_holder(&job->schedule, task);
    if (other == SCHEDULE_NONE) {
        settle(job, task);
        return;
    }
    job->hands[other].dismissed = 1;
    pool_dismiss(&job->pool, other);
}

static int on_done(struct wm_job *job, uint32_t worker, const struct message_done *done)
{
    struct hand *hand = &job->hands[worker];
    int counts = schedule_done(&job->schedule, worker, done->task, uv_now(&job->loop));
    if (counts < 0)
        return WM_EPROTOCOL;
    job->stats.busy_seconds[job->phase] += (double)done->busy * 1e-9;
    pool_progress(&job->pool);
    if (!counts) {
        discard_runs(job, hand);
        return 0;
    }
    if (commit(job, hand, done) < 0) {
        error_memory(&job->error);
        return job_end(job, WM_ENOMEM);
    }
    settle_or_dismiss(job, done->task);
    int rc = 0;
    if (job->stage == STAGE_MAP && job->n_streams == 0)
        rc = spill_forecast(job, job->stats.run_bytes, job->stats.bytes, job->inputs.size);
    else if (job->stage == STAGE_REDUCE && job->round.n_groups == 1)
        rc = spill_forecast(job, job->round_bytes, job->schedule.n_tasks - job->schedule.n_left,
                            job->schedule.n_tasks);
    return rc < 0 ? job_end(job, rc) : 0;
}

/* A split task as a map task of the same bytes, for messages. */
static struct map_task split_place(const struct wm_job *job, uint32_t task)
{
    const struct message_split *split = &job->splits[task];
    return (struct map_task){.input = split->input, .start = split->start, .end = split->end};
}

static int on_failed(struct wm_job *job, uint32_t worker, const struct message_failed *message)
{
    struct hand *hand = &job->hands[worker];
    if (message->text_size > MESSAGE_TEXT_MAX)
        return WM_EPROTOCOL;
    if (message->task == PROGRESS_NO_TASK) /* it cannot even begin */
        return job_end(job, failure_explain(job, message, NULL));
    int counts = schedule_done(&job->schedule, worker, message->task, uv_now(&job->loop));
    if (counts < 0)
        return WM_EPROTOCOL;
    discard_runs(job, hand);
    if (!counts)
        return 0;
    int in_input = message->code == WM_EOPEN || message->code == WM_EREAD ||
                   message->code == WM_ECHANGED || message->code == WM_EDAMAGED ||
                   message->code == WM_EBADLINE || message->code == WM_ETABLE ||
                   message->code == WM_EVERSION;
    if (job->stage == STAGE_MAP && in_input) {
        settle_or_dismiss(job, message->task);
        keep_first_failure(job, message);
        return 0;
    }
    struct map_task split;
    const struct map_task *task = NULL;
    if (job->stage == STAGE_SPLIT) {
        split = split_place(job, message->task);
        task = &split;
    }
    return job_end(job, failure_explain(job, message, task));
}

static int on_lines(struct wm_job *job, uint32_t worker, const struct message_lines *message,
                    size_t size)
{
    if (job->stage != STAGE_SPLIT || message->task != schedule_running(&job->schedule, worker) ||
        size != sizeof *message + message->n_blocks * sizeof(uint32_t))
        return WM_EPROTOCOL;
    const struct message_split *split = &job->splits[message->task];
    uint64_t start = job->inputs.items[split->input].share_start;
    uint64_t n = (split->end - split->start + SPLIT_BLOCK_SIZE - 1) / SPLIT_BLOCK_SIZE;
    if (message->n_blocks != n)
        return WM_EPROTOCOL;
    memcpy(job->in_block[split->input] + (split->start - start) / SPLIT_BLOCK_SIZE, message + 1,
           n * sizeof(uint32_t));
    return 0;
}

static void on_message(void *user, uint32_t worker, const struct message_header *header,
                       const void *payload)
{
    struct wm_job *job = user;
    int rc = WM_EPROTOCOL;
    if (job->stage == STAGE_ENDED)
        return;
    if (header->type == MESSAGE_RUN)
        rc = take_run(job, worker, payload);
    else if (header->type == MESSAGE_LINES)
        rc = on_lines(job, worker, payload, header->size);
    else if (header->type == MESSAGE_DONE)
        rc = on_done(job, worker, payload);
    else if (header->type == MESSAGE_FAILED)
        rc = on_failed(job, worker, payload);
    if (job->stage == STAGE_ENDED)
        return;
    if (rc < 0) {
        pool_kill(&job->pool, worker);
        return;
    }
    if (header->type != MESSAGE_DONE && header->type != MESSAGE_FAILED)
        return;
    if (job->stage == STAGE_MAP)
        stage_read_streams(job);
    else if (job->stage == STAGE_ORDER)
        stage_write_slices(job);
    if (job->stage != STAGE_ENDED)
        hand_out(job, worker);
    if (job->stage != STAGE_ENDED)
        stage_advance(job);
}

static int poisoned(struct wm_job *job, uint32_t task, enum poison poison)
{
    struct map_task split;
    const struct map_task *place = NULL;
    if (job->stage == STAGE_SPLIT) {
        split = split_place(job, task);
        place = &split;
    } else if (job->stage == STAGE_MAP) {
        place = &job->partitions.tasks[task];
    }
    return job_end(job, failure_poison(job, place, poison));
}

/* Notes where a map function of the host's had come to. */
static void note_crash(struct wm_job *job, uint32_t task, uint64_t record)
{
    if (crashes_add(&job->partitions.tasks[task].crashes, record) < 0) {
        error_memory(&job->error);
        job_end(job, WM_ENOMEM);
    }
}

/* Whether the next attempt can do without the line that the map function dies of. */
static int can_go_on(struct wm_job *job, uint32_t task)
{
    if (job->stage != STAGE_MAP || !job->spec.map || !job->spec.skip_bad_lines ||
        !crashes_skip(job->partitions.tasks[task].crashes))
        return 0;
    schedule_forgive(&job->schedule, task);
    pool_progress(&job->pool);
    return 1;
}

/* Gives back what a worker that is dead held. */
static void empty_hand(struct wm_job *job, struct hand *hand)
{
    discard_runs(job, hand);
    if (hand->grant.count > 0)
        arena_give(&job->arena, hand->grant);
    hand->grant.count = 0;
}

/* The worker's running task if it is poison after this death, or SCHEDULE_NONE. */
static uint32_t blame(struct wm_job *job, uint32_t worker, enum schedule_blame whom,
                      enum poison *why)
{
    const struct progress_slot *slot = &job->spec.progress->slots[worker];
    uint32_t task = schedule_running(&job->schedule, worker);
    uint64_t done = atomic_load(&slot->offset);
    int is_of_host = job->stage == STAGE_MAP && job->spec.map && whom != BLAME_NONE;
    if (task == SCHEDULE_NONE)
        return task;
    if (is_of_host)
        note_crash(job, task, atomic_load(&slot->record));
    if (whom == BLAME_STRANGER && done > job->schedule.tasks[task].furthest)
        pool_progress(&job->pool);
    uint32_t poison = schedule_died(&job->schedule, worker, whom, done);
    if (is_of_host && job->stage != STAGE_ENDED &&
        crashes_agree(job->partitions.tasks[task].crashes)) {
        poison = task;
        *why = *why == POISON_KILL ? POISON_CRASH : *why;
    }
    return poison;
}

/* What its running task would be poison by. */
static enum poison poison_of(const struct wm_job *job, const struct hand *hand,
                             enum process_end end)
{
    if (hand->hung)
        return POISON_HANG;
    /* The map reads nothing that was spilled; functions of the host's may read what they like. */
    if (end == PROCESS_LOST_BYTES && job->stage > STAGE_MAP && job->arena.spill.n_used > 0)
        return POISON_SPILL;
    return end == PROCESS_KILLED ? POISON_KILL : POISON_CRASH;
}

static void on_death(void *user, uint32_t worker, enum process_end end)
{
    struct wm_job *job = user;
    struct hand *hand = &job->hands[worker];
    struct progress_slot *slot = &job->spec.progress->slots[worker];
    enum schedule_blame whom = end == PROCESS_KILLED ? BLAME_STRANGER : BLAME_TASK;
    enum poison why = poison_of(job, hand, end);
    if (atomic_load(&slot->task) == PROGRESS_NO_TASK || hand->dismissed)
        whom = BLAME_NONE;
    hand->hung = 0;
    empty_hand(job, hand);
    progress_end(slot);
    if (atomic_load(&slot->refusal) != 0) {
        job_end(job, failure_refused(job, worker));
        return;
    }
    struct schedule_worker had = job->schedule.workers[worker];
    job->stats.retries += had.n > 0 && !hand->dismissed;
    hand->dismissed = 0;
    uint32_t poison = blame(job, worker, whom, &why);
    if (job->stage == STAGE_ENDED)
        return;
    if (poison != SCHEDULE_NONE && !can_go_on(job, poison)) {
        poisoned(job, poison, why);
        return;
    }
    for (uint32_t i = 0; i < had.n; i++)
        if (job->schedule.tasks[had.queue[i]].state == TASK_DONE)
            settle(job, had.queue[i]);
    if (job->stage == STAGE_MAP)
        stage_read_streams(job);
    if (job->stage != STAGE_ENDED)
        dispatch_all(job);
    if (job->stage != STAGE_ENDED)
        stage_advance(job);
}

static void on_exhausted(void *user, int error)
{
    struct wm_job *job = user;
    char words[64];
    if (error == 0) {
        error_set(&job->error, WM_EWORKER, "workers keep dying: see the system's log");
        job_end(job, WM_EWORKER);
    } else if (error == ENOMEM) {
        error_memory(&job->error);
        job_end(job, WM_ENOMEM);
    } else {
        error_set(&job->error, WM_EFORK, "cannot replace a worker: %s",
                  error_system(error, words, sizeof words));
        job_end(job, WM_EFORK);
    }
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

const struct pool_events dispatch_events = {on_ready,     on_message, on_death,
                                            on_exhausted, on_child,   NULL};
