/* Which words count: those asked for, and the filter of the others. Made before the first fork. */
#ifndef ENGINE_PLAN_WORDS_H
#define ENGINE_PLAN_WORDS_H

#include "shared/run_list.h"
#include "wordmill.h"

struct plan;

/* Fills in plan->words, ->filter, and what the spec says of them. 0 or a WM_E code with error. */
int words_make(struct plan *plan, wm_error *error);

/* The words asked for are a run of their own, which adds nothing: so those not found are there too.
 * The same returns. */
int words_add_run(struct plan *plan, struct run_list *runs, wm_error *error);

/* Afterwards: what the user should know, a set of enum wm_warning. n_entries of the inputs are
 * Ngram files or what may be made of them. */
unsigned words_warn(const struct plan *plan, uint64_t n_entries);

void words_release(struct plan *plan);

#endif
