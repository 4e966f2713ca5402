/*
 * The processes: forks them, carries messages to and from them, notices their deaths and replaces
 * them. Knows nothing of tasks. Without workers it runs the same worker body in the calling
 * process, which then has the number 0.
 */
#ifndef ENGINE_POOL_POOL_H
#define ENGINE_POOL_POOL_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "pool/process.h"
#include "worker.h"

/* Around a fork: before it, after it in the calling process, if it failed too, and in the child. */
enum pool_fork { POOL_FORK_BEFORE, POOL_FORK_PARENT, POOL_FORK_CHILD };

/*
 * Called from pool_step, pool_send or the loop. None may free the pool. What they return is 0 or a
 * negative code: the first of those is kept in pool->code, and no event is told after it.
 */
struct pool_events {
    /* The worker is there and has nothing. */
    int (*ready)(void *user, uint32_t worker);
    /* May also return POOL_NONSENSE: the worker has broken the protocol and is ended. */
    int (*message)(void *user, uint32_t worker, const struct message_header *header,
                   const void *payload);
    /* It died or was retired. A replacement comes by itself. */
    int (*death)(void *user, uint32_t worker, enum process_end end);
    /* Out of processes, and none can be made, or out of memory; error is an errno, or 0. */
    int (*exhausted)(void *user, int error);
    /* Of each process. In the child all is as the calling process has it. */
    void (*fork)(void *user, enum pool_fork moment);
};

enum { POOL_NONSENSE = 1 };

struct inline_worker;

struct pool {
    int code; /* of the first event that failed; 0: none has */
    uv_loop_t *loop;
    const struct job_spec *spec;
    const struct pool_events *events;
    void *user; /* theirs */
    int *keep;  /* descriptors that workers have beside their own, in order, with room for one
                   more; the pool's */
    size_t n_keep;
    const atomic_int *is_canceled; /* the worker in the calling process leaves its task; or NULL */
    struct process **processes;    /* n_slots of them; NULL: none now */
    uint32_t n_slots;
    uint32_t n_alive;
    uint32_t n_started;     /* of them, at first */
    struct refusal refused; /* why they were not all that were asked for, at first */
    uint32_t n_retired;     /* of them, that were told to end */
    uint64_t n_forks;
    uint64_t n_deaths;
    uint32_t n_deaths_in_a_row; /* without pool_progress in between */
    uint64_t n_messages;        /* through sockets, both ways */
    uint64_t message_bytes;     /* of them, headers included */
    uv_timer_t respawn;
    int respawn_open; /* the timer's handle is initialised */
    int stopping;
    struct inline_worker *inline_worker; /* NULL: there are processes */
};

/*
 * events, user, keep and is_canceled are set already. Prepares n workers (0: the one in the
 * calling process) and starts them; ready is called for each. As many as can be forked; with none,
 * the work is done in the calling process. 0, CODE_NOMEM or CODE_WORKER: it is worker_init's, in
 * the calling process.
 */
int pool_start(struct pool *pool, uv_loop_t *loop, const struct job_spec *spec, uint32_t n);

/*
 * Never blocks, never fails. A worker that cannot be reached is dead, which will be noticed.
 * Without memory to keep what does not fit the socket, exhausted is called.
 */
void pool_send(struct pool *pool, uint32_t worker, enum message_type type, const void *data,
               size_t size, const void *more, size_t more_size);

/* Does the next of what was sent to the worker in the calling process, if there is something. */
void pool_step(struct pool *pool);

/* Tells the pool that work is being finished: deaths are not in a row any more. */
void pool_progress(struct pool *pool);

/* The worker, which has no task, is to be replaced: it ends, which is no death in a row. */
void pool_retire(struct pool *pool, uint32_t worker);

/* What the worker does is not wanted any more: ends it, which is no death in a row. */
void pool_dismiss(struct pool *pool, uint32_t worker);

/* Whether all is done in the calling process. */
static inline int pool_is_inline(const struct pool *pool)
{
    return pool->inline_worker != NULL;
}

/* Whether the worker exists now. */
static inline int pool_has(const struct pool *pool, uint32_t worker)
{
    return pool_is_inline(pool) ? worker == 0 : pool->processes[worker] != NULL;
}

/* Whether pool_step has something to do. */
int pool_is_ready(const struct pool *pool);

/* Whether it was told so and has not ended yet. */
int pool_is_retired(const struct pool *pool, uint32_t worker);

/* The worker broke the protocol, or hangs: ends it; its death follows. */
void pool_kill(struct pool *pool, uint32_t worker);

/* Tells all workers to end at once, and does not wait. No event is told any more. */
void pool_end(struct pool *pool);

/* The same, and waits for them, as process_bury does. The loop's handles are closed once the loop
 * has run. */
void pool_stop(struct pool *pool);

/* In a fork of the process that has them: nothing but memory is left to be released. */
void pool_forget(struct pool *pool);

/* After the loop is closed. */
void pool_release(struct pool *pool);

#endif
