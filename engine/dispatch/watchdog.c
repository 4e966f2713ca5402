/*
 * Ends workers that hang, and says when tasks are overdue. Their slots in shared memory say how far
 * they are, so nothing is asked of them. Time is counted in looks, of which the loop takes at most
 * one a step: while the whole job was stopped, or its host did not step it, nobody hung.
 */
#include "job/job.h"

#define LOOKS 8 /* without progress, and it hangs */

/* One that waits for memory does so for the coordinator's sake. */
static int should_move(const struct wm_job *job, uint32_t worker)
{
    if (job->hands[worker].grant.count == 0)
        return 0;
    return schedule_running(&job->schedule, worker) != SCHEDULE_NONE ||
           pool_is_retired(&job->pool, worker);
}

static void on_look(uv_timer_t *timer)
{
    struct wm_job *job = timer->data;
    for (uint32_t i = 0; i < job->n_workers; i++) {
        struct hand *hand = &job->hands[i];
        int moved = progress_moved(&job->spec.progress->slots[i], &hand->mark);
        if (moved || !should_move(job, i)) {
            hand->n_still = 0;
        } else if (++hand->n_still == LOOKS) {
            hand->hung = 1;
            job->stats.timeouts++;
            pool_kill(&job->pool, i);
        }
    }
}

/* A host that waits for something else is not to be woken. */
void watchdog_update(struct wm_job *job)
{
    uint64_t interval = (uint64_t)(job->options.task_timeout * 1000 / LOOKS) + 1;
    int is_on = job->options.task_timeout > 0 && !job->pool.inline_worker &&
                (job->schedule.n_given > 0 || job->pool.n_retired > 0);
    if (is_on == uv_is_active((uv_handle_t *)&job->watchdog))
        return;
    if (is_on)
        uv_timer_start(&job->watchdog, on_look, interval, interval);
    else
        uv_timer_stop(&job->watchdog);
}

/* The answer may be waiting in a socket, which the loop reads after its timers: so only a note. */
static void on_overdue(uv_timer_t *timer)
{
    struct wm_job *job = timer->data;
    job->is_overdue = 1;
}

void watchdog_expect(struct wm_job *job)
{
    uint64_t time = schedule_overdue(&job->schedule), now = uv_now(&job->loop);
    if (time != SCHEDULE_NEVER && !uv_is_active((uv_handle_t *)&job->overdue))
        uv_timer_start(&job->overdue, on_overdue, time > now ? time - now : 1, 0);
}
