#include "files/descriptor.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

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
