#include "files/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAMES_MAX 100 /* tried */
#define LINK_SIZE 32

const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* Whether an error of O_TMPFILE says that there is no such thing here. */
static int has_no_nameless(int error)
{
    return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOENT;
}

int temporary_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || !has_no_nameless(errno))
        return fd;
    size_t size = strlen(folder) + TEMPORARY_NAME_SIZE;
    char *path = malloc(size);
    if (!path)
        return -1;
    snprintf(path, size, "%s/wordmill.XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    free(path);
    return fd;
}

void temporary_choose(char name[TEMPORARY_NAME_SIZE])
{
    uint64_t number;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {
        /* Guessable then, but still opened by nobody else: O_EXCL. */
        struct timespec time;
        clock_gettime(CLOCK_MONOTONIC, &time);
        number = ((uint64_t)getpid() << 40) ^ ((uint64_t)time.tv_sec << 30) ^
                 (uint64_t)time.tv_nsec ^ (uint64_t)(uintptr_t)name;
    }
    snprintf(name, TEMPORARY_NAME_SIZE, ".wordmill.%016llx", (unsigned long long)number);
}

/* A new file in the folder, under a new name. */
static int temporary_create(int folder, char name[TEMPORARY_NAME_SIZE], mode_t mode)
{
    int fd = -1;
    for (int i = 0; i < NAMES_MAX && fd < 0; i++) {
        temporary_choose(name);
        fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

/* The mode of a new file, and 600 from now on. Nobody else can open it so far. */
static int take_mode(int fd, mode_t *mode)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || fchmod(fd, 0600) < 0)
        return -1;
    *mode = status.st_mode & 07777;
    return 0;
}

static int close_failed(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void link_path(char path[LINK_SIZE], int fd)
{
    snprintf(path, LINK_SIZE, "/proc/self/fd/%d", fd);
}

/* Whoever opened a new file under its name before it has mode 600 has an empty one for ever: it is
 * another. */
static int create_named(int folder, char name[TEMPORARY_NAME_SIZE], mode_t *mode)
{
    int probe = temporary_create(folder, name, 0666);
    if (probe < 0)
        return -1;
    int rc = take_mode(probe, mode), error = errno;
    unlinkat(folder, name, 0);
    close(probe);
    errno = error;
    return rc < 0 ? -1 : temporary_create(folder, name, 0600);
}

int temporary_named(int folder, char name[TEMPORARY_NAME_SIZE])
{
    int fd = temporary_create(folder, name, 0600);
    if (fd < 0)
        *name = '\0';
    return fd;
}

int temporary_beside(int folder, char name[TEMPORARY_NAME_SIZE], mode_t *mode)
{
    char path[LINK_SIZE];
    struct stat status;
    int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    *name = '\0';
    if (fd < 0 && !has_no_nameless(errno))
        return -1;
    if (fd >= 0) {
        link_path(path, fd);
        if (lstat(path, &status) == 0)
            return take_mode(fd, mode) < 0 ? close_failed(fd) : fd;
        close(fd); /* it could get no name without /proc */
    }
    fd = create_named(folder, name, mode);
    if (fd < 0)
        *name = '\0';
    return fd;
}

int temporary_link(int fd, int folder, const char *name)
{
    char path[LINK_SIZE];
    link_path(path, fd);
    return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW);
}
