/* Which stage follows which, and nothing else. */
#ifndef ENGINE_JOB_PIPELINE_H
#define ENGINE_JOB_PIPELINE_H

#include "stages/stage.h"

struct pipeline {
    const struct stage *const *next; /* the stages after the one at hand; a NULL ends them */
    int is_beginning;                /* the one at hand is, and has no tasks yet */
};

/* Begins the first stage that has something to do. 0, TURN_AGAIN: it has not quite begun; or a WM_E
 * code with flow->error. */
int pipeline_begin(struct pipeline *pipeline, struct flow *flow);

/* Goes on as far as it can now. 0: all stages are done; WM_RUNNING: until something happens;
 * TURN_AGAIN: there is more to do at once; or a WM_E code with flow->error. */
int pipeline_advance(struct pipeline *pipeline, struct flow *flow);

/* The job has ended: closes what the stage at hand has open. */
void pipeline_close(struct flow *flow);

/* Frees its state. */
void pipeline_release(struct flow *flow);

#endif
