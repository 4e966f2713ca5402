/* Which releases of the Ngram files the inputs are of: those of two hold the same books. */
#ifndef ENGINE_PLAN_RELEASES_H
#define ENGINE_PLAN_RELEASES_H

#include <stdint.h>

struct inputs;

/* Bits of enum wm_warning: the releases, if there are several, and whether a file of one is there
 * twice. */
uint64_t releases_warn(const struct inputs *inputs);

#endif
