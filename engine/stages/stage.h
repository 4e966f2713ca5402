/*
 * A stage of a job is a row of functions in one file, with a state of its own. It has a set of
 * tasks for workers, and says what the coordinator does before, meanwhile and afterwards. All
 * stages of a job work on one flow, in which they find what those before them have made.
 */
#ifndef ENGINE_STAGES_STAGE_H
#define ENGINE_STAGES_STAGE_H

#include <uv.h>

#include "dispatch/crew.h"
#include "dispatch/work.h"
#include "files/envelope.h"
#include "files/output.h"
#include "plan/plan.h"
#include "shared/run_list.h"
#include "stages/blocks.h"
#include "stages/final.h"
#include "stages/rejects.h"
#include "stages/turn.h"
#include "words/period.h"

/* begin, pump and end return 0, or as stages/turn.h has it, WM_E codes with flow->error. */
struct stage {
    struct work work; /* what dispatch knows of it */

    /* Plans the tasks and adds them to the crew. Also NOTHING_TO_DO; or TURN_AGAIN, after which it
     * is called again: no step of the job may take long. */
    int (*begin)(struct flow *flow);
    /* What the coordinator itself does while tasks run. Also TURN_AGAIN. NULL: nothing. */
    int (*pump)(struct flow *flow);
    /* All tasks are done. 0: on to the next stage; WM_RUNNING: not yet, ask again. Also MORE_TASKS
     * and TURN_AGAIN. */
    int (*end)(struct flow *flow);
    /* Closes what is open; its handles are closed once the loop has run. NULL: nothing is. */
    void (*close)(struct flow *flow);
    /* Frees the state. Takes one that begin has not finished, or NULL. */
    void (*release)(struct flow *flow);
};

extern const struct stage split_stage;  /* lines in each block, for partition_lines */
extern const struct stage map_stage;    /* partitions to runs */
extern const struct stage reduce_stage; /* runs to fewer runs, round by round */
extern const struct stage rank_stage;   /* final runs to ranked ones */
extern const struct stage write_stage;  /* slices of text, in order, to the output */
extern const struct stage finish_stage; /* rejects; files to their places */
extern const struct stage merge_stage;  /* sorted inputs to the output, in the calling process */

struct rounds;

struct flow {
    struct plan *plan;
    struct crew *crew;
    uv_loop_t *loop;
    const struct stage *stage; /* at hand; NULL: none yet */
    void *state;               /* of it */
    struct blocks blocks;      /* of streams: map */
    struct run_list runs;      /* from map to reduce */
    struct periods periods;    /* that map has seen; in reduce, those that words are filled to */
    struct rounds *rounds;     /* from reduce to write, if that makes the last round */
    struct final final;        /* from reduce or rank to write and the result */
    struct output output;
    struct envelope envelope; /* of the output */
    struct rejects rejects;
    enum wm_phase phase;
    int is_reported;     /* to the host: on_progress */
    int is_unwanted;     /* which has said so */
    uint64_t start_time; /* nanoseconds of the monotonic clock */
    uint64_t phase_time;
    uint64_t round_time;
    wm_stats *stats;
    wm_error *error;
};

#endif
