/* The figures of a run: as JSON for --stats, and for people with -v. */
#ifndef STATS_H
#define STATS_H

#include <wordmill.h>

struct stats_file {
    const char *path; /* NULL: none is wanted */
    int fd;
    int is_new; /* it did not exist before */
};

/*
 * Opens path, which may be NULL, before the run, so that it is known early if it cannot be written;
 * its content stays until then. 0, or WM_EWRITE after saying why.
 */
int stats_open(struct stats_file *file, const char *path);

/* Writes the figures, or with stats NULL leaves things as they were. Returns as stats_open. */
int stats_close(struct stats_file *file, const wm_stats *stats);

/* Prints them to standard error. partition_lines is the option, 0 if it was not used. */
void stats_print(const wm_stats *stats, uint64_t partition_lines);

#endif
