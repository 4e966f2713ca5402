/* A fresh counter and a small stack of returned tasks are all the queue there is. */
#include "dispatch/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/grow.h"

int schedule_init(struct schedule *schedule, uint32_t n_workers)
{
    struct schedule new = {.n_workers = n_workers};
    new.workers = calloc(n_workers, sizeof *new.workers);
    /* A task is on the stack at most once, and was a worker's before. */
    new.again = calloc((size_t)n_workers * SCHEDULE_DEPTH, sizeof *new.again);
    if (!new.workers || !new.again) {
        schedule_release(&new);
        return CODE_NOMEM;
    }
    *schedule = new;
    return 0;
}

void schedule_release(struct schedule *schedule)
{
    free(schedule->tasks);
    free(schedule->workers);
    free(schedule->again);
    *schedule = (struct schedule){0};
}

void schedule_reset(struct schedule *schedule)
{
    schedule->n_tasks = schedule->n_left = schedule->n_fresh = schedule->n_again = 0;
    schedule->time = schedule->n_timed = 0;
    schedule->closed = 0;
}

int schedule_add(struct schedule *schedule, uint32_t n)
{
    if (n == 0)
        return 0;
    struct schedule_task *tasks =
        grow(schedule->tasks, &schedule->capacity, (size_t)schedule->n_tasks + n, sizeof *tasks);
    if (!tasks)
        return CODE_NOMEM;
    schedule->tasks = tasks;
    memset(tasks + schedule->n_tasks, 0, n * sizeof *tasks);
    schedule->n_tasks += n;
    schedule->n_left += n;
    return 0;
}

void schedule_close(struct schedule *schedule)
{
    schedule->closed = 1;
}

int schedule_finished(const struct schedule *schedule)
{
    return schedule->closed && schedule->n_left == 0;
}

static uint32_t take_pending(struct schedule *schedule)
{
    while (schedule->n_again > 0) {
        uint32_t task = schedule->again[--schedule->n_again];
        if (schedule->tasks[task].state == TASK_PENDING)
            return task;
    }
    while (schedule->n_fresh < schedule->n_tasks) {
        uint32_t task = schedule->n_fresh++;
        if (schedule->tasks[task].state == TASK_PENDING)
            return task;
    }
    return SCHEDULE_NONE;
}

static void give(struct schedule *schedule, uint32_t worker, uint32_t task, uint64_t now)
{
    struct schedule_worker *w = &schedule->workers[worker];
    if (w->n == 0)
        w->since = now;
    w->queue[w->n++] = task;
    schedule->tasks[task].state = TASK_RUNNING;
    schedule->tasks[task].n_workers++;
    schedule->n_given++;
}

uint32_t schedule_next(struct schedule *schedule, uint32_t worker, uint64_t now)
{
    struct schedule_worker *w = &schedule->workers[worker];
    uint32_t n_fresh = schedule->n_tasks - schedule->n_fresh;
    /* One ahead, but not towards the end, where an idle worker could have it sooner. */
    if (w->n == SCHEDULE_DEPTH || (w->n > 0 && n_fresh < 2 * schedule->n_workers))
        return SCHEDULE_NONE;
    uint32_t task = take_pending(schedule);
    if (task != SCHEDULE_NONE)
        give(schedule, worker, task, now);
    return task;
}

/* The first of the worker's tasks that one more worker might do, or SCHEDULE_NONE. */
static uint32_t sole_task(const struct schedule *schedule, const struct schedule_worker *w)
{
    for (uint32_t i = 0; i < w->n; i++) {
        const struct schedule_task *task = &schedule->tasks[w->queue[i]];
        if (task->state == TASK_RUNNING && task->n_workers == 1)
            return w->queue[i];
    }
    return SCHEDULE_NONE;
}

/* The worker that has been at a task of its own for longest, or NULL. */
static const struct schedule_worker *slowest(const struct schedule *schedule)
{
    const struct schedule_worker *slowest = NULL;
    for (uint32_t i = 0; i < schedule->n_workers; i++) {
        const struct schedule_worker *w = &schedule->workers[i];
        if (w->n > 0 && (!slowest || w->since < slowest->since) &&
            sole_task(schedule, w) != SCHEDULE_NONE)
            slowest = w;
    }
    return slowest;
}

