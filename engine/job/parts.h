/* A job: its parts, and who owns what is in them. */
#ifndef ENGINE_JOB_PARTS_H
#define ENGINE_JOB_PARTS_H

#include <sys/types.h>

#include "dispatch/crew.h"
#include "job/loop.h"
#include "job/pipeline.h"
#include "plan/plan.h"
#include "stages/stage.h"
#include "wordmill.h"

struct wm_job {
    pid_t pid;                /* of the process that started it */
    struct plan plan;         /* what is fixed before the first fork: plan/, job/prepare.c */
    struct loop loop;         /* libuv's, in which all wait: job/loop.c */
    struct crew crew;         /* workers and their tasks: dispatch/ */
    struct flow flow;         /* what stages make and hand on: stages/ */
    struct pipeline pipeline; /* which stage comes next: job/pipeline.c */
    struct outcome {          /* of all of it: api/job.c */
        int code;             /* WM_RUNNING until the end */
        int again;            /* there is more to do at once */
        int is_over; /* all is done but giving back memory that the result has no use for */
        wm_error error;
        wm_stats stats;
        struct wm_result *result; /* memory for it; NULL: taken */
    } outcome;
};

#endif
