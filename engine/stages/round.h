/*
 * One reduce round: up to fan_in runs become one, for many groups of runs at once. A group's work
 * is cut into slices of the words, so that every round, down to the last with its single group, has
 * tasks for all workers. The fewer the groups, the finer the slices: those of a round are cut in
 * two, four, ... for the next.
 *
 *     runs      0 1 2 | 3 4 5 | 6 7        fan-in 3
 *               \ | /   \ | /   \ /
 *     groups      0       1      2         each cut into n_slices tasks
 *
 * Task g * n_slices + s has slice s of group g. The runs of the map hold words of all slices. From
 * then on each slice of a group has runs of its own, one after the other. For the next round it is
 * a part of one run.
 */
#ifndef ENGINE_STAGES_ROUND_H
#define ENGINE_STAGES_ROUND_H

#include <stdint.h>

#include "shared/run_list.h"
#include "shared/arena.h"

struct round {
    struct run_list *in;  /* of each group, in_slices */
    struct run_list *out; /* of each task, filled in as it is committed */
    uint32_t *left;       /* of each of in: tasks that are not settled */
    uint32_t in_slices;   /* a part of n_slices */
    uint32_t n_slices;
    uint32_t n_groups; /* 1: it is the last round */
};

/* How rounds are cut. */
struct round_plan {
    uint32_t fan_in;
    uint32_t n_slices; /* of the last one, a power of 2 */
    uint32_t n_tasks;  /* of the others at least, if they can be cut so far */
};

/* The first round, over runs. 0 or CODE_NOMEM. */
int round_init(struct round *round, const struct round_plan *plan, const struct run_list *runs);
/* The round after one that is done. 0 or CODE_NOMEM. */
int round_next(struct round *round, const struct round_plan *plan, const struct round *before);
void round_release(struct round *round);

static inline uint32_t round_n_tasks(const struct round *round)
{
    return round->n_groups * round->n_slices;
}

/* The number in round->in of what the task reads. */
static inline uint32_t round_input(const struct round *round, uint32_t task)
{
    return task / (round->n_slices / round->in_slices);
}

/* Notes a run of a task that is done. 0 or CODE_NOMEM. */
int round_commit(struct round *round, uint32_t task, struct extent_range run);

/* Nobody does the task any more: gives back the runs that only it needed still. */
void round_settle(struct round *round, struct arena *arena, uint32_t task);

#endif
