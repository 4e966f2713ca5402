/* The figures of a run: as JSON for --stats, and for people with -v. */
#ifndef ENGINE_CLI_STATS_H
#define ENGINE_CLI_STATS_H

#include <wordmill.h>

#include "report_file.h"

/* A file that holds anything but figures may be an input that was taken for the option's value:
 * then WM_EINVAL after saying so. Else 0. */
int stats_check(const struct report_file *file);

/* Writes the figures to file, if there is one. 0, or a WM_E code after saying why. */
int stats_write(struct report_file *file, const wm_stats *stats);

/* Prints them to standard error. partition_lines is the option, 0 if it was not used. */
void stats_print(const wm_stats *stats, uint64_t partition_lines);

#endif
