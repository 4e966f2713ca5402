/*
 * The worker in the calling process: the same body as in a process of its own, with a queue where
 * that has a socket. It works only when it is stepped.
 */
#ifndef ENGINE_POOL_INLINE_H
#define ENGINE_POOL_INLINE_H

#include <stddef.h>

#include "worker.h"

struct inline_worker {
    struct port port;
    struct worker *worker;
    struct message_header *queue; /* tasks that wait, each in front of its payload */
    size_t size;                  /* bytes of it */
    struct extent_range grant;    /* count 0: none */
    int code;                     /* CODE_NOMEM: there was none for an answer */
    /* Takes what the worker says. Both return non-zero if it is to end its task. */
    int (*take)(void *user, const struct message_header *header, const void *payload);
    int (*is_over)(void *user);
    void *user;
};

/* take, is_over and user are set already. 0, CODE_NOMEM or CODE_WORKER. */
int inline_start(struct inline_worker *self, const struct job_spec *spec);

/* A message to it: kept for a step, or as its grant. 0 or CODE_NOMEM. */
int inline_send(struct inline_worker *self, enum message_type type, const void *data, size_t size,
                const void *more, size_t more_size);

/* Does the next task, if one waits. 0 or CODE_NOMEM. */
int inline_step(struct inline_worker *self);

void inline_stop(struct inline_worker *self);

#endif
