/*
 * What a sorted input shows of itself: its bytes in order, as many as are looked at together. It
 * may be a pipe, and is read without blocking.
 */
#ifndef ENGINE_FILES_WINDOW_H
#define ENGINE_FILES_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "input/source.h"
#include "files/stream.h"

struct window {
    struct stream stream; /* its descriptor and unpacker, nothing more */
    const struct input *input;
    int is_plain_file; /* its size is known */
    int is_read;       /* to its end */
    int has_member;    /* of an archive, of which one member may be there */
    char *data;
    size_t size; /* bytes of it */
    size_t capacity;
    size_t kept;     /* of these, the first that must stay when more are read */
    size_t next;     /* the first that is not used yet; not before kept */
    uint64_t offset; /* of data in the input */
};

/*
 * Opens the input, which lives as long as the window, and so does the folder where an archive out
 * of a pipe goes. on_ready is that of a watch, which may be set when there was nothing to read. 0
 * or a WM_E code with error.
 */
int window_open(struct window *window, const struct input *input, int is_file, const char *folder,
                uv_loop_t *loop, uv_poll_cb on_ready, void *user, wm_error *error);

enum { WINDOW_WAIT, WINDOW_READ };

/*
 * Reads once: WINDOW_READ, and *size more bytes, 0 at the end (is_read); WINDOW_WAIT: there is
 * nothing to read yet; CODE_NOMEM; CODE_CHANGED; CODE_DAMAGED; or CODE_READ or CODE_WRITE with
 * errno. data may move.
 */
int window_fill(struct window *window, size_t *size);

/* Closes the input; its handle is closed once the loop has run. */
void window_close(struct window *window);
void window_release(struct window *window);

#endif
