/* How a turn of the job ends, beside 0, WM_RUNNING (until something happens) and WM_E codes. */
#ifndef ENGINE_STAGES_TURN_H
#define ENGINE_STAGES_TURN_H

#include "wordmill.h"

enum {
    TURN_AGAIN = WM_RUNNING + 1, /* there is more to do at once, in another turn */
    NOTHING_TO_DO,               /* begin: on to the next stage */
    MORE_TASKS                   /* end: they were added, the stage goes on */
};

#endif
