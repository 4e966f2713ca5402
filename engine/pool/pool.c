/*
 * A slot is a worker's number for life; processes come and go in it. After a death the order
 * matters. What is still in the socket of the dead worker is read first, since its last answer may
 * be whole. Then it is reaped, and then its death is told.
 */
#include "pool/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/code.h"
#include "base/unwind.h"
#include "files/descriptor.h"
#include "pool/inline.h"
#include "serve.h"

/* So many deaths without a task finished, and no more are replaced. */
#define DEATHS_IN_A_ROW_MAX 24
#define RESPAWN_DELAY_MAX 500 /* milliseconds */

static void on_socket(uv_poll_t *handle, int status, int events);
static void on_pid(uv_poll_t *handle, int status, int events);

/* Nothing is told any more. */
static int is_quiet(const struct pool *pool)
{
    return pool->stopping || pool->code < 0;
}

static void pool_note(struct pool *pool, int rc)
{
    if (rc < 0 && pool->code == 0)
        pool->code = rc;
}

static void exhausted(struct pool *pool, int error)
{
    if (!is_quiet(pool))
        pool_note(pool, pool->events->exhausted(pool->user, error));
}

static void watch(struct process *process)
{
    int events = UV_READABLE | (process->out_size > 0 ? UV_WRITABLE : 0);
    uv_poll_start(&process->socket_poll, events, on_socket);
}

/* Prepares to watch the process. 0 or an errno. */
static int open_handles(struct pool *pool, struct process *process)
{
    process->socket_poll.data = process->pid_poll.data = process;
    int rc = uv_poll_init(pool->loop, &process->socket_poll, process->fd);
    process->n_handles = rc == 0;
    if (rc == 0)
        rc = uv_poll_init(pool->loop, &process->pid_poll, process->pidfd);
    process->n_handles += rc == 0;
    return -rc;
}

/* In a new child: closes what is not its own and works. */
static _Noreturn __attribute__((noinline)) void child_main(const struct pool *pool, uint32_t slot,
                                                           int fd, int parent)
{
    UNWIND_ENDS_HERE();
    pool->events->fork(pool->user, POOL_FORK_CHILD);
    size_t i = pool->n_keep;
    for (; i > 0 && pool->keep[i - 1] > fd; i--)
        pool->keep[i] = pool->keep[i - 1];
    pool->keep[i] = fd;
    descriptors_close_but(pool->keep, pool->n_keep + 1);
    _exit(worker_main(pool->spec, &pool->spec->progress->slots[slot], fd, parent));
}

/* 0, or an errno: nothing was started, and *refusal says why. Does not return in the child. */
static int spawn(struct pool *pool, uint32_t slot, struct refusal *refusal)
{
    int child_fd = -1;
    int parent = (int)getpid();
    pool->events->fork(pool->user, POOL_FORK_BEFORE);
    struct process *process = process_start(slot, &child_fd, refusal);
    if (!process && child_fd >= 0)
        child_main(pool, slot, child_fd, parent);
    pool->events->fork(pool->user, POOL_FORK_PARENT);
    if (!process)
        return refusal->error;
    int error = open_handles(pool, process);
    if (error) {
        *refusal = (struct refusal){"ioctl or epoll_ctl", error};
        process_kill(process);
        process_bury(process, uv_hrtime());
        return error;
    }
    pool->processes[slot] = process;
    pool->n_alive++;
    pool->n_forks++;
    watch(process);
    uv_poll_start(&process->pid_poll, UV_READABLE, on_pid);
    pool_note(pool, pool->events->ready(pool->user, slot));
    return 0;
}

static struct pool *pool_of(uv_poll_t *handle)
{
    return uv_loop_get_data(handle->loop);
}

static void break_off(struct process *process)
{
    process->broken = 1;
    process_kill(process);
    uv_poll_stop(&process->socket_poll);
}

static void count_message(struct pool *pool, size_t size)
{
    pool->n_messages++;
    pool->message_bytes += sizeof(struct message_header) + size;
}

