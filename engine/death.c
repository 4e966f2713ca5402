/*
 * What the death of a worker means: what it held is given back, its tasks are to be done again, and
 * a task that workers keep dying of ends the job.
 */
#include "error.h"
#include "job.h"

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
    account_discard(job, hand);
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

void dispatch_death(void *user, uint32_t worker, enum process_end end)
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
        struct map_task memory;
        job_end(job, failure_poison(job, failure_place(job, poison, &memory), why));
        return;
    }
    for (uint32_t i = 0; i < had.n; i++)
        if (job->schedule.tasks[had.queue[i]].state == TASK_DONE)
            account_settle(job, had.queue[i]);
    if (job->stage == STAGE_MAP)
        blocks_read(job);
    if (job->stage != STAGE_ENDED)
        dispatch_all(job);
    if (job->stage != STAGE_ENDED)
        stage_advance(job);
}
