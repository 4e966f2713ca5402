/*
 * All that dispatch knows of a stage: how its tasks are sent, and what is done with their answers.
 * It does not know which stage it is. What returns an int returns 0, or a WM_E code with words for
 * it in the flow's error.
 */
#ifndef ENGINE_DISPATCH_WORK_H
#define ENGINE_DISPATCH_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "plan/partition.h"
#include "shared/message.h"
#include "wordmill.h"

struct flow; /* the stages' own */
struct hand;

struct work {
    const char *name;    /* of a task, for messages */
    enum wm_phase phase; /* that its time counts for */
    int for_all;         /* all workers get tasks, though there may be fewer CPUs: they may wait for
                            something */
    int reads_runs;      /* maybe from the spill file */

    void (*send)(struct flow *flow, uint32_t worker, uint32_t task);
    /* A part of the answer comes before the last. Also POOL_NONSENSE. NULL: none does. */
    int (*part)(struct flow *flow, uint32_t task, const struct message_lines *lines, size_t size);
    /* A task is done, for the first time. Its runs are in hand. */
    int (*commit)(struct flow *flow, struct hand *hand, const struct message_done *done);
    /* A task failed. NULL: the job does. */
    int (*fail)(struct flow *flow, const struct message_failed *message);
    /* It is done or failed, and nobody reads its input any more. NULL: there is nothing to do. */
    void (*settle)(struct flow *flow, uint32_t task);
    /* No task is handed out now but those of dead workers. NULL: that never is so. */
    int (*is_stalled)(const struct flow *flow);
    /* Where a task reads, maybe in memory. NULL: in no one place. */
    const struct map_task *(*place)(const struct flow *flow, uint32_t task,
                                    struct map_task *memory);
    /* Where deaths at lines of the caller's map function are noted. NULL, here or returned: there
     * is none. */
    struct crashes **(*crashes)(const struct flow *flow, uint32_t task);
};

#endif
