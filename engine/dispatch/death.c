/* Who is to blame for a death decides whether its task is tried again. */
#include "dispatch/death.h"

#include "dispatch/crashes.h"
#include "dispatch/failure.h"
#include "dispatch/task_log.h"
#include "error.h"

/* The deaths in the caller's map function before, in the same task; NULL: it has none. */
static struct crashes **crashes_of(const struct crew *crew, uint32_t task)
{
    return crew->work->crashes ? crew->work->crashes(crew->flow, task) : NULL;
}

/* Whether the next attempt can do without the line that the map function dies of. */
static int can_go_on(struct crew *crew, uint32_t task)
{
    struct crashes **crashes = crashes_of(crew, task);
    if (!crashes || !crew->plan->spec.skip_bad_lines || !crashes_skip(*crashes))
        return 0;
    schedule_forgive(&crew->schedule, task);
    pool_progress(&crew->pool);
    return 1;
}

/* Gives back what a worker that is dead held. */
static void empty_hand(struct crew *crew, struct hand *hand)
{
    crew_discard(crew, hand);
    if (hand->grant.count > 0)
        arena_give(&crew->plan->arena, hand->grant);
    hand->grant.count = 0;
}

/* *poison: the worker's running task if it is poison after this death, or SCHEDULE_NONE. 0 or
 * WM_ENOMEM. */
static int blame(struct crew *crew, uint32_t worker, enum schedule_blame whom, uint32_t *poison,
                 enum poison *why)
{
    const struct progress_slot *slot = &crew->plan->spec.progress->slots[worker];
    uint32_t task = schedule_running(&crew->schedule, worker);
    uint64_t done = atomic_load(&slot->offset);
    *poison = SCHEDULE_NONE;
    if (task == SCHEDULE_NONE)
        return 0;
    struct crashes **crashes = whom != BLAME_NONE ? crashes_of(crew, task) : NULL;
    if (crashes && crashes_add(crashes, atomic_load(&slot->record)) < 0)
        return error_memory(crew->error);
    if (whom == BLAME_STRANGER && done > crew->schedule.tasks[task].furthest)
        pool_progress(&crew->pool);
    *poison = schedule_died(&crew->schedule, worker, whom, done);
    if (crashes && crashes_agree(*crashes)) {
        *poison = task;
        *why = *why == POISON_KILL ? POISON_CRASH : *why;
    }
    return 0;
}

/* What its running task would be poison by. */
static enum poison poison_of(const struct crew *crew, const struct hand *hand, enum process_end end)
{
    if (hand->hung)
        return POISON_HANG;
    /* The map reads nothing that was spilled; the caller's map function may read what it likes. */
    if (end == PROCESS_LOST_BYTES && crew->work->reads_runs && crew->plan->arena.spill.n_used > 0)
        return POISON_SPILL;
    return end == PROCESS_KILLED ? POISON_KILL : POISON_CRASH;
}

static int poison_fail(struct crew *crew, uint32_t task, enum poison why)
{
    struct map_task memory;
    const struct map_task *place =
        crew->work->place ? crew->work->place(crew->flow, task, &memory) : NULL;
    return failure_poison(crew->plan, crew->work->name, place, why, crew->error);
}

int death_of(struct crew *crew, uint32_t worker, enum process_end end)
{
    struct hand *hand = &crew->hands[worker];
    struct progress_slot *slot = &crew->plan->spec.progress->slots[worker];
    enum schedule_blame whom = end == PROCESS_KILLED ? BLAME_STRANGER : BLAME_TASK;
    enum poison why = poison_of(crew, hand, end);
    if (atomic_load(&slot->task) == PROGRESS_NO_TASK || hand->dismissed)
        whom = BLAME_NONE;
    hand->hung = 0;
    empty_hand(crew, hand);
    progress_end(slot);
    if (atomic_load(&slot->refusal) != 0)
        return failure_refused(crew->plan, worker, crew->error);
    struct schedule_worker had = crew->schedule.workers[worker];
    task_log_lost(crew, worker, &had);
    unsigned is_again = had.n > 0 && !hand->dismissed;
    if (!hand->dismissed)
        task_log_event(crew, WM_EVENT_DIED, worker, had.n > 0 ? had.queue[0] : SCHEDULE_NONE);
    crew->stats->retries += is_again;
    hand->dismissed = 0;
    uint32_t poison;
    int rc = blame(crew, worker, whom, &poison, &why);
    if (rc < 0)
        return rc;
    if (poison != SCHEDULE_NONE && !can_go_on(crew, poison))
        return poison_fail(crew, poison, why);
    if (is_again)
        task_log_event(crew, WM_EVENT_AGAIN, worker, had.queue[0]);
    for (uint32_t i = 0; i < had.n; i++)
        if (crew->schedule.tasks[had.queue[i]].state == TASK_DONE)
            crew_settle(crew, had.queue[i]);
    return 0;
}
