/*
 * The workers, the tasks they are at, and the account of every extent that they were given. What a
 * worker has written is its own until the task is committed, and is given back if the worker dies
 * before.
 */
#ifndef ENGINE_DISPATCH_CREW_H
#define ENGINE_DISPATCH_CREW_H

#include <stdint.h>
#include <uv.h>

#include "dispatch/schedule.h"
#include "dispatch/work.h"
#include "plan/plan.h"
#include "pool/pool.h"
#include "shared/progress.h"

/* What a worker holds of the arena and has not committed. */
struct hand {
    struct extent_range grant; /* count 0: none; not sent yet: the rest of the last one */
    struct message_run *runs;  /* of its running task */
    size_t capacity;           /* of runs */
    uint32_t n_runs;
    uint32_t n_given;          /* tasks, in the life of this worker */
    struct progress_mark mark; /* where the watchdog saw it */
    uint32_t n_still;          /* looks since it got on */
    int hung;                  /* and was killed for it */
    uint32_t backup;           /* the last task that it was given as a backup */
    int has_backup;            /* if there was one */
    int dismissed;             /* another was done with its task first: it will be gone soon */
};

struct crew {
    struct plan *plan;
    struct pool pool;
    struct schedule schedule;
    struct hand *hands;      /* one a worker */
    uint32_t n_workers;      /* 0: none are needed */
    const struct work *work; /* of the stage at hand */
    struct flow *flow;       /* its own */
    uint64_t start_time;     /* of the job, by clock_nanoseconds */
    uint32_t reserve;        /* one in so many extents is not for runs; 0: all are for runs */
    struct watchdog {
        uv_loop_t *loop;
        uv_timer_t look;
        uv_timer_t overdue; /* when a task may need a backup */
        int is_overdue;
    } watchdog;
    wm_stats *stats;
    wm_error *error;
};

/* For plan->n_workers, or none. 0 or WM_ENOMEM. */
int crew_init(struct crew *crew, uint32_t n_workers);
void crew_release(struct crew *crew);

/* The n tasks of a new stage. More may be added until crew_close. 0 or WM_ENOMEM. */
int crew_begin(struct crew *crew, uint32_t n_tasks);
int crew_add(struct crew *crew, uint32_t n_tasks);
void crew_close(struct crew *crew);

/* No task is left, and no worker is at one. */
int crew_is_finished(const struct crew *crew);

/* Whether the worker can be given something. */
int crew_is_there(const struct crew *crew, uint32_t worker);

/* A message to a worker. */
void crew_send(struct crew *crew, uint32_t worker, enum message_type type, const void *data,
               size_t size, const void *more, size_t more_size);

/* Notes a run that is not committed yet. 0, POOL_NONSENSE or WM_ENOMEM. */
int crew_take_run(struct crew *crew, uint32_t worker, const struct message_run *message);

/* Gives back the runs of its running task. */
void crew_discard(struct crew *crew, struct hand *hand);

/* Its task is done: the stage has the runs. 0 or a WM_E code. */
int crew_commit(struct crew *crew, struct hand *hand, const struct message_done *done);

/* A task is done or failed, and no worker reads its input any more. */
void crew_settle(struct crew *crew, uint32_t task);

/* The same, but another worker that is at it has to go first. */
void crew_settle_or_dismiss(struct crew *crew, uint32_t task);

/* What is known of workers and messages once a job has ended. */
void crew_count(const struct crew *crew, wm_stats *stats);

#endif
