/* The last reduce round, as far as the write stage does it: see reduce.c. */
#ifndef ENGINE_STAGES_REDUCE_H
#define ENGINE_STAGES_REDUCE_H

#include "stages/stage.h"

/* How many slices the last round makes text of; 0: there is no such round. */
uint32_t reduce_n_text(const struct flow *flow);

/* A task of the round. */
void reduce_send(struct flow *flow, uint32_t worker, uint32_t task);
void reduce_settle(struct flow *flow, uint32_t task);

/* Takes NULL. */
void reduce_release(struct rounds *rounds);

#endif
