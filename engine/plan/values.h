/*
 * Which values are added up, and whether by year or decade, where inputs are results: what was
 * asked for, or what they say that they hold. Tables and CSV say it. Lines do not.
 */
#ifndef ENGINE_PLAN_VALUES_H
#define ENGINE_PLAN_VALUES_H

#include "input/detect.h"
#include "wordmill.h"
#include "words/entry.h"

struct plan;

/*
 * An input says what it holds: which values, and whether by year or decade. What is not asked for,
 * and not chosen yet, is chosen by that; the name is kept. Anything else must be the same. 0 or
 * WM_EINVAL.
 */
int values_see(struct plan *plan, const char *name, const struct entry_values *values,
               wm_error *error);

/* The same of a table file, of which there are the first size bytes. One of wordmill 0.1 does not
 * say that words have years. */
int values_see_table(struct plan *plan, const char *name, const struct entry_values *values,
                     const void *data, size_t size, wm_error *error);

/* Lines do not say it: if they look like more than is added up, there is a warning. */
void values_see_lines(struct plan *plan, const struct input_look *look);

/* The warnings to be given about years that inputs have and do not tell: a set of enum wm_warning.
 */
unsigned values_warn(const struct plan *plan);

/* The same as values_see for inputs that are sorted, as far as they are tables or CSV that need not
 * be read from front to back; what cannot be read is told by whoever reads it. 0 or WM_EINVAL. */
int values_see_files(struct plan *plan, wm_error *error);

#endif
