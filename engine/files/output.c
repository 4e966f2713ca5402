/*
 * A descriptor of the caller's stays blocking, since it may be shared, so no more is written to it
 * than poll says there is room.
 */
#include "files/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "files/quiet.h"

#define COPY_SIZE (32u << 10)

static int fail(const struct output *output, wm_error *error)
{
    if (errno == ENOMEM)
        return error_memory(error);
    if (!output->path && output->fd != STDOUT_FILENO)
        return error_set_system(error, WM_EWRITE, errno, "cannot write the output: " SYSTEM);
    if (!output->path || strcmp(output->path, "-") == 0)
        return error_set_system(error, WM_EWRITE, errno, "cannot write standard output: " SYSTEM);
    return error_set_system(error, WM_EWRITE, errno, "cannot write '%s': " SYSTEM, output->path);
}

/* Where the output goes until it is whole. */
static int open_temporary(struct output *output)
{
    const struct target *target = &output->target;
    int fd = -1;
    if (target->folder >= 0)
        fd = temporary_beside(target->folder, output->temporary, &output->mode);
    output->is_beside = fd >= 0;
    if (fd < 0 && target->fd >= 0)
        fd = temporary_nameless(temporary_folder());
    return fd;
}

int output_open(struct output *output, const char *path, int fd, wm_error *error)
{
    *output = (struct output){.path = path, .fd = path ? -1 : fd};
    if (!path)
        return fd >= 0 && fcntl(fd, F_GETFD) < 0 ? fail(output, error) : 0;
    struct target *target = &output->target;
    int rc = strcmp(path, "-") == 0 ? target_open_descriptor(target, STDOUT_FILENO)
                                    : target_open(target, path);
    if (rc < 0) {
        rc = fail(output, error);
        output->path = NULL;
        return rc;
    }
    if (target->is_direct) {
        output->fd = target->fd;
        target->fd = -1;
    } else {
        output->fd = open_temporary(output);
    }
    if (output->fd >= 0)
        return 0;
    rc = fail(output, error);
    output_release(output);
    return rc;
}

void output_borrow(struct output *output, const struct output *from)
{
    *output = *from;
    output->is_borrowed = 1;
    output->watch = (struct watch){0};
}

