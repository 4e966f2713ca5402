/*
 * Hands out tasks, and takes what workers answer. A worker that says what it cannot say has broken
 * the protocol and is ended.
 */
#include "dispatch/dispatch.h"

#include <errno.h>
#include <stdlib.h>

#include "context/context.h"
#include "dispatch/death.h"
#include "dispatch/failure.h"
#include "dispatch/task_log.h"
#include "dispatch/watchdog.h"
#include "error.h"

/* What runs leave: to the blocks of pipes, which have to lie in memory, and to the text. */
static size_t reserved_extents(const struct crew *crew)
{
    if (crew->plan->spill.error || crew->reserve == 0)
        return 0;
    return crew->plan->arena.n_extents / crew->reserve;
}

/*
 * Gives the worker room for its next run, in a part of the arena of its own. Side by side with the
 * grant of another worker, what a small run gives back would be a hole too small for any grant. In
 * the spill file the worker goes on behind its last run, as long as enough is left of that grant.
 */
static int send_grant(struct crew *crew, uint32_t worker)
{
    struct plan *plan = crew->plan;
    struct hand *hand = &crew->hands[worker];
    uint32_t start = (uint32_t)((uint64_t)worker * plan->arena.n_extents / crew->n_workers);
    int rc = WM_ELIMIT;
    struct extent_range rest = hand->grant;
    if (extents_free(&plan->arena) > reserved_extents(crew))
        rc = arena_take_from(&plan->arena, start, context_grant_size(&plan->spec), &hand->grant);
    if (rc == 0)
        arena_give(&plan->arena, rest);
    else if (rest.count > 0)
        rc = 0;
    else
        rc = spill_take(&plan->spill, context_spill_grant_size(&plan->spec),
                        context_grant_size(&plan->spec), &hand->grant, crew->error);
    if (rc < 0)
        return rc;
    crew_send(crew, worker, MESSAGE_GRANT, &hand->grant, sizeof hand->grant, NULL, 0);
    return 0;
}

/*
 * A map function may wait for something, so all workers map. Of the other stages no more get tasks
 * than there are CPUs: each that does makes tables and touches shared pages anew.
 */
static uint32_t n_wanted(const struct crew *crew)
{
    return crew->work->for_all ? crew->n_workers : crew->plan->n_busy;
}

/* Whether the worker has done all that one may do in its life, or has got it to do. */
static int is_spent(const struct crew *crew, uint32_t worker)
{
    uint32_t max = crew->plan->options.max_tasks_per_worker;
    return max > 0 && crew->hands[worker].n_given >= max && !pool_is_inline(&crew->pool);
}

static int is_stalled(const struct crew *crew)
{
    return crew->work->is_stalled && crew->schedule.n_again == 0 &&
           crew->work->is_stalled(crew->flow);
}

static void send_task(struct crew *crew, uint32_t worker, uint32_t task)
{
    crew->hands[worker].n_given++;
    crew->hands[worker].n_still = 0;
    crew->work->send(crew->flow, worker, task);
}

static void hand_out(struct crew *crew, uint32_t worker)
{
    uint64_t now = uv_now(crew->watchdog.loop);
    uint32_t task;
    while (!is_spent(crew, worker) && !is_stalled(crew) &&
           (task = schedule_next(&crew->schedule, worker, now)) != SCHEDULE_NONE)
        send_task(crew, worker, task);
    if (is_spent(crew, worker) && schedule_running(&crew->schedule, worker) == SCHEDULE_NONE)
        pool_retire(&crew->pool, worker);
    watchdog_expect(crew);
}

void dispatch_tasks(struct crew *crew)
{
    uint32_t n = n_wanted(crew);
    for (uint32_t i = 0; i < crew->n_workers && n > 0; i++) {
        if (!crew_is_there(crew, i))
            continue;
        hand_out(crew, i);
        n--;
    }
}

