/*
 * What the death of a worker means: what it held is given back, its tasks are to be done again, and
 * a task that workers keep dying of ends the job.
 */
#include "error.h"
#include "job/job.h"

/* Notes where a map function of the host's had come to. */
static int note_crash(struct wm_job *job, uint32_t task, uint64_t record)
{
    int rc = crashes_add(&job->partitions.tasks[task].crashes, record);
    return rc < 0 ? error_memory(&job->error) : 0;
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

/* *poison: the worker's running task if it is poison after this death, or SCHEDULE_NONE. 0 or a
 * WM_E code. */
static int blame(struct wm_job *job, uint32_t worker, enum schedule_blame whom, uint32_t *poison,
                 enum poison *why)
{
    const struct progress_slot *slot = &job->spec.progress->slots[worker];
    uint32_t task = schedule_running(&job->schedule, worker);
    uint64_t done = atomic_load(&slot->offset);
    int is_of_host = job->stage == STAGE_MAP && job->spec.map && whom != BLAME_NONE;
    *poison = SCHEDULE_NONE;
    if (task == SCHEDULE_NONE)
        return 0;
    int rc = is_of_host ? note_crash(job, task, atomic_load(&slot->record)) : 0;
    if (rc < 0)
        return rc;
    if (whom == BLAME_STRANGER && done > job->schedule.tasks[task].furthest)
        pool_progress(&job->pool);
    *poison = schedule_died(&job->schedule, worker, whom, done);
    if (is_of_host && crashes_agree(job->partitions.tasks[task].crashes)) {
        *poison = task;
        *why = *why == POISON_KILL ? POISON_CRASH : *why;
    }
    return 0;
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

int dispatch_death(void *user, uint32_t worker, enum process_end end)
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
    if (atomic_load(&slot->refusal) != 0)
        return failure_refused(job, worker);
    struct schedule_worker had = job->schedule.workers[worker];
    job->stats.retries += had.n > 0 && !hand->dismissed;
    hand->dismissed = 0;
    uint32_t poison;
    int rc = blame(job, worker, whom, &poison, &why);
    if (rc < 0)
        return rc;
    if (poison != SCHEDULE_NONE && !can_go_on(job, poison)) {
        struct map_task memory;
        return failure_poison(job, failure_place(job, poison, &memory), why);
    }
    for (uint32_t i = 0; i < had.n; i++)
        if (job->schedule.tasks[had.queue[i]].state == TASK_DONE)
            account_settle(job, had.queue[i]);
    return 0;
}
