/*
 * Total-count files, which say how many words there are in all books of a year:
 *
 *     TAB year,matches,pages,volumes TAB year,matches,pages,volumes TAB ...
 *
 * or, in the edition of 2009, a line of four columns for each year.
 */
#ifndef ENGINE_TOTALS_H
#define ENGINE_TOTALS_H

#include <stdint.h>

#include "wordmill.h"

enum totals_column { TOTALS_MATCHES = 1, TOTALS_PAGES, TOTALS_VOLUMES };

/*
 * Adds up a column of the years from first to last. 0, WM_EOPEN, WM_EREAD, WM_ENOMEM, or
 * WM_EBADLINE: there are other things in the file, or nothing to add up, or too much.
 */
int totals_read(const char *path, enum totals_column column, uint64_t first, uint64_t last,
                uint64_t *total, wm_error *error);

#endif