int output_watch(struct output *output, uv_loop_t *loop, uv_poll_cb on_room, void *user,
                 wm_error *error)
{
    if (output->fd < 0)
        return 0;
    int rc = watch_open(&output->watch, loop, output->fd, UV_WRITABLE, on_room, user);
    return rc == 0 ? 0
                   : error_set_system(error, WM_EFORK, -rc, "cannot wait for '%s': " SYSTEM,
                                      output->path ? output->path : "the output");
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

/* A pipe that nobody reads any more, or a file past its limit, is an error, and not the end of the
 * host. */
static ssize_t write_quietly(int fd, const void *data, size_t size)
{
    struct quiet quiet;
    quiet_begin(&quiet);
    ssize_t n = write(fd, data, size);
    quiet_end(&quiet, n < 0 ? errno : 0);
    return n;
}

int output_write_some(struct output *output, const void *data, size_t size, size_t *written,
                      wm_error *error)
{
    while (*written < size) {
        size_t room = room_now(output, size - *written);
        ssize_t n = room > 0 ? write_quietly(output->fd, (const char *)data + *written, room) : 0;
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

/* Some file systems say only when a file is closed that it did not fit. */
static int flush(int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? -1 : close(copy);
}

static int copy_bytes(int from, int to)
{
    char data[COPY_SIZE];
    off_t at = 0;
    ssize_t n;
    while ((n = pread(from, data, sizeof data, at)) != 0) {
        if (n < 0 && errno != EINTR)
            return -1;
        for (ssize_t done = 0; done < n;) {
            ssize_t written = pwrite(to, data + done, (size_t)(n - done), at + done);
            if (written < 0 && errno != EINTR)
                return -1;
            done += written > 0 ? written : 0;
        }
        at += n > 0 ? n : 0;
    }
    return ftruncate(to, at);
}

/* Into the file that is there. Its content goes only once there is room for the new one. */
static int copy_into(const struct output *output)
{
    struct stat status;
    struct quiet quiet;
    int to = output->target.fd;
    off_t before = output->target.was.st_size;
    if (fstat(output->fd, &status) < 0)
        return -1;
    quiet_begin(&quiet);
    int rc = status.st_size > before ? fallocate(to, 0, 0, status.st_size) : 0;
    /* Where there is no fallocate, writing itself has to tell. */
    if (rc < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        int error = errno;
        if (ftruncate(to, before) == 0)
            errno = error;
    } else {
        rc = copy_bytes(output->fd, to);
    }
    quiet_end(&quiet, rc < 0 ? errno : 0);
    return rc < 0 ? -1 : flush(to);
}

/*
 * The mode of what was there; but it gives no rights to another owner or group, if that cannot be
 * kept, that these did not have.
 */
static int set_mode(const struct output *output)
{
    const struct stat *was = &output->target.was;
    if (output->target.fd < 0)
        return fchmod(output->fd, output->mode);
    struct stat now;
    mode_t mode = was->st_mode & 07777;
    if (fstat(output->fd, &now) < 0)
        return -1;
    if ((now.st_uid != was->st_uid || now.st_gid != was->st_gid) &&
        fchown(output->fd, was->st_uid, was->st_gid) < 0 && now.st_gid != was->st_gid &&
        fchown(output->fd, (uid_t)-1, was->st_gid) < 0)
        mode = (mode & 0707) | ((mode & 07) << 3);
    if (fstat(output->fd, &now) < 0)
        return -1;
    if (now.st_uid != was->st_uid)
        mode &= 0777;
    return fchmod(output->fd, mode);
}

/* Some file systems have files without a name, but cannot give them one: then a copy gets it. */
static int copy_beside(struct output *output)
{
    struct quiet quiet;
    int copy = temporary_named(output->target.folder, output->temporary);
    if (copy < 0)
        return -1;
    quiet_begin(&quiet);
    int rc = copy_bytes(output->fd, copy);
    quiet_end(&quiet, rc < 0 ? errno : 0);
    if (rc < 0 || flush(copy) < 0) {
        int error = errno;
        close(copy); /* its name goes with the output */
        errno = error;
        return -1;
    }
    close(output->fd);
    output->fd = copy;
    return set_mode(output);
}

/* Gives a file without a name one that is not its own yet. */
static int make_name(struct output *output)
{
    char name[TEMPORARY_NAME_SIZE];
    temporary_choose(name);
    if (temporary_link(output->fd, output->target.folder, name) < 0)
        return copy_beside(output);
    strcpy(output->temporary, name);
    return 0;
}

static int put_in_place(struct output *output)
{
    const struct target *target = &output->target;
    if (set_mode(output) < 0)
        return -1;
    if (!*output->temporary) {
        if (target->fd < 0 && temporary_link(output->fd, target->folder, target->name) == 0)
            return 0;
        if (make_name(output) < 0)
            return -1;
    }
    if (renameat(target->folder, output->temporary, target->folder, target->name) < 0)
        return -1;
    *output->temporary = '\0';
    return 0;
}

static int output_finish(struct output *output)
{
    struct target *target = &output->target;
    if (output->target.is_direct)
        return 0;
    if (flush(output->fd) < 0)
        return -1;
    if (output->is_beside && put_in_place(output) == 0)
        return 0;
    if (target->fd < 0 || (target->folder >= 0 && !target_is_in_place(target)))
        return -1;
    return copy_into(output);
}

int output_commit(struct output *output, wm_error *error)
{
    if (!output->path || output->fd < 0)
        return 0;
    watch_close(&output->watch);
    if (output->is_borrowed) {
        output->fd = -1;
        return 0;
    }
    /* A signal in between would leave a file that has a name, but not its own. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = output_finish(output) < 0 ? fail(output, error) : 0;
    int fd = output->fd;
    output->fd = -1;
    if (close(fd) < 0 && rc == 0 && output->target.is_direct)
        rc = fail(output, error);
    if (*output->temporary)
        unlinkat(output->target.folder, output->temporary, 0);
    *output->temporary = '\0';
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

void output_forget(struct output *output)
{
    output->fd = output->target.fd = output->target.folder = -1;
    *output->temporary = '\0';
    output->watch = (struct watch){0};
}

void output_release(struct output *output)
{
    watch_close(&output->watch);
    if (output->path && !output->is_borrowed) {
        if (output->fd >= 0)
            close(output->fd);
        if (*output->temporary)
            unlinkat(output->target.folder, output->temporary, 0);
        target_close(&output->target);
    }
    *output->temporary = '\0';
    output->path = NULL;
    output->fd = -1;
}
