/*
 * The output. Bounds cut the words into slices in the order of the result, and a task makes the
 * text of each. The coordinator writes it as soon as all slices before it are written. If reduce
 * has left its last round to this stage, the tasks are those of that round.
 */
#include <stdlib.h>

#include "error.h"
#include "stages/phase.h"
#include "stages/reduce.h"

/* Bytes of the output that are written at a time, or a run more: all slices but the first may be
 * there already. */
#define WRITE_AT_ONCE (4u << 20)

/* One slice of the output: the runs of text that a task made of it. */
struct slice {
    struct message_run *runs;
    uint32_t n_runs;
    int done;
    uint32_t n_written; /* runs */
    size_t offset;      /* in the next one */
};

struct state {
    int is_direct; /* the slices are those of the last round */
    struct bounds sample;
    const struct entry **bounds; /* n_slices - 1, else */
    struct slice *slices;
    uint32_t n_slices;
    uint32_t n_written; /* slices */
};

/* The words are known: how many slices there are. */
static int write_open(struct flow *flow)
{
    const struct final *final = &flow->final;
    struct state *state = flow->state = calloc(1, sizeof *state);
    if (!state)
        return error_memory(flow->error);
    state->n_slices = reduce_n_text(flow);
    state->is_direct = state->n_slices > 0;
    if (!state->is_direct && final->n_words > 0) /* without words the output must still come */
        state->n_slices = final_choose_slices(final, flow->plan);
    state->slices = calloc(state->n_slices + 1, sizeof *state->slices);
    state->bounds = calloc(state->n_slices + 1, sizeof *state->bounds);
    if (!state->slices || !state->bounds)
        return error_memory(flow->error);
    if (state->is_direct || state->n_slices == 0)
        return 0;
    int rc = bounds_begin(&state->sample, &flow->plan->arena, flow->plan->spec.order, final->runs,
                          final->n_runs, final->upper, state->n_slices);
    return rc < 0 ? error_memory(flow->error) : 0;
}

static int write_cut(struct flow *flow)
{
    struct state *state = flow->state;
    if (state->is_direct || state->n_slices == 0)
        return 0;
    int rc = final_sample(&state->sample, flow->error);
    if (rc == 0)
        bounds_choose(&state->sample, state->bounds);
    return rc;
}

static int write_begin(struct flow *flow)
{
    int rc = 0;
    phase_begin(flow);
    if (!flow->state && reduce_n_text(flow) == 0) {
        rc = final_find(&flow->final, flow->plan, flow->error);
        if (rc == 0)
            rc = final_cut_top(&flow->final, flow->plan, flow->error);
    }
    if (rc == 0 && !plan_has_output(flow->plan))
        return NOTHING_TO_DO;
    if (rc == 0 && !flow->state)
        rc = write_open(flow);
    if (rc == 0)
        rc = write_cut(flow);
    if (rc != 0)
        return rc;
    const struct state *state = flow->state;
    rc = crew_begin(flow->crew, state->n_slices);
    flow->crew->reserve = 0;
    crew_close(flow->crew);
    return rc;
}

static void write_send(struct flow *flow, uint32_t worker, uint32_t task)
{
    const struct state *state = flow->state;
    if (state->is_direct) {
        reduce_send(flow, worker, task);
        return;
    }
    const struct entry *lower = task > 0 ? state->bounds[task - 1] : NULL;
    const struct entry *upper =
        task + 1 < state->n_slices ? state->bounds[task] : flow->final.upper;
    struct message_order message = {.task = task,
                                    .slice = final_slice(&flow->final, flow->plan, lower, upper),
                                    .sums = final_sums(flow->plan)};
    crew_send(flow->crew, worker, MESSAGE_ORDER, &message, sizeof message, NULL, 0);
}

static int write_commit(struct flow *flow, struct hand *hand, const struct message_done *done)
{
    struct state *state = flow->state;
    struct slice *slice = &state->slices[done->task];
    slice->done = 1;
    if (state->is_direct)
        flow->final.n_words += done->words;
    flow->stats->replaced += done->replaced;
    if (done->beyond > 0)
        flow->stats->warnings |= WM_WARN_TOTALS;
    slice->runs = hand->runs;
    slice->n_runs = hand->n_runs;
    hand->runs = NULL;
    hand->capacity = 0;
    return 0;
}

static void write_settle(struct flow *flow, uint32_t task)
{
    const struct state *state = flow->state;
    if (state->is_direct)
        reduce_settle(flow, task);
}

/* While the reader of the output takes its time, no more of it is made, or it would pile up. But
 * tasks of dead workers are done again, since the reader may be waiting for them. */
static int write_is_stalled(const struct flow *flow)
{
    return flow->output.watch.on;
}

/*
 * *size: bytes that were written in this turn. 0; WM_RUNNING: the reader of the output has to read
 * on first; TURN_AGAIN: they are enough for a turn; or a WM_E code.
 */
static int write_slice(struct flow *flow, struct slice *slice, size_t *size)
{
    struct arena *arena = &flow->plan->arena;
    for (; slice->n_written < slice->n_runs; slice->n_written++) {
        const struct message_run *run = &slice->runs[slice->n_written];
        if (*size >= WRITE_AT_ONCE)
            return TURN_AGAIN;
        const void *text = arena_at(arena, run->extents.first);
        arena_will_read(arena, text, run->size);
        int rc = envelope_words(&flow->envelope, text, run->size, &slice->offset, &flow->output,
                                flow->error);
        if (rc != 0)
            return rc;
        slice->offset = 0;
        *size += run->size;
        if (arena_is_spilled(arena, run->extents.first))
            arena_forget(arena);
        arena_give(arena, run->extents);
    }
    free(slice->runs);
    slice->runs = NULL;
    return 0;
}

/* Writes the slices that are next in order, as far as there is room. */
static int write_pump(struct flow *flow)
{
    struct state *state = flow->state;
    uint64_t start = uv_hrtime();
    size_t size = 0;
    int rc = envelope_head(&flow->envelope, &flow->plan->spec.columns, &flow->output, flow->error);
    while (rc == 0 && state->n_written < state->n_slices && state->slices[state->n_written].done) {
        rc = write_slice(flow, &state->slices[state->n_written], &size);
        state->n_written += rc == 0;
    }
    if (rc == 0 && state->n_written == state->n_slices)
        rc = envelope_tail(&flow->envelope, &flow->output, flow->error);
    phase_count_output(flow, start);
    return rc == WM_RUNNING ? 0 : rc;
}

static int write_end(struct flow *flow)
{
    const struct state *state = flow->state;
    if (flow->envelope.state != ENVELOPE_DONE)
        return WM_RUNNING;
    if (state->is_direct)
        phase_end_round(flow);
    return 0;
}

static void write_release(struct flow *flow)
{
    struct state *state = flow->state;
    for (uint32_t i = 0; state && state->slices && i < state->n_slices; i++)
        free(state->slices[i].runs);
    if (state) {
        bounds_release(&state->sample);
        free(state->slices);
        free(state->bounds);
    }
    free(state);
}

const struct stage write_stage = {
    .work = {.name = "write",
             .phase = WM_PHASE_WRITE,
             .reads_runs = 1,
             .send = write_send,
             .commit = write_commit,
             .settle = write_settle,
             .is_stalled = write_is_stalled},
    .begin = write_begin,
    .pump = write_pump,
    .end = write_end,
    .release = write_release,
};
