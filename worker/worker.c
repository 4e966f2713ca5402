/*
 * A worker holds one grant, extents to write its next run to, and gets the next as soon as it says
 * that one is used: it waits for memory only when the coordinator is slower than it fills a run.
 * The coordinator sends one task ahead, so a grant may come behind a task: that one is kept.
 */
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/code.h"
#include "output/format.h"
#include "shared/fault.h"
#include "shared/reject.h"
#include "words/entry.h"

#define REJECTS_SIZE (2 * REJECT_TEXT_MAX)

size_t worker_grant_size(const struct job_spec *spec)
{
    size_t size = run_size_max(spec->table_size);
    /* Only one word at a time need fit, as it is written. */
    if (size < output_most(spec->format, WORD_SIZE_MAX))
        size = output_most(spec->format, WORD_SIZE_MAX);
    if (spec->keep_rejects && size < REJECTS_SIZE)
        size = REJECTS_SIZE;
    return (size + EXTENT_SIZE - 1) / EXTENT_SIZE * EXTENT_SIZE;
}

size_t worker_spill_grant_size(const struct job_spec *spec)
{
    size_t size = run_size_max(spec->spill_size);
    return size > worker_grant_size(spec) ? size : worker_grant_size(spec);
}

int worker_init(struct worker *worker, const struct job_spec *spec, struct progress_slot *slot,
                struct port *port)
{
    *worker = (struct worker){
        .spec = spec, .slot = slot, .port = port, .source.fd = -1, .gather.arena = spec->arena};
    int rc = source_init(&worker->source, spec->chunk_size);
    if (rc == 0)
        rc = table_init(&worker->map_table, spec->n_entries_max, spec->table_size,
                        spec->table_size_max);
    if (rc == 0 && spec->filter)
        rc = table_init(&worker->kept_table, spec->n_entries_max, spec->table_size,
                        spec->table_size);
    if (rc == 0 && spec->filter && spec->filter->fold == FOLD_DOMINANT)
        rc = table_init(&worker->fold_table, spec->n_entries_max, spec->table_size,
                        spec->table_size);
    if (rc == 0 && spec->filter && spec->filter->fold == FOLD_DOMINANT)
        rc = table_init(&worker->spelling_table, spec->n_entries_max, spec->table_size,
                        spec->table_size);
    worker->spelling_table.reduce = spec->reduce;
    if (rc == 0 && spec->filter) {
        worker->scratch = malloc(FILTER_SCRATCH_SIZE);
        rc = worker->scratch ? 0 : CODE_NOMEM;
    }
    worker->map_table.reduce = worker->kept_table.reduce = spec->reduce;
    if (rc == 0 && spec->map)
        rc = mapper_init(&worker->mapper, spec->reduce);
    if (rc == 0 && spec->query.by != NGRAM_BY_WORD) {
        worker->keys = malloc(WORKER_KEYS_SIZE);
        rc = worker->keys ? 0 : CODE_NOMEM;
    }
    if (rc == 0 && spec->keep_rejects) {
        worker->rejects = malloc(REJECTS_SIZE);
        rc = worker->rejects ? 0 : CODE_NOMEM;
    }
    if (rc == 0 && spec->init) {
        int refusal = spec->init((unsigned)(slot - spec->progress->slots), spec->map_user);
        atomic_store(&slot->refusal, refusal);
        rc = refusal ? CODE_WORKER : 0;
    }
    if (rc < 0)
        worker_release(worker);
    return rc;
}

void worker_release(struct worker *worker)
{
    source_release(&worker->source);
    table_release(&worker->map_table);
    table_release(&worker->kept_table);
    table_release(&worker->fold_table);
    table_release(&worker->spelling_table);
    gather_release(&worker->gather);
    mapper_release(&worker->mapper);
    free(worker->buffer);
    free(worker->keys);
    free(worker->scratch);
    free(worker->rejects);
    worker->buffer = worker->keys = worker->scratch = worker->rejects = NULL;
}

