/*
 * What every task has: the wishes of the job, a slot to say how far it is, a way to the
 * coordinator, memory for its next run, and room for the reason of a failure.
 *
 * A worker holds one grant, extents to write its next run to, and gets the next as soon as it says
 * that one is used. So it waits for memory only when the coordinator is slower than it fills a run.
 */
#ifndef WORKER_CONTEXT_CONTEXT_H
#define WORKER_CONTEXT_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/rss.h"
#include "context/spec.h"
#include "shared/message.h"

#define REJECTS_SIZE (2 * REJECT_TEXT_MAX) /* bytes of a RUN_REJECTS, at most */

/* How a worker reaches the coordinator. Both functions return 0 or CODE_PROTOCOL: it is gone. */
struct port {
    int (*send)(struct port *port, enum message_type type, const void *data, size_t size,
                const void *more, size_t more_size);
    /* Waits for the next message that is a GRANT. The payload of the task that waits is lost. */
    int (*wait_grant)(struct port *port, struct extent_range *grant);
    /* Non-zero once the coordinator is gone, however its descriptors live on; never blocks. */
    int (*orphaned)(struct port *port);
};

struct context {
    const struct job_spec *spec;
    struct progress_slot *slot;
    struct port *port;
    struct extent_range grant; /* to write the next run to; count 0: none */
    void *buffer;              /* what goes to the spill file is made here; grows */
    size_t buffer_size;
    struct rss rss;                /* since the worker began */
    uint64_t start_time;           /* nanoseconds; of the task */
    uint64_t start_cpu;            /* the same of processor time, if the job wants tasks */
    uint64_t waited;               /* the same, for grants */
    struct message_failed failure; /* of the task; code 0: there is nothing to say */
};

/* Bytes of every grant: the largest run a map task writes at once. */
size_t context_grant_size(const struct job_spec *spec);
/* The same of grants in the spill file, which may be smaller, but not than those in memory. */
size_t context_spill_grant_size(const struct job_spec *spec);

void context_init(struct context *context, const struct job_spec *spec, struct progress_slot *slot,
                  struct port *port);
void context_release(struct context *context);

/* Nanoseconds of the monotonic clock. */
uint64_t context_now(void);

/* A task begins. It ends, and *done gets its times. */
void context_begin(struct context *context, uint32_t task);
void context_end(struct context *context, struct message_done *done);

/*
 * All that can fail returns 0 or a negative code, and so does a task. A code alone often says it
 * all; context_fail notes what else there is to say, errno for one, and returns code. text may be
 * NULL.
 */
int context_fail(struct context *context, int code, const char *text, size_t size);

/* The same of a word, without a TAB, in a period. */
int context_fail_period(struct context *context, int code, const char *word, size_t size,
                        uint64_t period);

/* 0, or CODE_PROTOCOL: the coordinator is gone, and nobody wants the task. Never blocks. */
int context_check(const struct context *context);

/* Makes sure that there is a grant. */
int context_room(struct context *context);

/* Bytes of the entries of a run that goes to the grant, at most. */
size_t context_run_size(const struct context *context);

/*
 * Where to write size bytes for the grant: its extents or, if they are in the spill file, a buffer
 * that is lost when a later call wants more. NULL: no memory.
 */
void *context_memory(struct context *context, size_t size);

/* Says that the first size bytes of the grant, written to context_memory, are a run. */
int context_send_grant(struct context *context, uint32_t task, enum run_kind kind, size_t size);

/* The columns of the job, with the sums that are known by now. */
int context_columns(const struct context *context, const struct message_sums *sums,
                    struct columns *columns);

/* A table has put a word so many slots away from its own. */
void context_note_probe(struct context *context, uint32_t probe);

static inline int context_will_spill(const struct context *context)
{
    return arena_is_spilled(context->spec->arena, context->grant.first);
}

#endif
