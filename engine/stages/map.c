/*
 * The map: a task for each partition, and for each block of a stream as it comes. Of the failures
 * of its tasks, the first in the input is the one that counts: it is told when all tasks before it
 * are done.
 */
#include <stdlib.h>

#include "base/grow.h"
#include "dispatch/crashes.h"
#include "dispatch/failure.h"
#include "error.h"
#include "stages/phase.h"
#include "stages/stage.h"

struct state {
    struct first_failure failure;
    struct first_failure reject; /* the first line that was rejected so far */
};

static int map_begin(struct flow *flow)
{
    phase_begin(flow);
    flow->state = calloc(1, sizeof(struct state));
    if (!flow->state)
        return error_memory(flow->error);
    int rc = crew_begin(flow->crew, flow->plan->partitions.n);
    if (flow->blocks.n_streams > 0)
        flow->crew->reserve = 2;
    else
        crew_close(flow->crew);
    return rc;
}

static void map_send(struct flow *flow, uint32_t worker, uint32_t number)
{
    const struct map_task *task = &flow->plan->partitions.tasks[number];
    struct message_map message = {.task = number,
                                  .input = task->input,
                                  .start = task->start,
                                  .end = task->end,
                                  .skip_lines = task->skip_lines,
                                  .n_lines = task->n_lines,
                                  .block = task->block,
                                  .before = task->before,
                                  .last = task->last,
                                  .format =
                                      inputs_format(&flow->plan->inputs, task->input, task->start)};
    const uint64_t *skips = NULL;
    if (task->crashes) {
        skips = task->crashes->skips;
        message.n_skips = task->crashes->n_skips;
    }
    crew_send(flow->crew, worker, MESSAGE_MAP, &message, sizeof message, skips,
              message.n_skips * sizeof *skips);
}

/* Nothing after the task matters any more. */
static void keep_first(struct flow *flow, const struct message_failed *message)
{
    const struct partitions *partitions = &flow->plan->partitions;
    const struct map_task *task = &partitions->tasks[message->task];
    struct state *state = flow->state;
    state->failure = (struct first_failure){1, *task, *message};
    for (uint32_t i = 0; i < partitions->n; i++)
        if (map_task_compare(&partitions->tasks[i], task) > 0)
            schedule_drop(&flow->crew->schedule, i);
    blocks_stop_at(&flow->blocks, task->input);
    if (flow->blocks.n_streams == 0)
        crew_close(flow->crew);
}

/* Too many bad lines are a failure at the first of them, which may be in a task that still runs. */
static void note_rejects(struct flow *flow, const struct message_done *done)
{
    struct state *state = flow->state;
    struct message_failed first = {.task = done->task,
                                   .code = WM_EBADLINE,
                                   .reason = done->reason,
                                   .offset = done->offset,
                                   .lines = done->before};
    failure_note_reject(&state->reject, &flow->plan->partitions.tasks[done->task], &first);
    if (flow->stats->rejected <= flow->plan->options.max_rejects)
        return;
    if (!state->failure.set || map_task_compare(&state->reject.task, &state->failure.task) < 0)
        keep_first(flow, &state->reject.message);
}

static int keep_run(struct flow *flow, struct map_task *task, const struct message_run *run)
{
    if (run->kind == RUN_ENTRIES) {
        flow->stats->runs++;
        flow->stats->run_bytes += run->size;
        return run_list_add(&flow->runs, run->extents);
    }
    struct message_run *rejects =
        grow(task->rejects, &task->rejects_capacity, (size_t)task->n_rejects + 1, sizeof *rejects);
    if (!rejects)
        return WM_ENOMEM;
    task->rejects = rejects;
    rejects[task->n_rejects++] = *run;
    return 0;
}

static int map_commit(struct flow *flow, struct hand *hand, const struct message_done *done)
{
    struct map_task *task = &flow->plan->partitions.tasks[done->task];
    wm_stats *stats = flow->stats;
    for (uint32_t i = 0; i < hand->n_runs; i++)
        if (keep_run(flow, task, &hand->runs[i]) < 0)
            return error_memory(flow->error);
    if (flow->plan->spec.fill_step)
        periods_add(&flow->periods, (struct periods){done->first_period, done->last_period});
    task->lines = done->lines;
    task->unpacked = done->unpacked;
    stats->lines += done->lines;
    stats->bytes += done->bytes;
    if (done->bytes > stats->largest_partition)
        stats->largest_partition = done->bytes;
    stats->unpack_seconds += (double)done->unpack * 1e-9;
    stats->counted += done->counted;
    stats->filtered += done->filtered;
    stats->rejected += done->rejected;
    stats->invalid_utf8 += done->invalid;
    if (done->rejected > 0)
        note_rejects(flow, done);
    return 0;
}

static int map_fail(struct flow *flow, const struct message_failed *message)
{
    switch (message->code) {
    case WM_EOPEN:
    case WM_EREAD:
    case WM_ECHANGED:
    case WM_EDAMAGED:
    case WM_EBADLINE:
    case WM_EWORKER:
    case WM_ETABLE:
    case WM_EVERSION:
        crew_settle_or_dismiss(flow->crew, message->task);
        keep_first(flow, message);
        return 0;
    default:
        return failure_explain(flow->plan, message, NULL, flow->error);
    }
}

static void map_settle(struct flow *flow, uint32_t task)
{
    struct extent_range block = flow->plan->partitions.tasks[task].block;
    if (block.count > 0)
        blocks_give(&flow->blocks, block);
}

static const struct map_task *map_place(const struct flow *flow, uint32_t task,
                                        struct map_task *memory)
{
    (void)memory;
    return &flow->plan->partitions.tasks[task];
}

static struct crashes **map_crashes(const struct flow *flow, uint32_t task)
{
    return flow->plan->spec.on_record ? &flow->plan->partitions.tasks[task].crashes : NULL;
}

static int map_pump(struct flow *flow)
{
    if (flow->blocks.n_streams > 0) {
        int rc = blocks_read(&flow->blocks);
        return rc > 0 ? TURN_AGAIN : rc;
    }
    return spill_forecast(&flow->plan->spill, flow->stats->run_bytes, flow->stats->bytes,
                          flow->plan->inputs.size, flow->error);
}

static int map_end(struct flow *flow)
{
    const struct state *state = flow->state;
    wm_stats *stats = flow->stats;
    for (uint32_t i = 0; i < flow->blocks.n_streams; i++)
        stats->unpack_seconds += (double)flow->blocks.streams[i].unpack_time * 1e-9;
    if (state->failure.set)
        return failure_explain(flow->plan, &state->failure.message, &state->failure.task,
                               flow->error);
    if (stats->lines == stats->counted + stats->filtered + stats->rejected)
        return totals_check(&flow->plan->totals, flow->plan->options.totals,
                            &flow->plan->spec.progress->years, flow->error);
    return error_set(flow->error, WM_EPROTOCOL,
                     "internal error: of %llu lines %llu were counted, %llu filtered and %llu "
                     "rejected",
                     (unsigned long long)stats->lines, (unsigned long long)stats->counted,
                     (unsigned long long)stats->filtered, (unsigned long long)stats->rejected);
}

static void map_release(struct flow *flow)
{
    free(flow->state);
}

const struct stage map_stage = {
    .work = {.name = "map",
             .phase = WM_PHASE_MAP,
             .for_all = 1,
             .send = map_send,
             .commit = map_commit,
             .fail = map_fail,
             .settle = map_settle,
             .place = map_place,
             .crashes = map_crashes},
    .begin = map_begin,
    .pump = map_pump,
    .end = map_end,
    .release = map_release,
};
