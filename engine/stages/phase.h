/* Where the time of a job goes, and what its host is told meanwhile. */
#ifndef ENGINE_STAGES_PHASE_H
#define ENGINE_STAGES_PHASE_H

#include "stages/stage.h"

/* The phase ends in which the job is, and this one begins. */
void phase_enter(struct flow *flow, enum wm_phase phase);

/* The same for the phase of the stage at hand. */
void phase_begin(struct flow *flow);

/* Calls on_progress, if the host wants it, and notes what it says. */
void phase_report(struct flow *flow);

/* A reduce round is done. */
void phase_end_round(struct flow *flow);

/* What was done since start was to write the output. */
void phase_count_output(struct flow *flow, uint64_t start);

#endif
