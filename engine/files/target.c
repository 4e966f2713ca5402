/*
 * A name of a descriptor, such as /dev/stdout, cannot be told from others by what it opens. That
 * would be the same file once more, from its first byte on. So it is asked for, and what is found
 * counts only if it is the file that the kernel found.
 */
#include "files/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/descriptor.h"

static int is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int target_open_descriptor(struct target *target, int fd)
{
    *target = (struct target){.fd = -1, .folder = -1, .is_direct = 1};
    int mode = fcntl(fd, F_GETFL);
    if (mode < 0 || fstat(fd, &target->was) < 0)
        return -1;
    if ((mode & O_ACCMODE) == O_RDONLY) {
        errno = EBADF;
        return -1;
    }
    target->fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return target->fd < 0 ? -1 : 0;
}

/* One that is closed on exec is none that somebody named to us, but one of our own. */
static int is_given(int fd, const struct stat *found)
{
    struct stat status;
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && !(flags & FD_CLOEXEC) && fstat(fd, &status) == 0 &&
           is_same(&status, found);
}

static char *copy_of(const char *text, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

/* Keeps the folder of a file and its name there; with a file, only if that is what has it. */
static int target_hold(struct target *target, const char *path, const struct stat *file)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash ? (size_t)(slash + 1 - path) : 0;
    char *folder = size > 0 ? copy_of(path, size) : copy_of(".", 1);
    target->name = copy_of(path + size, strlen(path + size));
    if (folder && target->name)
        target->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (target->folder >= 0 && (!file || target_is_in_place(target)))
        return 0;
    int error = errno;
    if (target->folder >= 0)
        close(target->folder);
    free(target->name);
    target->folder = -1;
    target->name = NULL;
    errno = error;
    return -1;
}

/* The same for an open file, under the name that the kernel found it by; without /proc, under the
 * one that is there now. */
static int target_hold_open(struct target *target, int fd, const char *path)
{
    char link[32], real[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, real, sizeof real - 1);
    if (size > 0)
        real[size] = '\0';
    else if (!realpath(path, real))
        return -1;
    return target_hold(target, real, &target->was);
}

static int open_found(struct target *target, const char *path, const struct stat *found)
{
    if (S_ISDIR(found->st_mode)) {
        errno = EISDIR;
        return -1;
    }
    int number = descriptor_named(path);
    if (number >= 0 && is_given(number, found))
        return target_open_descriptor(target, number);
    if (number >= 0) {
        errno = EBADF;
        return -1;
    }
    /* It is there, but only with O_CREAT does the kernel look at whose it is. */
    target->fd = open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC, 0600);
    if (target->fd < 0 || fstat(target->fd, &target->was) < 0)
        return -1;
    if (!is_same(&target->was, found)) {
        errno = ESTALE;
        return -1;
    }
    target->is_direct = !S_ISREG(target->was.st_mode);
    if (!target->is_direct && target_hold(target, path, &target->was) < 0)
        target_hold_open(target, target->fd, path);
    return 0;
}

/*
 * A link to nothing: the kernel says by making the file whether that may be, and where. It is taken
 * away again until there is something to be in it.
 */
static int open_dangling(struct target *target, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    int rc = fstat(fd, &target->was);
    if (rc == 0)
        rc = target_hold_open(target, fd, path);
    int error = errno;
    if (rc == 0 && target->was.st_size == 0 && target->was.st_uid == geteuid())
        unlinkat(target->folder, target->name, 0);
    target->was = (struct stat){0};
    close(fd);
    errno = error;
    return rc;
}

static int open_missing(struct target *target, const char *path)
{
    struct stat status;
    size_t size = strlen(path);
    if (size > 0 && lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
        return open_dangling(target, path);
    if (size == 0 || path[size - 1] == '/') {
        errno = size == 0 ? ENOENT : EISDIR;
        return -1;
    }
    return target_hold(target, path, NULL);
}

int target_open(struct target *target, const char *path)
{
    struct stat status;
    *target = (struct target){.fd = -1, .folder = -1};
    int found = open(path, O_PATH | O_CLOEXEC), rc = -1;
    if (found < 0 && errno == ENOENT)
        rc = open_missing(target, path);
    else if (found >= 0 && fstat(found, &status) == 0)
        rc = open_found(target, path, &status);
    int error = errno;
    if (found >= 0)
        close(found);
    if (rc < 0)
        target_close(target);
    errno = error;
    return rc;
}

int target_is_in_place(const struct target *target)
{
    struct stat status;
    if (target->folder < 0 || !target->name)
        return 0;
    if (fstatat(target->folder, target->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return 0;
    return is_same(&status, &target->was);
}

static int was_there(const struct target *target)
{
    return target->is_direct || target->fd >= 0;
}

int target_is_same(const struct target *a, const struct target *b)
{
    struct stat folder, other;
    if (a->is_direct && b->is_direct)
        return 0;
    if (was_there(a) && was_there(b))
        return is_same(&a->was, &b->was);
    return !was_there(a) && !was_there(b) && fstat(a->folder, &folder) == 0 &&
           fstat(b->folder, &other) == 0 && is_same(&folder, &other) &&
           strcmp(a->name, b->name) == 0;
}

int target_is_file(const struct target *target, dev_t device, ino_t inode)
{
    const struct stat *was = &target->was;
    return S_ISREG(was->st_mode) && was->st_dev == device && was->st_ino == inode;
}

void target_close(struct target *target)
{
    if (target->fd >= 0)
        close(target->fd);
    if (target->folder >= 0)
        close(target->folder);
    free(target->name);
    *target = (struct target){.fd = -1, .folder = -1};
}
