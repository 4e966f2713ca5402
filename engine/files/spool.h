/*
 * An archive that comes through a pipe, kept as it is in a file without a name, and read there when
 * all of it has come. For zip and 7z have their index at the end, and whoever unpacks must not
 * wait.
 */
#ifndef ENGINE_FILES_SPOOL_H
#define ENGINE_FILES_SPOOL_H

#include <stddef.h>

struct spool {
    const char *folder; /* where the file is; the caller's */
    int is_open;
    int fd; /* of the file, if so */
};

/* Makes the file. 0, or CODE_WRITE with errno. */
int spool_open(struct spool *spool);

/* Puts size bytes behind those there are. 0, or CODE_WRITE with errno. Blocks as a disk does. */
int spool_add(const struct spool *spool, const void *data, size_t size);

#endif
