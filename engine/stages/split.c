/*
 * Partitions of an exact number of lines: workers count the lines that start in each block of the
 * files, and then it is known where to cut.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stages/phase.h"
#include "stages/stage.h"

struct state {
    struct message_split *tasks;
    uint32_t **in_block; /* per input: lines that start in each block of its share */
};

static const uint64_t task_size = (uint64_t)SPLIT_BLOCK_SIZE * SPLIT_TASK_BLOCKS;

static uint64_t share_size(const struct inputs *inputs, uint32_t input)
{
    if (inputs->is_stream[input])
        return 0;
    return inputs->items[input].share_end - inputs->items[input].share_start;
}

static int add_tasks(struct flow *flow, struct state *state, uint32_t input, uint32_t *n)
{
    const struct input *items = flow->plan->inputs.items;
    uint64_t size = share_size(&flow->plan->inputs, input);
    state->in_block[input] = calloc(size / SPLIT_BLOCK_SIZE + 1, sizeof *state->in_block[input]);
    if (!state->in_block[input])
        return error_memory(flow->error);
    for (uint64_t at = 0; at < size; at += task_size) {
        uint64_t start = items[input].share_start + at;
        uint64_t end = size - at < task_size ? items[input].share_end : start + task_size;
        state->tasks[*n] = (struct message_split){*n, input, start, end, SPLIT_BLOCK_SIZE};
        ++*n;
    }
    return 0;
}

static int split_begin(struct flow *flow)
{
    const struct inputs *inputs = &flow->plan->inputs;
    if (flow->plan->options.partition_lines == 0 || inputs->size == 0)
        return NOTHING_TO_DO;
    phase_begin(flow);
    struct state *state = flow->state = calloc(1, sizeof *state);
    if (!state)
        return error_memory(flow->error);
    uint64_t n_max = 0;
    for (uint32_t i = 0; i < inputs->n; i++)
        n_max += share_size(inputs, i) / task_size + 1;
    state->in_block = calloc(inputs->n, sizeof *state->in_block);
    state->tasks = calloc(n_max, sizeof *state->tasks);
    if (!state->in_block || !state->tasks)
        return error_memory(flow->error);
    uint32_t n = 0;
    int rc = 0;
    for (uint32_t i = 0; i < inputs->n && rc == 0; i++)
        rc = add_tasks(flow, state, i, &n);
    if (rc == 0)
        rc = crew_begin(flow->crew, n);
    crew_close(flow->crew);
    return rc;
}

static void split_send(struct flow *flow, uint32_t worker, uint32_t task)
{
    const struct state *state = flow->state;
    crew_send(flow->crew, worker, MESSAGE_SPLIT, &state->tasks[task], sizeof *state->tasks, NULL,
              0);
}

static int split_part(struct flow *flow, uint32_t task, const struct message_lines *lines,
                      size_t size)
{
    const struct state *state = flow->state;
    const struct message_split *split = &state->tasks[task];
    uint64_t start = flow->plan->inputs.items[split->input].share_start;
    uint64_t n = (split->end - split->start + SPLIT_BLOCK_SIZE - 1) / SPLIT_BLOCK_SIZE;
    if (lines->n_blocks != n || size != sizeof *lines + n * sizeof(uint32_t))
        return POOL_NONSENSE;
    memcpy(state->in_block[split->input] + (split->start - start) / SPLIT_BLOCK_SIZE, lines + 1,
           n * sizeof(uint32_t));
    return 0;
}

static const struct map_task *split_place(const struct flow *flow, uint32_t task,
                                          struct map_task *memory)
{
    const struct state *state = flow->state;
    const struct message_split *split = &state->tasks[task];
    *memory = (struct map_task){.input = split->input, .start = split->start, .end = split->end};
    return memory;
}

static int split_end(struct flow *flow)
{
    struct plan *plan = flow->plan;
    const struct state *state = flow->state;
    int rc = 0;
    for (uint32_t i = 0; i < plan->inputs.n && rc == 0; i++)
        if (share_size(&plan->inputs, i) > 0)
            rc = partitions_cut_lines(&plan->partitions, &plan->inputs.items[i], i,
                                      state->in_block[i], plan->options.partition_lines,
                                      flow->error);
    return rc;
}

static void split_release(struct flow *flow)
{
    struct state *state = flow->state;
    for (uint32_t i = 0; state && state->in_block && i < flow->plan->inputs.n; i++)
        free(state->in_block[i]);
    if (state) {
        free(state->in_block);
        free(state->tasks);
    }
    free(state);
}

const struct stage split_stage = {
    .work = {.name = "split",
             .phase = WM_PHASE_SPLIT,
             .for_all = 1,
             .send = split_send,
             .part = split_part,
             .place = split_place},
    .begin = split_begin,
    .end = split_end,
    .release = split_release,
};
