/*
 * Lists of runs, and nothing of what is in them. Groups are as even as they can be, and take runs
 * that stand side by side, so that the order of the inputs is kept. Runs are given back once the
 * last slice that reads them is done.
 */
#include "stages/round.h"

#include <stdlib.h>

#include "base/code.h"

static void lists_release(struct run_list *lists, size_t n)
{
    for (size_t i = 0; lists && i < n; i++)
        free(lists[i].items);
    free(lists);
}

void round_release(struct round *round)
{
    lists_release(round->in, (size_t)round->n_groups * round->in_slices);
    lists_release(round->out, (size_t)round->n_groups * round->n_slices);
    free(round->left);
    *round = (struct round){0};
}

/* Cuts the round of n_in runs, in in_slices parts each, and makes its lists, which are empty. */
static int round_begin(struct round *round, const struct round_plan *plan, size_t n_in,
                       uint32_t in_slices)
{
    *round = (struct round){.in_slices = in_slices, .n_slices = in_slices};
    round->n_groups = (uint32_t)((n_in + plan->fan_in - 1) / plan->fan_in);
    while (round->n_slices < plan->n_slices &&
           (round->n_groups == 1 || round_n_tasks(round) < plan->n_tasks))
        round->n_slices *= 2;
    size_t n = (size_t)round->n_groups * in_slices;
    round->in = calloc(n, sizeof *round->in);
    round->out = calloc(round_n_tasks(round), sizeof *round->out);
    round->left = calloc(n, sizeof *round->left);
    if (!round->in || !round->out || !round->left)
        return CODE_NOMEM;
    for (size_t i = 0; i < n; i++)
        round->left[i] = round->n_slices / in_slices;
    return 0;
}

/* Where a group begins; groups differ by one at most. */
static size_t group_start(size_t n, uint32_t group, uint32_t n_groups)
{
    return (size_t)((uint64_t)group * n / n_groups);
}

int round_init(struct round *round, const struct round_plan *plan, const struct run_list *runs)
{
    int rc = round_begin(round, plan, runs->n, 1);
    for (uint32_t i = 0; i < round->n_groups && rc == 0; i++) {
        size_t start = group_start(runs->n, i, round->n_groups);
        size_t end = group_start(runs->n, i + 1, round->n_groups);
        rc = run_list_add_all(&round->in[i], runs->items + start, end - start);
    }
    if (rc < 0)
        round_release(round);
    return rc;
}

int round_next(struct round *round, const struct round_plan *plan, const struct round *before)
{
    uint32_t n = before->n_slices;
    int rc = round_begin(round, plan, before->n_groups, n);
    for (uint32_t group = 0; group < round->n_groups && rc == 0; group++) {
        size_t start = group_start(before->n_groups, group, round->n_groups);
        size_t end = group_start(before->n_groups, group + 1, round->n_groups);
        for (size_t i = start * n; i < end * n && rc == 0; i++) {
            const struct run_list *list = &before->out[i];
            rc = run_list_add_all(&round->in[(size_t)group * n + i % n], list->items, list->n);
        }
    }
    if (rc < 0)
        round_release(round);
    return rc;
}

int round_commit(struct round *round, uint32_t task, struct extent_range run)
{
    return run_list_add(&round->out[task], run);
}

void round_settle(struct round *round, struct arena *arena, uint32_t task)
{
    uint32_t i = round_input(round, task);
    if (--round->left[i] > 0)
        return;
    for (size_t j = 0; j < round->in[i].n; j++)
        arena_give(arena, round->in[i].items[j]);
    round->in[i].n = 0;
}
