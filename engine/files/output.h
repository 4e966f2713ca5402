/*
 * A file that exists whole or not at all. What is written goes to a file that has no place yet,
 * beside its target where that can be. At the end it takes the target's place. Where the folder
 * does not let it, it is copied into the file that is there. What is no regular file (a FIFO,
 * /dev/full), and descriptors, are written to directly. The reader of a pipe may take its time: a
 * job then goes on when its loop says that there is room.
 */
#ifndef ENGINE_FILES_OUTPUT_H
#define ENGINE_FILES_OUTPUT_H

#include <stddef.h>

#include "files/descriptor.h"
#include "files/target.h"
#include "files/temporary.h"
#include "wordmill.h"

struct output {
    const char *path; /* the caller's; NULL: a descriptor of the caller's */
    int fd;           /* -1: closed */
    int is_borrowed;  /* another output has it, and will commit it */
    struct target target;
    int is_beside;                       /* it lies in the target's folder, and: */
    char temporary[TEMPORARY_NAME_SIZE]; /* its name there; "": it has none */
    mode_t mode;                         /* of any new file there */
    struct watch watch; /* for room; polls is not set of a regular file, nor before output_watch */
};

/* path, which "-" makes standard output, or fd if path is NULL. 0, WM_ENOMEM or WM_EWRITE. */
int output_open(struct output *output, const char *path, int fd, wm_error *error);

/* The same file, to be written but not committed. */
void output_borrow(struct output *output, const struct output *from);

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

/*
 * Puts the file in its place, with the mode of what was there, and its owner and group as far as
 * they may be given. 0 or WM_EWRITE.
 */
int output_commit(struct output *output, wm_error *error);

/* It is another process's: nothing but memory is left to be released. */
void output_forget(struct output *output);

/*
 * Removes what was not committed; the watch's handle is closed once the loop has run. Takes a
 * zeroed, never opened or committed output too.
 */
void output_release(struct output *output);

#endif