static void tell(struct pool *pool, struct process *process, const struct message_header *header)
{
    count_message(pool, header->size);
    int rc = pool->events->message(pool->user, process->slot, header, process->frame);
    pool_note(pool, rc);
    if (rc == POOL_NONSENSE)
        pool_kill(pool, process->slot);
}

/* Hands on all whole frames that can be had now. */
static void drain(struct pool *pool, struct process *process)
{
    int more = 1;
    while (more > 0 && !process->broken && !is_quiet(pool)) {
        more = process_receive(process);
        int rc = 0;
        struct message_header header;
        while (!process->broken && !is_quiet(pool) && (rc = process_frame(process, &header)) > 0)
            tell(pool, process, &header);
        if (rc < 0) {
            process->guilty = 1;
            break_off(process);
        }
    }
    if (more < 0 && !process->broken)
        break_off(process); /* its death follows on the pidfd */
}

static void on_socket(uv_poll_t *handle, int status, int events)
{
    struct process *process = handle->data;
    struct pool *pool = pool_of(handle);
    if (status < 0 || events & (UV_READABLE | UV_DISCONNECT))
        drain(pool, process);
    if (is_quiet(pool) || process->broken || !(events & UV_WRITABLE))
        return;
    /* It takes no more messages: what it sent before is still read, and its death follows. */
    if (process_flush(process) < 0)
        process_kill(process);
    if (process->out_size == 0)
        watch(process);
}

static void on_respawn(uv_timer_t *timer)
{
    struct pool *pool = timer->data;
    struct stdio_hold hold;
    struct refusal refusal;
    int error = 0;
    stdio_hold(&hold);
    for (uint32_t i = 0; i < pool->n_slots && !error && !is_quiet(pool); i++)
        if (!pool->processes[i])
            error = spawn(pool, i, &refusal);
    stdio_let_go(&hold);
    if (error && pool->n_alive == 0)
        exhausted(pool, error);
}

static void on_pid(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    struct process *process = handle->data;
    struct pool *pool = pool_of(handle);
    drain(pool, process);
    enum process_end end = process_reap(process);
    pool->processes[process->slot] = NULL;
    pool->n_alive--;
    pool->n_retired -= (uint32_t)process->retired;
    uint32_t slot = process->slot;
    if (!process->retired && !is_quiet(pool)) {
        pool->n_deaths++;
        pool->n_deaths_in_a_row++;
    }
    process_close(process);
    if (is_quiet(pool))
        return;
    pool_note(pool, pool->events->death(pool->user, slot, end));
    if (pool->n_deaths_in_a_row >= DEATHS_IN_A_ROW_MAX)
        exhausted(pool, 0);
    if (is_quiet(pool))
        return;
    /* The first replacements come at once, later ones ever more slowly. */
    uint32_t n = pool->n_deaths_in_a_row / pool->n_slots;
    uint64_t delay = n < 2 ? 0 : UINT64_C(1) << (n < 9 ? n : 9);
    if (delay > RESPAWN_DELAY_MAX)
        delay = RESPAWN_DELAY_MAX;
    uv_timer_start(&pool->respawn, on_respawn, delay, 0);
}

static int take_inline(void *user, const struct message_header *header, const void *payload)
{
    struct pool *pool = user;
    pool_note(pool, pool->events->message(pool->user, 0, header, payload));
    return is_quiet(pool);
}

/* Looked at in the middle of a task: of processes the socket is closed, or they are killed. */
static int is_over(void *user)
{
    const struct pool *pool = user;
    return is_quiet(pool) || (pool->is_canceled && atomic_load(pool->is_canceled));
}

static int start_inline(struct pool *pool)
{
    struct inline_worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return CODE_NOMEM;
    worker->take = take_inline;
    worker->is_over = is_over;
    worker->user = pool;
    int rc = inline_start(worker, pool->spec);
    if (rc < 0) {
        free(worker);
        return rc;
    }
    pool->inline_worker = worker;
    pool_note(pool, pool->events->ready(pool->user, 0));
    return 0;
}

