/*
 * A worker talks through a port. Here that calls the engine directly, and what the engine sends is
 * queued until the next step. Room for runs is granted while the worker is at a task, so a grant
 * does not wait in the queue.
 */
#include "pool/inline.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/unwind.h"

/* Bytes of a queued message and its header. */
static size_t queued_size(const struct message_header *header)
{
    return (sizeof *header + header->size + 7) & ~(size_t)7;
}

static struct inline_worker *of_port(struct port *port)
{
    return (struct inline_worker *)(void *)((char *)port - offsetof(struct inline_worker, port));
}

static int port_send(struct port *port, enum message_type type, const void *data, size_t size,
                     const void *more, size_t more_size)
{
    struct inline_worker *self = of_port(port);
    struct message_header header = {(uint32_t)(size + more_size), (uint16_t)type, MESSAGE_VERSION};
    if (more_size == 0)
        return self->take(self->user, &header, data) ? CODE_PROTOCOL : 0;
    char *payload = malloc(size + more_size);
    if (!payload) {
        self->code = CODE_NOMEM;
        return CODE_PROTOCOL;
    }
    memcpy(payload, data, size);
    memcpy(payload + size, more, more_size);
    int is_over = self->take(self->user, &header, payload);
    free(payload);
    return is_over ? CODE_PROTOCOL : 0;
}

static int port_wait_grant(struct port *port, struct extent_range *grant)
{
    struct inline_worker *self = of_port(port);
    if (self->grant.count == 0)
        return CODE_PROTOCOL;
    *grant = self->grant;
    self->grant.count = 0;
    return 0;
}

static int port_orphaned(struct port *port)
{
    struct inline_worker *self = of_port(port);
    return self->is_over(self->user);
}

/* Both end what is thrown here: the library's own frames are no better than a worker's. */
static __attribute__((noinline)) int make_worker(struct inline_worker *self,
                                                 const struct job_spec *spec)
{
    UNWIND_ENDS_HERE();
    int rc = worker_new(&self->worker, spec, &spec->progress->slots[0], &self->port);
    return self->worker ? 0 : rc;
}

static __attribute__((noinline)) void do_task(struct inline_worker *self,
                                              struct message_header *header)
{
    UNWIND_ENDS_HERE();
    worker_handle(self->worker, header, header + 1);
    free(header);
}

static __attribute__((noinline)) void end_worker(struct worker *worker)
{
    UNWIND_ENDS_HERE();
    worker_free(worker);
}

int inline_start(struct inline_worker *self, const struct job_spec *spec)
{
    self->port = (struct port){port_send, port_wait_grant, port_orphaned};
    return make_worker(self, spec);
}

int inline_send(struct inline_worker *self, enum message_type type, const void *data, size_t size,
                const void *more, size_t more_size)
{
    struct message_header header = {(uint32_t)(size + more_size), (uint16_t)type, MESSAGE_VERSION};
    if (type == MESSAGE_GRANT) {
        memcpy(&self->grant, data, sizeof self->grant);
        return 0;
    }
    char *queue = realloc(self->queue, self->size + queued_size(&header));
    if (!queue)
        return CODE_NOMEM;
    self->queue = (struct message_header *)(void *)queue;
    queue += self->size;
    memcpy(queue, &header, sizeof header);
    memcpy(queue + sizeof header, data, size);
    if (more_size > 0)
        memcpy(queue + sizeof header + size, more, more_size);
    self->size += queued_size(&header);
    return 0;
}

int inline_step(struct inline_worker *self)
{
    if (self->size == 0)
        return 0;
    struct message_header *header = self->queue;
    /* More may be sent to it while it is at the task, so that leaves the queue. */
    char *rest = NULL;
    size_t rest_size = self->size - queued_size(header);
    if (rest_size > 0) {
        rest = malloc(rest_size);
        if (!rest)
            return CODE_NOMEM;
        memcpy(rest, (char *)header + queued_size(header), rest_size);
    }
    self->queue = (struct message_header *)(void *)rest;
    self->size = rest_size;
    do_task(self, header);
    return self->code;
}

void inline_stop(struct inline_worker *self)
{
    end_worker(self->worker);
    free(self->queue);
    self->queue = NULL;
    self->size = 0;
}
