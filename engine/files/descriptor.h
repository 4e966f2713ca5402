/*
 * Three things must not happen to descriptors. Ours must not be taken for the standard ones, which
 * a host may have closed. Those of others must block as they did, though our loop waits for them.
 * And children must not hold what is not theirs.
 */
#ifndef ENGINE_FILES_DESCRIPTOR_H
#define ENGINE_FILES_DESCRIPTOR_H

#include <stddef.h>
#include <uv.h>

/* Descriptors 0 to 2, as far as they are closed, so that what is opened meanwhile gets others. */
struct stdio_hold {
    int fds[3];
    int n;
};

void stdio_hold(struct stdio_hold *hold);
void stdio_let_go(const struct stdio_hold *hold);

/* The descriptor of ours that a name leads to, such as /dev/stdin or a link to it; or -1. */
int descriptor_named(const char *path);

/* 0 if there are as many free descriptors as a loop of libuv takes, else an errno: it aborts when
 * there are too few for its first one. */
int descriptors_probe(void);

/* Closes all descriptors of the process but those in keep, which are in order. */
void descriptors_close_but(const int *keep, size_t n);

struct watch {
    uv_poll_t poll;
    int is_open;
    int polls; /* the descriptor can be waited for; else it is a file or the like, always ready */
    int on;
    int events;
    uv_poll_cb on_ready;
};

/* Prepares to wait for events of fd: on_ready is called with handle->data being user. 0, or an
 * error of libuv. */
int watch_open(struct watch *watch, uv_loop_t *loop, int fd, int events, uv_poll_cb on_ready,
               void *user);

/* Waits, or does not; for a file there is nothing to wait for. */
void watch_set(struct watch *watch, int on);

/* Before fd is closed. The handle is closed once the loop has run. Takes a zeroed watch too. */
void watch_close(struct watch *watch);

#endif
