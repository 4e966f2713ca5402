/*
 * Which format each input is of, and whether it can say what is asked. Files are looked at before
 * anything is forked, a stream when its first block is there. 0 or a WM_E code with error.
 */
#ifndef ENGINE_PLAN_FORMATS_H
#define ENGINE_PLAN_FORMATS_H

#include <stddef.h>
#include <stdint.h>

#include "wordmill.h"

struct plan;

/* Reads the options. */
int formats_make_query(struct plan *plan, wm_error *error);

/* Looks at all files. */
int formats_see_files(struct plan *plan, wm_error *error);

/* Looks at the first bytes of an input, unless it was looked at. */
int formats_see(struct plan *plan, uint32_t input, const char *data, size_t size, wm_error *error);

#endif
