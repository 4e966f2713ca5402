/*
 * A file that exists whole or not at all: written beside its target under another name and renamed
 * at the end. Targets that are no regular files (a FIFO, /dev/full) and descriptors are written to
 * directly.
 */
#ifndef ENGINE_OUTPUT_H
#define ENGINE_OUTPUT_H

#include <stdatomic.h>
#include <stddef.h>

#include "wordmill.h"

struct output {
    const char *path;           /* the caller's; NULL: a descriptor of the caller's */
    char *temporary;            /* NULL: written to directly */
    char *real;                 /* what path is a link to; NULL: it is none */
    int fd;                     /* -1: closed */
    int may_stall;              /* a pipe, a terminal, a socket: its reader may take its time */
    const atomic_int *canceled; /* looked at between writes; may be NULL */
};

/* path, or fd if path is NULL. 0, WM_ENOMEM or WM_EWRITE. */
int output_open(struct output *output, const char *path, int fd, wm_error *error);

/* Writes all size bytes; blocks while the descriptor does, but no longer than until *canceled. 0,
 * WM_EWRITE or WM_ECANCELED. */
int output_write(struct output *output, const void *data, size_t size, wm_error *error);

/* Puts the file in its place. 0 or WM_EWRITE. */
int output_commit(struct output *output, wm_error *error);

/* Removes what was not committed. Takes a zeroed, never opened or committed output too. */
void output_release(struct output *output);

#endif
