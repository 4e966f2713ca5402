/* What the death of a worker means. */
#ifndef ENGINE_DISPATCH_DEATH_H
#define ENGINE_DISPATCH_DEATH_H

#include "dispatch/crew.h"

/*
 * What it held is given back, its tasks are to be done again, and a task that workers keep dying of
 * is a failure. 0 or a WM_E code with crew->error.
 */
int death_of(struct crew *crew, uint32_t worker, enum process_end end);

#endif
