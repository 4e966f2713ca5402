/* The figures of a run: as JSON for --stats, and for people with -v. */
#ifndef STATS_H
#define STATS_H

#include <wordmill.h>

/* Writes them to a file: 0, or WM_EWRITE after saying why. */
int stats_write(const wm_stats *stats, const char *path);

/* Prints them to standard error. partition_lines is the option, 0 if it was not used. */
void stats_print(const wm_stats *stats, uint64_t partition_lines);

#endif
