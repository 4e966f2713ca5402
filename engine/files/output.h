/*
 * A file that exists whole or not at all: written beside its target under another name and renamed
 * at the end. Targets that are no regular files (a FIFO, /dev/full) and descriptors are written to
 * directly. The reader of a pipe may take its time: a job then goes on when its loop says that
 * there is room.
 */
#ifndef ENGINE_FILES_OUTPUT_H
#define ENGINE_FILES_OUTPUT_H

#include <stddef.h>

#include "files/descriptor.h"
#include "wordmill.h"

struct output {
    const char *path;   /* the caller's; NULL: a descriptor of the caller's */
    char *temporary;    /* NULL: written to directly */
    char *real;         /* what path is a link to; NULL: it is none */
    int fd;             /* -1: closed */
    struct watch watch; /* for room; polls is not set of a regular file, nor before output_watch */
};

/* path, or fd if path is NULL. 0, WM_ENOMEM or WM_EWRITE. */
int output_open(struct output *output, const char *path, int fd, wm_error *error);

/*
 * From now on output_write_some does not block: on_room is called, with handle->data being user.
 * 0 or WM_EFORK.
 */
int output_watch(struct output *output, uv_loop_t *loop, uv_poll_cb on_room, void *user,
                 wm_error *error);

/*
 * Writes data from *written on, as far as there is room, and counts *written up. 0: all is written;
 * WM_RUNNING: on_room will be called; WM_EWRITE. Without output_watch, writes all and blocks.
 */
int output_write_some(struct output *output, const void *data, size_t size, size_t *written,
                      wm_error *error);

/* Puts the file in its place. 0 or WM_EWRITE. */
int output_commit(struct output *output, wm_error *error);

/*
 * Removes what was not committed; the watch's handle is closed once the loop has run. Takes a
 * zeroed, never opened or committed output too.
 */
void output_release(struct output *output);

#endif
