/* A file that is opened before the run, so that it is known early if it cannot be written. */
#ifndef ENGINE_CLI_REPORT_FILE_H
#define ENGINE_CLI_REPORT_FILE_H

#include <stddef.h>

struct report_file {
    const char *path; /* NULL: none is wanted; every function then does nothing */
    int fd;
    int is_new; /* it did not exist before */
};

/* Opens path, which may be NULL; its content stays until it is written. 0, or WM_EWRITE after
 * saying why. */
int report_open(struct report_file *file, const char *path);

/* Empties it, so that it can be written through file->fd. Returns as report_open. */
int report_begin(struct report_file *file);

/* Closes it. Returns as report_open. */
int report_end(struct report_file *file);

/* These three in one: the file is what text is. */
int report_write(struct report_file *file, const char *text, size_t size);

/* Leaves things as they were. */
void report_drop(struct report_file *file);

#endif
