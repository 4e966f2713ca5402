/*
 * The files that options name: the output, the rejects, reports. All are opened before the run, so
 * that it is known early if one cannot be written, and put in their places after it, when all are
 * whole.
 */
#ifndef ENGINE_CLI_REPORT_FILE_H
#define ENGINE_CLI_REPORT_FILE_H

#include <stddef.h>

#include <wordmill.h>

struct report_file {
    const char *option; /* that names it */
    const char *path;
    wm_file *file; /* NULL: none is wanted; every function then does nothing */
};

/* Opens path, which may be NULL; its content stays until the commit. 0, or WM_EWRITE after saying
 * why. */
int report_open(struct report_file *file, const char *option, const char *path);

/*
 * 0, or WM_EINVAL after saying that two of the n files are one, or that one is an input. Only the
 * file of --output may be an input, since it is written when all inputs are read.
 */
int reports_check(struct report_file *const *files, size_t n, const char *const *paths,
                  size_t n_paths);

/* The file is what text is. Returns as report_open. */
int report_write(struct report_file *file, const char *text, size_t size);

/* Puts them in their places, the first one last. Returns as report_open. */
int reports_commit(struct report_file *const *files, size_t n);

/* Leaves things as they were, where nothing was committed. */
void reports_drop(struct report_file *const *files, size_t n);

#endif
