/*
 * The temporary name is made from the target's, the process and a number, and opened with O_EXCL,
 * so the file gets the mode that the caller's umask gives any new file.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define NAMES_MAX 100
#define LOOK_INTERVAL 100 /* milliseconds between looks at canceled */

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
    if (!path) {
        output->may_stall = fd >= 0 && fstat(fd, &status) == 0 && !S_ISREG(status.st_mode);
        return 0;
    }
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
    output->may_stall = exists && !S_ISREG(status.st_mode);
    if (exists && S_ISDIR(status.st_mode))
        errno = EISDIR;
    else if (output->may_stall)
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        open_temporary(output);
    return output->fd < 0 ? fail(output, error) : 0;
}

/* Once poll says that there is room, this much can be written to a pipe without blocking. */
static size_t wait_for_room(const struct output *output, size_t size)
{
    struct pollfd ready = {output->fd, POLLOUT, 0};
    if (!output->may_stall)
        return size;
    int n = poll(&ready, 1, LOOK_INTERVAL);
    if (n == 0 || (n < 0 && errno == EINTR))
        return 0;
    return size < PIPE_BUF ? size : PIPE_BUF;
}

int output_write(struct output *output, const void *data, size_t size, wm_error *error)
{
    const char *at = data;
    while (size > 0) {
        if (output->canceled && atomic_load(output->canceled))
            return error_set(error, WM_ECANCELED, "canceled");
        size_t room = wait_for_room(output, size);
        ssize_t n = room > 0 ? write(output->fd, at, room) : 0;
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return fail(output, error);
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

int output_commit(struct output *output, wm_error *error)
{
    if (!output->path || output->fd < 0)
        return 0;
    int fd = output->fd;
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
    if (output->path && output->fd >= 0)
        close(output->fd);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->real);
    *output = (struct output){.fd = -1};
}
