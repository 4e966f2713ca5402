/*
 * The coordinator sends one task ahead, so the grant that a task waits for may come behind the next
 * task: that one is kept until this one is done.
 */
#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/calls.h"
#include "base/code.h"
#include "shared/fault.h"
#include "shared/message.h"
#include "worker.h"

/* The port of a worker process. */
struct socket_port {
    struct port port;
    struct progress *progress;
    int fd;
    int parent;    /* pid */
    int parent_fd; /* its pidfd, or -1 */
    int is_ahead;  /* a task came before the grant that was waited for */
    struct message_header ahead;
    _Alignas(8) unsigned char ahead_payload[MESSAGE_SIZE_MAX];
    _Alignas(8) unsigned char payload[MESSAGE_SIZE_MAX];
};

static int socket_send(struct port *port, enum message_type type, const void *data, size_t size,
                       const void *more, size_t more_size)
{
    struct socket_port *self = (struct socket_port *)port;
#ifdef WORDMILL_FAULTS
    struct message_header header = {(uint32_t)size, (uint16_t)type, MESSAGE_VERSION};
    enum fault fault = fault_due(&self->progress->faults, "message");
    if (fault != FAULT_NONE && write(self->fd, &header, sizeof header - 3) > 0)
        fault_strike(fault);
#endif
    return message_send(self->fd, type, data, size, more, more_size);
}

/* Blocks for a message. EOF alone will not do: what else the host forks may hold the other end. */
static int receive(struct socket_port *self, struct message_header *header, void *payload)
{
    struct pollfd fds[2] = {{self->fd, POLLIN, 0}, {self->parent_fd, POLLIN, 0}};
    int n;
    do
        n = poll(fds, self->parent_fd >= 0 ? 2 : 1, -1);
    while (n < 0 && errno == EINTR);
    if (n < 0 || (fds[0].revents == 0 && fds[1].revents != 0))
        return CODE_PROTOCOL;
    return message_receive(self->fd, header, payload);
}

static int socket_wait_grant(struct port *port, struct extent_range *grant)
{
    struct socket_port *self = (struct socket_port *)port;
    struct message_header header;
    for (;;) {
        if (receive(self, &header, self->payload) < 0)
            return CODE_PROTOCOL;
        if (header.type == MESSAGE_GRANT) {
            memcpy(grant, self->payload, sizeof *grant);
            return 0;
        }
        if (self->is_ahead)
            return CODE_PROTOCOL;
        self->is_ahead = 1;
        self->ahead = header;
        memcpy(self->ahead_payload, self->payload, header.size);
    }
}

static int socket_orphaned(struct port *port)
{
    return getppid() != ((struct socket_port *)port)->parent;
}

/* Says that there is no memory for a worker: a death would only be followed by the next. */
static int unfit(int fd)
{
    const struct message_failed failure = {.task = PROGRESS_NO_TASK, .code = CODE_NOMEM};
    message_send(fd, MESSAGE_FAILED, &failure, sizeof failure, NULL, 0);
    return 1;
}

int worker_main(const struct job_spec *spec, struct progress_slot *slot, int fd, int parent)
{
    struct socket_port *port = malloc(sizeof *port);
    struct worker *worker;
    if (!port)
        return unfit(fd);
    port->port = (struct port){socket_send, socket_wait_grant, socket_orphaned};
    port->progress = spec->progress;
    port->fd = fd;
    port->parent = parent;
    port->parent_fd = pidfd_open(parent, 0);
    port->is_ahead = 0;
    fault_point(&spec->progress->faults, "start");
    int rc = worker_new(&worker, spec, slot, &port->port);
    if (rc < 0)
        return rc == CODE_NOMEM ? unfit(fd) : 1;
    if (socket_orphaned(&port->port))
        return 0;
    /* A function of the host may write to records, or handle signals. */
    if (!spec->on_record && !spec->init && gettid() == getpid())
        worker_map_inputs(worker);

    while (rc == 0) {
        struct message_header header;
        if (port->is_ahead) {
            port->is_ahead = 0;
            header = port->ahead;
            memcpy(port->payload, port->ahead_payload, header.size);
        } else if (receive(port, &header, port->payload) < 0) {
            break;
        }
        rc = worker_handle(worker, &header, port->payload);
    }
    worker_free(worker);
    free(port);
    return rc == 0 ? 0 : 1;
}
