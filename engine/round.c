/* See round.h. Sizes come from the headers of the runs, which are in shared memory. */
#include "round.h"

#include <stdlib.h>

#include "code.h"
#include "run.h"

/* Tasks per worker in a round, so that none waits long for another's last. */
#define TASKS_PER_WORKER 8

int run_list_add(struct run_list *list, struct extent_range run)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity * 2 + 64;
        struct extent_range *items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return CODE_NOMEM;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = run;
    return 0;
}

int round_init(struct round *round, struct run_list runs, uint32_t in_splits, uint32_t n_partitions,
               uint32_t fan_in, uint32_t n_workers)
{
    uint32_t n_in = (uint32_t)(runs.n / in_splits);
    *round = (struct round){.in = runs, .in_splits = in_splits, .n_partitions = n_partitions};
    round->n_groups = (n_in + fan_in - 1) / fan_in;
    round->final = round->n_groups == 1;
    round->n_splits = in_splits;
    while (round->n_splits < n_partitions &&
           (round->final || round_n_tasks(round) < TASKS_PER_WORKER * n_workers))
        round->n_splits *= 2;
    round->out.n = round->out.capacity = round_n_tasks(round);
    round->out.items = calloc(round->out.n, sizeof *round->out.items);
    round->left = calloc(round->n_groups, sizeof *round->left);
    if (!round->out.items || !round->left) {
        round_release(round);
        return CODE_NOMEM;
    }
    for (uint32_t i = 0; i < round->n_groups; i++)
        round->left[i] = round->n_splits;
    return 0;
}

void round_release(struct round *round)
{
    free(round->in.items);
    free(round->out.items);
    free(round->left);
    *round = (struct round){0};
}

/* The runs [*first, *end) of a group; groups differ by one run at most. */
static void group_runs(const struct round *round, uint32_t group, uint32_t *first, uint32_t *end)
{
    uint64_t n_in = round->in.n / round->in_splits;
    *first = (uint32_t)(group * n_in / round->n_groups);
    *end = (uint32_t)((group + 1) * n_in / round->n_groups);
}

void round_task(const struct round *round, const struct arena *arena, uint32_t task,
                struct message_reduce *message, struct extent_range *runs, size_t *size)
{
    uint32_t group = task / round->n_splits, split = task % round->n_splits;
    uint32_t width = round->n_partitions / round->n_splits;
    uint32_t in_split = split / (round->n_splits / round->in_splits);
    uint32_t first, end;
    group_runs(round, group, &first, &end);
    *message = (struct message_reduce){.task = task,
                                       .first = split * width,
                                       .end = (split + 1) * width,
                                       .final = (uint32_t)round->final,
                                       .n_runs = end - first};
    size_t entries_size = 0, mapped = 0;
    for (uint32_t i = first; i < end; i++) {
        struct extent_range in = round->in.items[(size_t)i * round->in_splits + in_split];
        const struct run *run = (const struct run *)(const void *)arena_at(arena, in.first);
        entries_size +=
            run->offset[message->end - run->first] - run->offset[message->first - run->first];
        *runs++ = in;
        if (arena_is_spilled(arena, in.first))
            arena_note_read(arena, &mapped, SPILL_MAPPED_AT_ONCE);
    }
    if (mapped > 0)
        arena_forget(arena);
    *size = run_size_max(width, entries_size);
}

void round_commit(struct round *round, uint32_t task, struct extent_range run)
{
    round->out.items[task] = run;
}

void round_settle(struct round *round, struct arena *arena, uint32_t task)
{
    uint32_t group = task / round->n_splits;
    if (--round->left[group] > 0)
        return;
    uint32_t first, end;
    group_runs(round, group, &first, &end);
    for (size_t i = (size_t)first * round->in_splits; i < (size_t)end * round->in_splits; i++)
        arena_give(arena, round->in.items[i]);
}