void dispatch_backups(struct crew *crew)
{
    uint64_t now = uv_now(crew->watchdog.loop);
    const struct arena *arena = &crew->plan->arena;
    if (!crew->watchdog.is_overdue)
        return;
    crew->watchdog.is_overdue = 0;
    /* A backup must not be what the memory is too small for. */
    if (arena->n_used > arena->n_extents / 2)
        return;
    for (uint32_t i = 0; i < crew->n_workers; i++) {
        if (!crew_is_there(crew, i) || schedule_running(&crew->schedule, i) != SCHEDULE_NONE ||
            is_spent(crew, i) || is_stalled(crew))
            continue;
        uint32_t task = schedule_straggler(&crew->schedule, now);
        if (task == SCHEDULE_NONE)
            break;
        schedule_back_up(&crew->schedule, i, task, now);
        crew->stats->backups++;
        crew->hands[i].backup = task;
        crew->hands[i].has_backup = 1;
        task_log_event(crew, WM_EVENT_BACKUP, i, task);
        send_task(crew, i, task);
    }
    if (schedule_overdue(&crew->schedule) > now)
        watchdog_expect(crew);
}

static int on_ready(void *user, uint32_t worker)
{
    struct crew *crew = user;
    crew->hands[worker].n_given = 0;
    return send_grant(crew, worker);
}

static int on_run(struct crew *crew, uint32_t worker, const struct message_run *message)
{
    int rc = crew_take_run(crew, worker, message);
    return rc != 0 ? rc : send_grant(crew, worker);
}

static int on_lines(struct crew *crew, uint32_t worker, const struct message_lines *message,
                    size_t size)
{
    if (!crew->work->part || message->task != schedule_running(&crew->schedule, worker))
        return POOL_NONSENSE;
    return crew->work->part(crew->flow, message->task, message, size);
}

static int on_done(struct crew *crew, uint32_t worker, const struct message_done *done)
{
    struct hand *hand = &crew->hands[worker];
    int counts = schedule_done(&crew->schedule, worker, done->task, uv_now(crew->watchdog.loop));
    if (counts < 0)
        return POOL_NONSENSE;
    crew->stats->busy_seconds[crew->work->phase] += (double)done->busy * 1e-9;
    pool_progress(&crew->pool);
    task_log_done(crew, worker, done, counts);
    if (!counts) {
        crew_discard(crew, hand);
        return 0;
    }
    int rc = crew_commit(crew, hand, done);
    if (rc == 0)
        crew_settle_or_dismiss(crew, done->task);
    return rc;
}

static int on_failed(struct crew *crew, uint32_t worker, const struct message_failed *message)
{
    const struct plan *plan = crew->plan;
    if (message->text_size > MESSAGE_TEXT_MAX)
        return POOL_NONSENSE;
    if (message->task == PROGRESS_NO_TASK) /* it cannot even begin */
        return failure_explain(plan, message, NULL, crew->error);
    int counts = schedule_done(&crew->schedule, worker, message->task, uv_now(crew->watchdog.loop));
    if (counts < 0)
        return POOL_NONSENSE;
    crew_discard(crew, &crew->hands[worker]);
    if (!counts)
        return 0;
    if (crew->work->fail)
        return crew->work->fail(crew->flow, message);
    struct map_task memory;
    const struct map_task *place =
        crew->work->place ? crew->work->place(crew->flow, message->task, &memory) : NULL;
    return failure_explain(plan, message, place, crew->error);
}

static int on_message(void *user, uint32_t worker, const struct message_header *header,
                      const void *payload)
{
    struct crew *crew = user;
    switch (header->type) {
    case MESSAGE_RUN:
        return on_run(crew, worker, payload);
    case MESSAGE_LINES:
        return on_lines(crew, worker, payload, header->size);
    case MESSAGE_DONE:
        return on_done(crew, worker, payload);
    case MESSAGE_FAILED:
        return on_failed(crew, worker, payload);
    default:
        return POOL_NONSENSE;
    }
}

static int on_death(void *user, uint32_t worker, enum process_end end)
{
    return death_of(user, worker, end);
}

static int on_exhausted(void *user, int error)
{
    struct crew *crew = user;
    if (error == 0)
        return error_set(crew->error, WM_EWORKER, "workers keep dying: see the system's log");
    if (error == ENOMEM)
        return error_memory(crew->error);
    return error_set_system(crew->error, WM_EFORK, error, "cannot replace a worker: " SYSTEM);
}

static void on_fork(void *user, enum pool_fork moment)
{
    const struct crew *crew = user;
    const wm_options *options = &crew->plan->options;
    if (options->on_fork)
        options->on_fork((enum wm_fork)moment, options->fork_user);
}

const struct pool_events dispatch_events = {on_ready, on_message, on_death, on_exhausted, on_fork};