int worker_fail(struct worker *worker, int code, const char *text, size_t size)
{
    struct message_failed *failure = &worker->failure;
    int system = errno;
    *failure = (struct message_failed){.code = code};
    if (code == CODE_OPEN || code == CODE_READ || code == CODE_WRITE)
        failure->system = system;
    failure->text_size = (uint32_t)(size < MESSAGE_TEXT_MAX ? size : MESSAGE_TEXT_MAX);
    if (failure->text_size > 0)
        memcpy(failure->text, text, failure->text_size);
    return code;
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int worker_room(struct worker *worker)
{
    int rc = 0;
    if (worker->grant.count == 0) {
        uint64_t start = nanoseconds();
        rc = worker->port->wait_grant(worker->port, &worker->grant);
        worker->waited += nanoseconds() - start;
    }
    if (rc == 0)
        rc = arena_check(worker->spec->arena, worker->grant);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

void *worker_memory(struct worker *worker, struct extent_range extents, size_t size)
{
    if (!arena_is_spilled(worker->spec->arena, extents.first))
        return arena_at(worker->spec->arena, extents.first);
    if (size > worker->buffer_size) {
        free(worker->buffer);
        worker->buffer = malloc(size);
        worker->buffer_size = worker->buffer ? size : 0;
    }
    return worker->buffer;
}

int worker_spill(struct worker *worker, struct extent_range extents, size_t at, const void *data,
                 size_t size)
{
    fault_point(&worker->spec->progress->faults, "spill");
    int rc = arena_write_spill(worker->spec->arena, extents.first, at, data, size);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

int worker_send_run(struct worker *worker, uint32_t task, enum run_kind kind,
                    struct extent_range extents, size_t size)
{
    struct message_run message = {.task = task, .kind = kind, .extents = extents, .size = size};
    int rc = worker->port->send(worker->port, MESSAGE_RUN, &message, sizeof message, NULL, 0);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}

int worker_send_grant(struct worker *worker, uint32_t task, enum run_kind kind, size_t size)
{
    struct extent_range grant = worker->grant;
    if (arena_is_spilled(worker->spec->arena, grant.first)) {
        int rc = worker_spill(worker, grant, 0, worker->buffer, size);
        if (rc < 0)
            return rc;
    }
    worker->grant.count = 0;
    return worker_send_run(worker, task, kind, grant, size);
}

static void note_peaks(const struct worker *worker)
{
    struct progress_slot *slot = worker->slot;
    struct rusage usage;
    uint32_t probe = worker->map_table.longest_probe;
    if (probe < worker->kept_table.longest_probe)
        probe = worker->kept_table.longest_probe;
    if (probe > atomic_load_explicit(&slot->longest_probe, memory_order_relaxed))
        atomic_store_explicit(&slot->longest_probe, probe, memory_order_relaxed);
    getrusage(RUSAGE_SELF, &usage);
    uint64_t peak_rss = (uint64_t)usage.ru_maxrss * 1024;
    if (peak_rss > atomic_load_explicit(&slot->peak_rss, memory_order_relaxed))
        atomic_store_explicit(&slot->peak_rss, peak_rss, memory_order_relaxed);
}

static int answer(struct worker *worker, int rc, uint32_t task, const struct message_done *done)
{
    struct port *port = worker->port;
    if (rc == CODE_PROTOCOL && worker->failure.code == CODE_PROTOCOL)
        return rc;
    if (rc == 0)
        return port->send(port, MESSAGE_DONE, done, sizeof *done, NULL, 0);
    worker->failure.task = task;
    return port->send(port, MESSAGE_FAILED, &worker->failure, sizeof worker->failure, NULL, 0);
}

int worker_handle(struct worker *worker, const struct message_header *header, const void *payload)
{
    uint32_t task;
    int rc;
    if (header->type == MESSAGE_GRANT) {
        memcpy(&worker->grant, payload, sizeof worker->grant);
        return 0;
    }
    memcpy(&task, payload, sizeof task);
    struct message_done done = {.task = task};
    uint64_t start = nanoseconds();
    worker->waited = 0;
    worker->failure.code = 0;
    progress_begin(worker->slot, task);
    switch (header->type) {
    case MESSAGE_SPLIT:
        rc = worker_split(worker, payload);
        break;
    case MESSAGE_MAP: {
        struct message_map map = *(const struct message_map *)payload;
        const char *skips = (const char *)payload + sizeof map;
        if (header->size != sizeof map + map.n_skips * sizeof(uint64_t))
            return CODE_PROTOCOL;
        rc = worker_map(worker, &map, (const uint64_t *)(const void *)skips, &done);
        break;
    }
    case MESSAGE_REDUCE: {
        struct message_reduce reduce = *(const struct message_reduce *)payload;
        rc = worker_reduce(worker, &reduce, &done);
        break;
    }
    case MESSAGE_RANK: {
        struct message_rank rank = *(const struct message_rank *)payload;
        rc = worker_rank(worker, &rank);
        break;
    }
    case MESSAGE_ORDER: {
        struct message_order order = *(const struct message_order *)payload;
        rc = worker_order(worker, &order, &done);
        break;
    }
    default:
        return CODE_PROTOCOL;
    }
    progress_end(worker->slot);
    done.busy = nanoseconds() - start - worker->waited;
    note_peaks(worker);
    return answer(worker, rc, task, &done);
}

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

/* Blocks for a message. EOF alone will not do: another job's workers may hold the other end too. */
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
static int worker_unfit(int fd)
{
    const struct message_failed failure = {.task = PROGRESS_NO_TASK, .code = CODE_NOMEM};
    message_send(fd, MESSAGE_FAILED, &failure, sizeof failure, NULL, 0);
    return 1;
}

int worker_main(const struct job_spec *spec, struct progress_slot *slot, int fd, int parent)
{
    struct socket_port *port = malloc(sizeof *port);
    struct worker worker;
    if (!port)
        return worker_unfit(fd);
    port->port = (struct port){socket_send, socket_wait_grant, socket_orphaned};
    port->progress = spec->progress;
    port->fd = fd;
    port->parent = parent;
    port->parent_fd = pidfd_open(parent, 0);
    port->is_ahead = 0;
    fault_point(&spec->progress->faults, "start");
    int rc = worker_init(&worker, spec, slot, &port->port);
    if (rc < 0)
        return rc == CODE_NOMEM ? worker_unfit(fd) : 1;
    if (socket_orphaned(&port->port))
        return 0;

    while (rc == 0) {
        struct message_header header;
        const void *payload = port->payload;
        if (port->is_ahead) {
            port->is_ahead = 0;
            header = port->ahead;
            memcpy(port->payload, port->ahead_payload, header.size);
        } else if (receive(port, &header, port->payload) < 0) {
            break;
        }
        rc = worker_handle(&worker, &header, payload);
    }
    return rc == 0 ? 0 : 1;
}
