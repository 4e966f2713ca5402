/* The sizes of everything, and what workers know of the job. 0 or a WM_E code with error. */
#ifndef ENGINE_PLAN_SPEC_H
#define ENGINE_PLAN_SPEC_H

#include "wordmill.h"

struct plan;

/* How many workers there will be, and how many of them can run at a time. */
void spec_choose_workers(struct plan *plan);

/* What the records of inputs are, in plan->spec. */
void spec_make_splitter(struct plan *plan);

/* Fills in plan->spec, maps the arena, and makes the words that count. */
int spec_make(struct plan *plan, wm_error *error);

/* What stands behind each count: the totals are those of what is counted, in the same years. */
int spec_make_columns(struct plan *plan, wm_error *error);

/* The fan-in, and whether the last round can make the output. */
void spec_choose_reduce(struct plan *plan);

#endif
