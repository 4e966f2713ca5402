/*
 * The body of a worker: does one message after the other and answers it, and nothing in between. It
 * runs in a process, or, when a job has no workers, in the calling process: a port stands for the
 * way to the coordinator.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "context/context.h"

struct worker;

/* 0, CODE_NOMEM, or CODE_WORKER: spec->init did not want it, and slot says why. */
int worker_new(struct worker **worker, const struct job_spec *spec, struct progress_slot *slot,
               struct port *port);
/* With what spec->state_new made. */
void worker_free(struct worker *worker);

/* Inputs may be mapped from now on: in a process of one thread that nobody else uses, see
 * input/mapping.h. */
void worker_map_inputs(struct worker *worker);

/* In a fork of the process that it is of: nothing but memory is given back when it is freed. */
void worker_forget(struct worker *worker);

/*
 * Takes a grant, or does a task and answers it. 0, or CODE_PROTOCOL: the coordinator is gone or
 * talks nonsense. The payload is aligned as uint64_t, and may be lost meanwhile.
 */
int worker_handle(struct worker *worker, const struct message_header *header, const void *payload);

#endif
