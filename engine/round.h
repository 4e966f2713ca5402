/*
 * One reduce round: up to fan_in runs become one, for many groups of runs at once. A group's work
 * is cut by partitions, so that every round, down to the last with its single group, has tasks for
 * all workers. The last round makes one sorted run of each partition.
 *
 *     runs      0 1 2 | 3 4 5 | 6 7        fan-in 3
 *               \ | /   \ | /   \ /
 *     groups      0       1      2         each cut into n_splits tasks, each a range of partitions
 *
 * The runs of a round lie side by side, n_splits to a group: run g * n_splits + s holds partitions
 * [s, s + 1) * n_partitions / n_splits of group g.
 */
#ifndef ENGINE_ROUND_H
#define ENGINE_ROUND_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "message.h"

/* A reduce message must fit a frame. */
#define FAN_IN_MAX 4096

struct run_list {
    struct extent_range *items;
    size_t n;
    size_t capacity;
};

struct round {
    struct run_list in;
    uint32_t in_splits;
    struct run_list out; /* filled in as tasks are committed */
    uint32_t n_splits;
    uint32_t n_groups;
    uint32_t n_partitions;
    int final;
    uint32_t *left; /* tasks of each group that are not settled */
};

/* 0 or CODE_NOMEM. */
int run_list_add(struct run_list *list, struct extent_range run);

/* The round over runs (taken over, also on failure) of in_splits to a group. 0 or CODE_NOMEM. */
int round_init(struct round *round, struct run_list runs, uint32_t in_splits, uint32_t n_partitions,
               uint32_t fan_in, uint32_t n_workers);
void round_release(struct round *round);

static inline uint32_t round_n_tasks(const struct round *round)
{
    return round->n_groups * round->n_splits;
}

/*
 * What a task does: message, without its output, and its inputs, room for FAN_IN_MAX; *size is what
 * the output takes at most.
 */
void round_task(const struct round *round, const struct arena *arena, uint32_t task,
                struct message_reduce *message, struct extent_range *runs, size_t *size);

/* Notes a task's run. */
void round_commit(struct round *round, uint32_t task, struct extent_range run);

/* Nobody does the task any more: gives back the runs of its group if that is complete now. */
void round_settle(struct round *round, struct arena *arena, uint32_t task);

#endif
