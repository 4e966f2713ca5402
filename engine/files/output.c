/*
 * The temporary name is made from the target's, the process and a number, and opened with O_EXCL,
 * so the file gets the mode that the caller's umask gives any new file. A descriptor of the
 * caller's stays blocking, since it may be shared, so no more is written to it than poll says there
 * is room.
 */
#include "files/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

#define NAMES_MAX 100

static int fail(const struct output *output, wm_error *error)
{
    char words[64];
    if (errno == ENOMEM)
        return error_memory(error);
    error_system(errno, words, sizeof words);
    if (!output->path)
        return error_set(error, WM_EWRITE, "cannot write %s: %s",
                         output->fd == STDOUT_FILENO ? "standard output" : "the output", words);
    return error_set(error, WM_EWRITE, "cannot write '%s': %s", output->path, words);
}

static int open_temporary(struct output *output)
{
    const char *slash = strrchr(output->path, '/');
    int folder_size = slash ? (int)(slash + 1 - output->path) : 0;
    size_t size = strlen(output->path) + 40;
    output->temporary = malloc(size);
    if (!output->temporary)
        return -1;
    for (int i = 0; i < NAMES_MAX; i++) {
        snprintf(output->temporary, size, "%.*s.%s.%ld.%d.tmp", folder_size, output->path,
                 output->path + folder_size, (long)getpid(), i);
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (output->fd >= 0 || errno != EEXIST)
            break;
    }
    if (output->fd < 0) {
        free(output->temporary);
        output->temporary = NULL;
    }
    return output->fd;
}

int output_open(struct output *output, const char *path, int fd, wm_error *error)
{
    struct stat status;
    *output = (struct output){.path = path, .fd = path ? -1 : fd};
    if (!path)
        return fd >= 0 && fcntl(fd, F_GETFD) < 0 ? fail(output, error) : 0;
    /* Through a symbolic link, the file that it points to is replaced, not the link. */
    int exists = lstat(path, &status) == 0;
    if (exists && S_ISLNK(status.st_mode)) {
        output->real = realpath(path, NULL);
        if (output->real)
            output->path = path = output->real;
        exists = output->real && stat(path, &status) == 0;
    }
    if (!exists && errno != ENOENT)
        return fail(output, error);
    if (exists && S_ISDIR(status.st_mode))
        errno = EISDIR;
    else if (exists && !S_ISREG(status.st_mode))
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        open_temporary(output);
    return output->fd < 0 ? fail(output, error) : 0;
}

int output_watch(struct output *output, uv_loop_t *loop, uv_poll_cb on_room, void *user,
                 wm_error *error)
{
    if (output->fd < 0)
        return 0;
    int rc = watch_open(&output->watch, loop, output->fd, UV_WRITABLE, on_room, user);
    char words[64];
    return rc == 0 ? 0
                   : error_set(error, WM_EFORK, "cannot wait for '%s': %s",
                               output->path ? output->path : "the output",
                               error_system(-rc, words, sizeof words));
}

/* Once poll says that there is room, this much can be written to a pipe without blocking. */
static size_t room_now(const struct output *output, size_t size)
{
    struct pollfd ready = {output->fd, POLLOUT, 0};
    if (!output->watch.polls)
        return size;
    int n = poll(&ready, 1, 0);
    if (n == 0 || (n < 0 && errno == EINTR))
        return 0;
    return size < PIPE_BUF ? size : PIPE_BUF;
}

/* A pipe that nobody reads any more is an error, and not the end of the host. */
static ssize_t write_without_sigpipe(int fd, const void *data, size_t size)
{
    sigset_t sigpipe, before, pending;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    sigpending(&pending);
    ssize_t n = write(fd, data, size);
    int error = errno;
    if (n < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&sigpipe, NULL, &(struct timespec){0, 0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return n;
}

int output_write_some(struct output *output, const void *data, size_t size, size_t *written,
                      wm_error *error)
{
    while (*written < size) {
        size_t room = room_now(output, size - *written);
        ssize_t n =
            room > 0 ? write_without_sigpipe(output->fd, (const char *)data + *written, room) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            return fail(output, error);
        if (n > 0)
            *written += (size_t)n;
        else if (output->watch.polls)
            break;
        else /* the caller made it non-blocking */
            poll(&(struct pollfd){output->fd, POLLOUT, 0}, 1, -1);
    }
    watch_set(&output->watch, *written < size);
    return *written < size ? WM_RUNNING : 0;
}

int output_commit(struct output *output, wm_error *error)
{
    if (!output->path || output->fd < 0)
        return 0;
    int fd = output->fd;
    watch_close(&output->watch);
    output->fd = -1;
    if (close(fd) < 0)
        return fail(output, error);
    if (output->temporary && rename(output->temporary, output->path) < 0)
        return fail(output, error);
    free(output->temporary);
    output->temporary = NULL;
    return 0;
}

void output_release(struct output *output)
{
    watch_close(&output->watch);
    if (output->path && output->fd >= 0)
        close(output->fd);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->real);
    output->path = output->temporary = output->real = NULL;
    output->fd = -1;
}
