/*
 * The slots of workers in shared memory say how far they are, so nothing is asked of them. Time is
 * counted in looks, of which the loop takes at most one a step. So nobody hung while the whole job
 * was stopped, or its host did not step it.
 */
#include "dispatch/watchdog.h"

#include "dispatch/task_log.h"

#define LOOKS 8 /* without progress, and it hangs */

/* One that waits for memory does so for the coordinator's sake. */
static int should_move(const struct crew *crew, uint32_t worker)
{
    if (crew->hands[worker].grant.count == 0)
        return 0;
    return schedule_running(&crew->schedule, worker) != SCHEDULE_NONE ||
           pool_is_retired(&crew->pool, worker);
}

static void on_look(uv_timer_t *timer)
{
    struct crew *crew = timer->data;
    for (uint32_t i = 0; i < crew->n_workers; i++) {
        struct hand *hand = &crew->hands[i];
        int moved = progress_moved(&crew->plan->spec.progress->slots[i], &hand->mark);
        if (moved || !should_move(crew, i)) {
            hand->n_still = 0;
        } else if (++hand->n_still == LOOKS) {
            hand->hung = 1;
            crew->stats->timeouts++;
            task_log_event(crew, WM_EVENT_HUNG, i, schedule_running(&crew->schedule, i));
            pool_kill(&crew->pool, i);
        }
    }
}

void watchdog_open(struct crew *crew, uv_loop_t *loop)
{
    crew->watchdog.loop = loop;
    uv_timer_init(loop, &crew->watchdog.look);
    uv_timer_init(loop, &crew->watchdog.overdue);
    crew->watchdog.look.data = crew->watchdog.overdue.data = crew;
}

/* A host that waits for something else is not to be woken. */
void watchdog_update(struct crew *crew)
{
    uint64_t interval = (uint64_t)(crew->plan->options.task_timeout * 1000 / LOOKS) + 1;
    int is_on = crew->plan->options.task_timeout > 0 && !pool_is_inline(&crew->pool) &&
                (crew->schedule.n_given > 0 || crew->pool.n_retired > 0);
    if (is_on == uv_is_active((uv_handle_t *)&crew->watchdog.look))
        return;
    if (is_on)
        uv_timer_start(&crew->watchdog.look, on_look, interval, interval);
    else
        uv_timer_stop(&crew->watchdog.look);
}

/* The answer may be waiting in a socket, which the loop reads after its timers: so only a note. */
static void on_overdue(uv_timer_t *timer)
{
    struct crew *crew = timer->data;
    crew->watchdog.is_overdue = 1;
}

void watchdog_expect(struct crew *crew)
{
    uint64_t time = schedule_overdue(&crew->schedule), now = uv_now(crew->watchdog.loop);
    if (time != SCHEDULE_NEVER && !uv_is_active((uv_handle_t *)&crew->watchdog.overdue))
        uv_timer_start(&crew->watchdog.overdue, on_overdue, time > now ? time - now : 1, 0);
}

void watchdog_stop(struct crew *crew)
{
    uv_timer_stop(&crew->watchdog.look);
    uv_timer_stop(&crew->watchdog.overdue);
}
