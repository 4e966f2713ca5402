/* A fresh counter and a small stack of returned tasks are all the queue there is. */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"

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
    schedule->closed = 0;
}

int schedule_add(struct schedule *schedule, uint32_t n)
{
    uint32_t total = schedule->n_tasks + n;
    if (total > schedule->capacity) {
        uint32_t capacity = schedule->capacity + schedule->capacity / 2;
        if (capacity < total)
            capacity = total;
        struct schedule_task *tasks = realloc(schedule->tasks, capacity * sizeof *tasks);
        if (!tasks)
            return CODE_NOMEM;
        schedule->tasks = tasks;
        schedule->capacity = capacity;
    }
    if (n > 0)
        memset(schedule->tasks + schedule->n_tasks, 0, n * sizeof *schedule->tasks);
    schedule->n_tasks = total;
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

uint32_t schedule_next(struct schedule *schedule, uint32_t worker)
{
    struct schedule_worker *w = &schedule->workers[worker];
    uint32_t n_fresh = schedule->n_tasks - schedule->n_fresh;
    /* One ahead, but not towards the end, where an idle worker could have it sooner. */
    if (w->n == SCHEDULE_DEPTH || (w->n > 0 && n_fresh < 2 * schedule->n_workers))
        return SCHEDULE_NONE;
    uint32_t task = take_pending(schedule);
    if (task != SCHEDULE_NONE) {
        schedule->tasks[task].state = TASK_RUNNING;
        w->queue[w->n++] = task;
        schedule->n_given++;
    }
    return task;
}

int schedule_done(struct schedule *schedule, uint32_t worker, uint32_t task)
{
    struct schedule_worker *w = &schedule->workers[worker];
    if (w->n == 0 || w->queue[0] != task)
        return CODE_PROTOCOL;
    memmove(w->queue, w->queue + 1, --w->n * sizeof *w->queue);
    schedule->n_given--;
    if (schedule->tasks[task].state != TASK_RUNNING)
        return 0;
    schedule->tasks[task].state = TASK_DONE;
    schedule->n_left--;
    return 1;
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
    schedule->n_given -= w->n;
    while (w->n > 0) {
        uint32_t task = w->queue[--w->n];
        if (schedule->tasks[task].state != TASK_RUNNING)
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
