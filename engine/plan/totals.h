/*
 * Total-count files, which say how many words there are in all books of a year:
 *
 *     TAB year,matches,pages,volumes TAB year,matches,pages,volumes TAB ...
 *
 * or, in the edition of 2009, a line of four columns for each year. Lines may have commas between
 * columns too, and a header before them. The file may be packed.
 */
#ifndef ENGINE_PLAN_TOTALS_H
#define ENGINE_PLAN_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "base/years.h"
#include "output/columns.h"
#include "wordmill.h"

enum totals_column { TOTALS_MATCHES = 1, TOTALS_PAGES, TOTALS_VOLUMES };

/* What is wanted of the file. */
struct totals_query {
    enum totals_column column;
    uint64_t first, last; /* years, both included */
    unsigned period;      /* years that are added up to one: 1 or 10 */
    int of_result;        /* whose decades are known, and not the years in them */
};

struct totals {
    struct year_total *years; /* ascending */
    size_t capacity;          /* of years */
    size_t n;
    uint64_t sum;        /* more than 0 */
    struct years listed; /* all that have a total, or of a result the periods */
    int of_result;
};

/*
 * 0, WM_EOPEN, WM_EREAD, WM_ENOMEM, WM_EDAMAGED, or WM_EBADLINE: there are other things in the
 * file, or a year twice, or nothing to add up, or too much.
 */
int totals_read(struct totals *totals, const char *path, const struct totals_query *query,
                wm_error *error);

/* Whether there is a total for each year that was seen. 0, or WM_EBADLINE and which have none. */
int totals_check(const struct totals *totals, const char *path, const struct years *seen,
                 wm_error *error);
void totals_release(struct totals *totals);

#endif
