#include "files/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calls.h"

#define LINKS_MAX 40          /* as the kernel has it */
#define DESCRIPTORS_OF_LOOP 7 /* a pipe and that of all loops, epoll, io_uring, eventfd */
#define CLOSED_ALONE 65536u   /* where the kernel cannot close a range */

void stdio_hold(struct stdio_hold *hold)
{
    int fd;
    hold->n = 0;
    /* Of these, reading and writing fail as they would have, and no file system is needed. */
    while ((fd = epoll_create1(EPOLL_CLOEXEC)) >= 0 && fd <= STDERR_FILENO)
        hold->fds[hold->n++] = fd;
    if (fd >= 0)
        close(fd);
}

void stdio_let_go(const struct stdio_hold *hold)
{
    for (int i = 0; i < hold->n; i++)
        close(hold->fds[i]);
}

static int is_folder_of_descriptors(const char *folder)
{
    static const char *const names[] = {"/proc/self/fd", "/proc/thread-self/fd"};
    struct stat status, fds;
    if (stat(folder, &status) < 0)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (stat(names[i], &fds) == 0 && status.st_dev == fds.st_dev && status.st_ino == fds.st_ino)
            return 1;
    return 0;
}

/* The number that the name is, if it is in a folder of our descriptors, or -1. */
static int descriptor_number(char *name, char *base)
{
    char *end;
    if (base == name || *base < '0' || *base > '9')
        return -1;
    long number = strtol(base, &end, 10);
    if (*end != '\0' || number > INT_MAX)
        return -1;
    char first = *base;
    *base = '\0';
    int is = is_folder_of_descriptors(name);
    *base = first;
    return is ? (int)number : -1;
}

int descriptor_named(const char *path)
{
    char name[PATH_MAX], link[PATH_MAX];
    if (strlen(path) >= sizeof name)
        return -1;
    strcpy(name, path);
    for (int i = 0; i < LINKS_MAX; i++) {
        char *slash = strrchr(name, '/');
        char *base = slash ? slash + 1 : name;
        int number = descriptor_number(name, base);
        if (number >= 0)
            return number;
        ssize_t size = readlink(name, link, sizeof link - 1);
        if (size <= 0)
            return -1;
        link[size] = '\0';
        char *at = *link == '/' ? name : base;
        if ((size_t)(at - name) + (size_t)size >= sizeof name)
            return -1;
        strcpy(at, link);
    }
    return -1;
}

/* Whether the system lets a descriptor be waited for: 0 or an errno. */
static int probe_wait(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        return errno;
    /* Without epoll_wait, libuv takes epoll_pwait. */
    return epoll_wait(epoll, &event, 1, 0) < 0 && errno != ENOSYS && errno != EINTR ? errno : 0;
}

int descriptors_probe(void)
{
    int fds[DESCRIPTORS_OF_LOOP];
    int n = pipe2(fds, O_CLOEXEC) == 0 ? 2 : 0;
    while (n >= 2 && n < DESCRIPTORS_OF_LOOP && (fds[n] = epoll_create1(EPOLL_CLOEXEC)) >= 0)
        n++;
    int error = n < DESCRIPTORS_OF_LOOP ? errno : probe_wait(fds[2], fds[0]);
    while (n > 0)
        close(fds[--n]);
    return error;
}

/* From first to last, both included. */
static void close_span(unsigned first, unsigned last)
{
    if (first > last || close_range(first, last, 0) == 0)
        return;
    /* A kernel older than 5.9, or a sandbox that does not know it. */
    for (unsigned fd = first; fd <= last && fd < CLOSED_ALONE; fd++)
        close((int)fd);
}

void descriptors_close_but(const int *keep, size_t n)
{
    unsigned next = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned fd = (unsigned)keep[i];
        if (fd > next)
            close_span(next, fd - 1);
        if (fd >= next)
            next = fd + 1;
    }
    close_span(next, UINT_MAX);
}

int watch_open(struct watch *watch, uv_loop_t *loop, int fd, int events, uv_poll_cb on_ready,
               void *user)
{
    struct stat status;
    *watch = (struct watch){.events = events, .on_ready = on_ready};
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        return 0;
    /* uv_poll_init makes the descriptor non-blocking, but others may share its description. */
    int flags = fcntl(fd, F_GETFL);
    int rc = uv_poll_init(loop, &watch->poll, fd);
    watch->polls = watch->is_open = rc == 0;
    fcntl(fd, F_SETFL, flags);
    watch->poll.data = user;
    return rc == UV_EPERM ? 0 : rc; /* which gets what is always ready */
}

void watch_set(struct watch *watch, int on)
{
    if (!watch->polls)
        return;
    if (on && !watch->on)
        uv_poll_start(&watch->poll, watch->events, watch->on_ready);
    else if (!on && watch->on)
        uv_poll_stop(&watch->poll);
    watch->on = on;
}

void watch_close(struct watch *watch)
{
    if (watch->is_open)
        uv_close((uv_handle_t *)&watch->poll, NULL);
    watch->is_open = watch->on = watch->polls = 0;
}