int pool_start(struct pool *pool, uv_loop_t *loop, const struct job_spec *spec, uint32_t n)
{
    pool->loop = loop;
    pool->spec = spec;
    pool->n_slots = n ? n : 1;
    pool->processes = calloc(pool->n_slots, sizeof *pool->processes);
    if (!pool->processes)
        return CODE_NOMEM;
    uv_loop_set_data(loop, pool);
    uv_timer_init(loop, &pool->respawn);
    pool->respawn.data = pool;
    pool->respawn_open = 1;
    for (uint32_t i = 0; i < n && !is_quiet(pool); i++)
        if (spawn(pool, i, &pool->refused) != 0)
            break;
    pool->n_started = pool->n_alive;
    return pool->n_started > 0 || is_quiet(pool) ? 0 : start_inline(pool);
}

void pool_send(struct pool *pool, uint32_t worker, enum message_type type, const void *data,
               size_t size, const void *more, size_t more_size)
{
    if (pool->inline_worker) {
        if (inline_send(pool->inline_worker, type, data, size, more, more_size) < 0)
            exhausted(pool, ENOMEM);
        return;
    }
    struct process *process = pool->processes[worker];
    if (!process || process->broken)
        return;
    size_t before = process->out_size;
    count_message(pool, size + more_size);
    int rc = process_send(process, type, data, size, more, more_size);
    if (rc == CODE_NOMEM)
        exhausted(pool, ENOMEM);
    else if (rc < 0)
        process_kill(process);
    else if (process->out_size > 0 && before == 0)
        watch(process);
}

void pool_step(struct pool *pool)
{
    if (pool->inline_worker && inline_step(pool->inline_worker) < 0)
        exhausted(pool, ENOMEM);
}

int pool_is_ready(const struct pool *pool)
{
    return pool->inline_worker && pool->inline_worker->size > 0;
}

void pool_progress(struct pool *pool)
{
    pool->n_deaths_in_a_row = 0;
}

/* Whether it is to end now, and was not before. */
static int should_end(struct pool *pool, struct process *process)
{
    if (!process || process->retired)
        return 0;
    pool->n_retired++;
    return process->retired = 1;
}

void pool_retire(struct pool *pool, uint32_t worker)
{
    struct process *process = pool->processes[worker];
    if (!should_end(pool, process))
        return;
    /* Not close: what the worker has sent is still to be read. */
    shutdown(process->fd, SHUT_WR);
}

void pool_dismiss(struct pool *pool, uint32_t worker)
{
    struct process *process = pool->processes[worker];
    if (should_end(pool, process))
        break_off(process);
}

int pool_is_retired(const struct pool *pool, uint32_t worker)
{
    return pool->processes[worker] && pool->processes[worker]->retired;
}

void pool_kill(struct pool *pool, uint32_t worker)
{
    struct process *process = pool->processes[worker];
    if (!process)
        return;
    process->guilty = 1;
    break_off(process);
    if (process->stays)
        exhausted(pool, EPERM);
}

void pool_end(struct pool *pool)
{
    if (pool->stopping)
        return;
    pool->stopping = 1;
    for (uint32_t i = 0; i < pool->n_slots && pool->processes; i++)
        if (pool->processes[i])
            process_kill(pool->processes[i]);
    if (pool->respawn_open)
        uv_close((uv_handle_t *)&pool->respawn, NULL);
}

void pool_stop(struct pool *pool)
{
    pool_end(pool);
    uint64_t start = uv_hrtime();
    for (uint32_t i = 0; i < pool->n_slots && pool->processes; i++) {
        if (pool->processes[i])
            process_bury(pool->processes[i], start);
        pool->processes[i] = NULL;
    }
    pool->n_alive = 0;
}

void pool_forget(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->n_slots && pool->processes; i++)
        if (pool->processes[i])
            process_free(pool->processes[i]);
    if (pool->inline_worker)
        worker_forget(pool->inline_worker->worker);
}

void pool_release(struct pool *pool)
{
    if (pool->inline_worker)
        inline_stop(pool->inline_worker);
    free(pool->inline_worker);
    free(pool->processes);
    free(pool->keep);
    *pool = (struct pool){0};
}