static uint64_t overdue(const struct schedule *schedule, const struct schedule_worker *w)
{
    if (!w || schedule->n_timed == 0)
        return SCHEDULE_NEVER;
    uint64_t time = 2 * schedule->time / schedule->n_timed;
    return w->since + (time > SCHEDULE_BACKUP_TIME ? time : SCHEDULE_BACKUP_TIME);
}

uint64_t schedule_overdue(const struct schedule *schedule)
{
    return overdue(schedule, slowest(schedule));
}

uint32_t schedule_straggler(const struct schedule *schedule, uint64_t now)
{
    const struct schedule_worker *w = slowest(schedule);
    if (schedule->n_again > 0 || schedule->n_fresh < schedule->n_tasks ||
        overdue(schedule, w) > now)
        return SCHEDULE_NONE;
    return sole_task(schedule, w);
}

void schedule_back_up(struct schedule *schedule, uint32_t worker, uint32_t task, uint64_t now)
{
    give(schedule, worker, task, now);
}

/* One worker less has the task. Whether none has it now. */
static int let_go(struct schedule *schedule, uint32_t task)
{
    struct schedule_task *t = &schedule->tasks[task];
    schedule->n_given--;
    if (--t->n_workers > 0)
        return 0;
    if (t->state == TASK_DONE)
        schedule->n_left--;
    return 1;
}

int schedule_done(struct schedule *schedule, uint32_t worker, uint32_t task, uint64_t now)
{
    struct schedule_worker *w = &schedule->workers[worker];
    if (w->n == 0 || w->queue[0] != task)
        return CODE_PROTOCOL;
    memmove(w->queue, w->queue + 1, --w->n * sizeof *w->queue);
    schedule->time += now - w->since;
    schedule->n_timed++;
    w->since = now;
    int counts = schedule->tasks[task].state == TASK_RUNNING;
    if (counts)
        schedule->tasks[task].state = TASK_DONE;
    let_go(schedule, task);
    return counts;
}

uint32_t schedule_holder(const struct schedule *schedule, uint32_t task)
{
    if (schedule->tasks[task].n_workers == 0)
        return SCHEDULE_NONE;
    for (uint32_t i = 0; i < schedule->n_workers; i++)
        for (uint32_t j = 0; j < schedule->workers[i].n; j++)
            if (schedule->workers[i].queue[j] == task)
                return i;
    return SCHEDULE_NONE;
}

static int is_poison(struct schedule_task *task, enum schedule_blame blame, uint64_t done)
{
    if (blame == BLAME_TASK)
        return ++task->deaths >= SCHEDULE_DEATHS_MAX;
    if (blame == BLAME_NONE)
        return 0;
    if (done > task->furthest) {
        task->furthest = done;
        task->kills = 0;
    }
    return ++task->kills >= SCHEDULE_KILLS_MAX;
}

uint32_t schedule_died(struct schedule *schedule, uint32_t worker, enum schedule_blame blame,
                       uint64_t done)
{
    struct schedule_worker *w = &schedule->workers[worker];
    uint32_t poison = SCHEDULE_NONE;
    if (w->n > 0 && is_poison(&schedule->tasks[w->queue[0]], blame, done))
        poison = w->queue[0];
    while (w->n > 0) {
        uint32_t task = w->queue[--w->n];
        if (!let_go(schedule, task) || schedule->tasks[task].state != TASK_RUNNING)
            continue;
        schedule->tasks[task].state = TASK_PENDING;
        schedule->again[schedule->n_again++] = task;
    }
    return poison;
}

void schedule_forgive(struct schedule *schedule, uint32_t task)
{
    schedule->tasks[task].deaths = schedule->tasks[task].kills = 0;
}

void schedule_drop(struct schedule *schedule, uint32_t task)
{
    struct schedule_task *t = &schedule->tasks[task];
    if (t->state == TASK_PENDING || t->state == TASK_RUNNING) {
        t->state = TASK_DROPPED;
        schedule->n_left--;
    }
}

uint32_t schedule_running(const struct schedule *schedule, uint32_t worker)
{
    const struct schedule_worker *w = &schedule->workers[worker];
    return w->n > 0 ? w->queue[0] : SCHEDULE_NONE;
}
