/* The options of a job: what they are if nothing is said, and which do not go together. */
#ifndef ENGINE_PLAN_OPTIONS_H
#define ENGINE_PLAN_OPTIONS_H

#include "wordmill.h"
#include "words/order.h"

/* Copies the caller's options, however old its struct, and checks them. 0 or WM_EINVAL. */
int options_take(wm_options *options, const wm_options *given, wm_error *error);

/* Of the result. */
enum order options_order(const wm_options *options);

/* What the caller may not have meant by them, a set of enum wm_warning. */
unsigned options_warn(const wm_options *options);

/*
 * Makes all that they point to, but for functions, files and their users, a copy in *memory, which
 * is to be freed. 0 or WM_ENOMEM.
 */
int options_keep(wm_options *options, void **memory);

#endif
