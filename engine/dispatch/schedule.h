/*
 * Who does what next. Pure: it has no clock, no descriptor, and no memory beyond the tables below.
 * The engine tells it what happened and does what it says, so a simulator can stand in for both.
 *
 *     pending --next--> running --done--> done
 *        ^                 |
 *        +-----died--------+            any --drop--> dropped
 *
 * A stage is finished when every task is dropped, or done and no worker's any more. Tasks may be
 * added until it is closed.
 *
 * Tasks are handed out in the order they were added, those of dead workers first. A worker has up
 * to SCHEDULE_DEPTH tasks, so that it never waits for the next one; it does them in order.
 *
 * When none is left, an idle worker may be given one that another worker has been at for much
 * longer than tasks take: a backup task (Dean and Ghemawat, 2004, 3.6). Whichever is done first
 * counts. The other worker has to go, for what it reads is not kept much longer.
 */
#ifndef ENGINE_DISPATCH_SCHEDULE_H
#define ENGINE_DISPATCH_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#define SCHEDULE_DEPTH 2
#define SCHEDULE_DEATHS_MAX 3 /* a task that killed so many workers is poison */
#define SCHEDULE_KILLS_MAX 20 /* and so is one whose workers others killed, without getting on */
#define SCHEDULE_NONE UINT32_MAX
#define SCHEDULE_NEVER UINT64_MAX
#define SCHEDULE_BACKUP_TIME 50 /* a task that takes less needs no backup */

enum schedule_state { TASK_PENDING, TASK_RUNNING, TASK_DONE, TASK_DROPPED };

/* What a worker's running task has to do with its death. */
enum schedule_blame {
    BLAME_NONE,     /* it had not begun */
    BLAME_TASK,     /* it crashed, or hung */
    BLAME_STRANGER, /* a signal from outside: an operator's, or that of a system out of memory */
};

struct schedule_task {
    uint8_t state;
    uint8_t n_workers; /* that have it */
    uint8_t deaths;    /* that are its fault */
    uint8_t kills;     /* by strangers since it got any further */
    uint64_t furthest; /* that a killed attempt had come */
};

struct schedule_worker {
    uint32_t queue[SCHEDULE_DEPTH]; /* the first one runs */
    uint32_t n;
    uint64_t since; /* when the first one was its first */
};

struct schedule {
    struct schedule_task *tasks;
    size_t capacity; /* of tasks */
    uint32_t n_tasks;
    uint32_t n_left;  /* neither dropped, nor done and no worker's */
    uint32_t n_fresh; /* tasks from here on were never handed out */
    uint32_t *again;  /* pending tasks of dead workers, the last one first */
    uint32_t n_again;
    uint32_t n_given; /* tasks that workers have */
    uint64_t time;    /* that n_timed tasks took together */
    uint64_t n_timed;
    struct schedule_worker *workers;
    uint32_t n_workers;
    int closed;
};

/* 0 or CODE_NOMEM. */
int schedule_init(struct schedule *schedule, uint32_t n_workers);
void schedule_release(struct schedule *schedule);

/* Forgets all tasks; no worker has one. */
void schedule_reset(struct schedule *schedule);

/* Adds n pending tasks, numbered on from the last. 0 or CODE_NOMEM (none added). */
int schedule_add(struct schedule *schedule, uint32_t n);

/* No more tasks will be added. */
void schedule_close(struct schedule *schedule);

int schedule_finished(const struct schedule *schedule);

/* The task to send to a worker now, or SCHEDULE_NONE. Times are milliseconds of any clock. */
uint32_t schedule_next(struct schedule *schedule, uint32_t worker, uint64_t now);

/* The task that needs a backup most, or SCHEDULE_NONE; schedule_back_up gives it to a worker that
 * has none. */
uint32_t schedule_straggler(const struct schedule *schedule, uint64_t now);
void schedule_back_up(struct schedule *schedule, uint32_t worker, uint32_t task, uint64_t now);

/* When some task will need a backup, if it is not done by then; SCHEDULE_NEVER: none will. */
uint64_t schedule_overdue(const struct schedule *schedule);

/*
 * The worker says its task is done, or failed. 1: it counts; 0: it was dropped, or another worker
 * was first: throw its output away; CODE_PROTOCOL: it is not what this worker runs.
 */
int schedule_done(struct schedule *schedule, uint32_t worker, uint32_t task, uint64_t now);

/* Some worker that has the task, or SCHEDULE_NONE. If the task is done, this one was too slow. */
uint32_t schedule_holder(const struct schedule *schedule, uint32_t task);

/*
 * The worker is gone, done is how far its running task had come. What no other has is pending
 * again. Returns the one that was running if it is poison by now, else SCHEDULE_NONE.
 */
uint32_t schedule_died(struct schedule *schedule, uint32_t worker, enum schedule_blame blame,
                       uint64_t done);

/* Its deaths were not the task's fault: they do not count any more. */
void schedule_forgive(struct schedule *schedule, uint32_t task);

/* The task's output is not wanted any more. */
void schedule_drop(struct schedule *schedule, uint32_t task);

/* The worker's running task, or SCHEDULE_NONE. */
uint32_t schedule_running(const struct schedule *schedule, uint32_t worker);

#endif
