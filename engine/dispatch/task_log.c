/*
 * Workers note their own times, by a clock that all processes share. What a dead one was at is
 * known of the schedule, to a millisecond.
 */
#include "dispatch/task_log.h"

#include "base/clock.h"

static double seconds_since(const struct crew *crew, uint64_t time)
{
    return time > crew->start_time ? (double)(time - crew->start_time) * 1e-9 : 0;
}

static int is_backup(const struct crew *crew, uint32_t worker, uint32_t task)
{
    const struct hand *hand = &crew->hands[worker];
    return hand->has_backup && hand->backup == task;
}

static void tell(const struct crew *crew, const wm_task *task)
{
    const wm_options *options = &crew->plan->options;
    options->on_task(task, options->task_user);
}

void task_log_done(const struct crew *crew, uint32_t worker, const struct message_done *done,
                   int counts)
{
    if (!crew->plan->options.on_task)
        return;
    wm_task task = {.worker = worker,
                    .phase = crew->work->phase,
                    .number = done->task,
                    .end = counts ? WM_TASK_DONE : WM_TASK_LATE,
                    .is_backup = is_backup(crew, worker, done->task),
                    .start_seconds = seconds_since(crew, done->start),
                    .end_seconds = seconds_since(crew, done->start + done->busy + done->waited),
                    .cpu_seconds = (double)done->cpu * 1e-9,
                    .waited_seconds = (double)done->waited * 1e-9,
                    .bytes = done->bytes};
    tell(crew, &task);
}

void task_log_lost(const struct crew *crew, uint32_t worker, const struct schedule_worker *had)
{
    if (!crew->plan->options.on_task || had->n == 0)
        return;
    uint64_t now = clock_nanoseconds(), since = had->since * 1000000;
    wm_task task = {.worker = worker,
                    .phase = crew->work->phase,
                    .number = had->queue[0],
                    .end = WM_TASK_LOST,
                    .is_backup = is_backup(crew, worker, had->queue[0]),
                    .start_seconds = seconds_since(crew, since < now ? since : now),
                    .end_seconds = seconds_since(crew, now)};
    tell(crew, &task);
}

void task_log_event(const struct crew *crew, enum wm_event_kind kind, uint32_t worker,
                    uint32_t task)
{
    const wm_options *options = &crew->plan->options;
    struct map_task memory;
    wm_event event = {
        .kind = kind, .worker = worker, .phase = crew->work->phase, .task = UINT64_MAX};
    if (!options->on_event)
        return;
    if (task != SCHEDULE_NONE) {
        const struct map_task *place =
            crew->work->place ? crew->work->place(crew->flow, task, &memory) : NULL;
        event.task = task;
        if (place) {
            event.input = crew->plan->inputs.items[place->input].number;
            event.start = place->start;
            event.end = place->end;
        }
    }
    options->on_event(&event, options->event_user);
}
