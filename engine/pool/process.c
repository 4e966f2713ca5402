/*
 * Forking without exec, so that the caller's map function exists in the child. That takes care: no
 * signal may arrive between fork and the reset of its handler, and the child goes on with nothing
 * of the parent's but memory.
 */
#include "pool/process.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/calls.h"
#include "base/code.h"

/* Nanoseconds to wait for the end of a process: that was killed, and that could not be. */
#define KILL_MAX UINT64_C(10000000000)
#define STAY_MAX UINT64_C(1000000000)

static void reset_signals(void)
{
    struct sigaction action;
    for (int number = 1; number < NSIG; number++)
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
            action.sa_handler != SIG_IGN)
            signal(number, SIG_DFL);
    /* What a terminal or a batch system sends reaches the whole process group; what happens then is
     * the coordinator's choice. */
    static const int for_the_coordinator[] = {SIGINT, SIGQUIT, SIGUSR1};
    for (size_t i = 0; i < sizeof for_the_coordinator / sizeof *for_the_coordinator; i++)
        signal(for_the_coordinator[i], SIG_IGN);
}

/* What the child does first. */
static void leave_parent(const sigset_t *before)
{
    reset_signals();
    /* What the caller has not flushed yet, it flushes itself. */
    __fpurge(stdout);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* A pidfd, or -1 with errno, when the child is gone. */
static int watch(pid_t pid, int fd)
{
    int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0) {
        int error = errno;
        shutdown(fd, SHUT_RDWR); /* which ends it, should it be out of reach of the kill */
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            continue;
        errno = error;
    }
    return pidfd;
}

/*
 * Forks while no signal can arrive: the child has all of them blocked, until it unblocks them by
 * *before. As fork.
 */
static pid_t fork_quietly(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, before);
    pid_t pid = fork();
    int error = errno;
    if (pid != 0)
        pthread_sigmask(SIG_SETMASK, before, NULL);
    errno = error;
    return pid;
}

struct process *process_start(uint32_t slot, int *child_fd, struct refusal *refusal)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        *refusal = (struct refusal){"socketpair", errno};
        return NULL;
    }
    struct refusal refused = {"calloc", ENOMEM};
    struct process *process = calloc(1, sizeof *process);
    if (!process)
        goto fail;
    sigset_t before;
    pid_t pid = fork_quietly(&before);
    if (pid == 0) {
        leave_parent(&before);
        close(fds[0]);
        free(process);
        *child_fd = fds[1];
        return NULL;
    }
    refused = (struct refusal){"fork", errno};
    if (pid < 0)
        goto fail;
    process->pidfd = watch(pid, fds[0]);
    refused = (struct refusal){"pidfd_open", errno};
    if (process->pidfd < 0)
        goto fail;
    close(fds[1]);
    process->slot = slot;
    process->pid = pid;
    process->fd = fds[0];
    return process;

fail:
    free(process);
    close(fds[0]);
    close(fds[1]);
    *refusal = refused;
    return NULL;
}

int process_flush(struct process *process)
{
    int rc = 0;
    while (process->out_size > 0) {
        ssize_t n = send(process->fd, process->out, process->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n < 0) {
            rc = CODE_PROTOCOL;
            n = (ssize_t)process->out_size;
        }
        process->out_size -= (size_t)n;
        memmove(process->out, process->out + n, process->out_size);
    }
    free(process->out);
    process->out = NULL;
    return rc;
}

int process_send(struct process *process, enum message_type type, const void *data, size_t size,
                 const void *more, size_t more_size)
{
    struct message_header header = {(uint32_t)(size + more_size), (uint16_t)type, MESSAGE_VERSION};
    unsigned char *out =
        realloc(process->out, process->out_size + sizeof header + size + more_size);
    if (!out)
        return CODE_NOMEM;
    process->out = out;
    out += process->out_size;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, data, size);
    if (more_size > 0)
        memcpy(out + sizeof header + size, more, more_size);
    process->out_size += sizeof header + size + more_size;
    return process_flush(process);
}

int process_receive(struct process *process)
{
    ssize_t n;
    process->in_size -= process->in_start;
    memmove(process->in, process->in + process->in_start, process->in_size);
    process->in_start = 0;
    do
        n = recv(process->fd, process->in + process->in_size, sizeof process->in - process->in_size,
                 MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == EAGAIN ? 0 : -1;
    if (n == 0)
        return -1;
    process->in_size += (size_t)n;
    return 1;
}

int process_frame(struct process *process, struct message_header *header)
{
    const unsigned char *at = process->in + process->in_start;
    size_t size = process->in_size - process->in_start;
    if (size < sizeof *header)
        return 0;
    memcpy(header, at, sizeof *header);
    if (message_check(header) < 0)
        return CODE_PROTOCOL;
    if (size - sizeof *header < header->size)
        return 0;
    memcpy(process->frame, at + sizeof *header, header->size);
    process->in_start += sizeof *header + header->size;
    return 1;
}

void process_kill(struct process *process)
{
    shutdown(process->fd, SHUT_RDWR);
    if (pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
        process->stays = 1;
}

void process_bury(struct process *process, uint64_t start)
{
    uint64_t most = start + (process->stays ? STAY_MAX : KILL_MAX), now;
    struct pollfd end = {process->pidfd, POLLIN, 0};
    int n = 0;
    do {
        now = uv_hrtime();
        n = poll(&end, 1, now < most ? (int)((most - now) / 1000000) + 1 : 0);
    } while (n < 0 && errno == EINTR);
    if (n != 0)
        process_reap(process);
    process_close(process);
}

/* For a kernel before 5.4, and sandboxes: by the pid. */
static void reap_by_pid(pid_t pid, siginfo_t *info)
{
    int status = 0;
    pid_t reaped;
    do
        reaped = waitpid(pid, &status, 0);
    while (reaped < 0 && errno == EINTR);
    info->si_code = reaped == pid && WIFSIGNALED(status) ? CLD_KILLED : CLD_EXITED;
    info->si_status = WTERMSIG(status);
}

enum process_end process_reap(struct process *process)
{
    struct pollfd end = {process->pidfd, POLLIN, 0};
    siginfo_t info = {.si_code = 0};
    int rc;
    /* By pidfd: the pid may be another child's by now, if the host reaps all that it can. */
    while ((rc = waitid(P_PIDFD, (id_t)process->pidfd, &info, WEXITED)) < 0 &&
           (errno == EINTR || errno == EAGAIN))
        poll(&end, 1, -1); /* the loop made the pidfd non-blocking */
    if (rc < 0 && errno != ECHILD)
        reap_by_pid(process->pid, &info);
    if (process->guilty || (info.si_code != CLD_KILLED && info.si_code != CLD_DUMPED))
        return PROCESS_FAILED;
    switch (info.si_status) {
    case SIGKILL:
    case SIGTERM:
    case SIGHUP:
        return PROCESS_KILLED;
    case SIGBUS:
        return PROCESS_LOST_BYTES;
    default:
        return PROCESS_FAILED;
    }
}

void process_free(struct process *process)
{
    free(process->out);
    free(process);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct process *process = handle->data;
    if (--process->n_handles == 0)
        process_free(process);
}

void process_close(struct process *process)
{
    if (process->n_handles > 0)
        uv_close((uv_handle_t *)&process->socket_poll, on_handle_closed);
    if (process->n_handles > 1)
        uv_close((uv_handle_t *)&process->pid_poll, on_handle_closed);
    close(process->fd);
    close(process->pidfd);
    if (process->n_handles == 0)
        process_free(process);
}
