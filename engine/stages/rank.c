/*
 * Between the last round and the output, if ranks are asked for. The final runs are sorted by count
 * then, and cut into slices in that order. The coordinator adds up what stands before each slice,
 * so a task can give the words of its slice their ranks; it writes them as new runs, sorted as the
 * result is to be, which take the place of the final ones.
 */
#include <stdlib.h>

#include "error.h"
#include "runs/gather.h"
#include "stages/phase.h"
#include "stages/stage.h"

/* Words from lower (NULL: the first) on, in the order of counts, and what stands before them. */
struct rank_slice {
    const struct entry *lower;
    uint64_t words;
    wide sum; /* of their counts */
};

struct state {
    struct rank_slice *slices; /* and one more, behind the last word */
    struct run_list runs;      /* of words that have got their ranks */
};

/* Adds the words and counts of a slice to those before it, which are those before the next. */
static void weigh(const struct flow *flow, struct rank_slice *slice)
{
    const struct arena *arena = &flow->plan->arena;
    struct rank_slice *next = slice + 1;
    size_t mapped = 0;
    next->words = slice->words;
    next->sum = slice->sum;
    for (uint32_t i = 0; i < flow->final.n_runs; i++) {
        const struct run *run = flow->final.runs[i];
        const struct entry *entry = run_first(run), *end = run_end(run);
        if (slice->lower)
            entry = run_lower_bound(run, ORDER_COUNT, slice->lower);
        if (next->lower)
            end = run_lower_bound(run, ORDER_COUNT, next->lower);
        for (; entry < end; entry = entry_next(entry)) {
            next->words++;
            next->sum += entry->count;
        }
        if (arena_holds_spilled(arena, run))
            arena_note_read(arena, &mapped, run->size);
    }
}

static int rank_cut(struct flow *flow, struct state *state, uint32_t n_slices)
{
    const struct entry **bounds = calloc(n_slices, sizeof *bounds);
    state->slices = calloc(n_slices + 1, sizeof *state->slices);
    int rc = bounds && state->slices ? 0 : WM_ENOMEM;
    if (rc == 0)
        rc = gather_bounds(&flow->plan->arena, ORDER_COUNT, flow->final.runs, flow->final.n_runs,
                           NULL, n_slices, bounds);
    for (uint32_t i = 1; i < n_slices && rc == 0; i++)
        state->slices[i].lower = bounds[i - 1];
    free(bounds);
    if (rc < 0)
        return error_memory(flow->error);
    for (uint32_t i = 0; i < n_slices; i++)
        weigh(flow, &state->slices[i]);
    return 0;
}

static int rank_begin(struct flow *flow)
{
    if (!flow->plan->options.rank || flow->final.n_words == 0)
        return NOTHING_TO_DO;
    phase_begin(flow);
    struct state *state = flow->state = calloc(1, sizeof *state);
    uint32_t n_slices = final_choose_slices(&flow->final, flow->plan);
    int rc = state ? rank_cut(flow, state, n_slices) : error_memory(flow->error);
    if (rc == 0)
        rc = crew_begin(flow->crew, n_slices);
    crew_close(flow->crew);
    return rc;
}

static void rank_send(struct flow *flow, uint32_t worker, uint32_t task)
{
    const struct state *state = flow->state;
    const struct rank_slice *slice = &state->slices[task];
    struct message_rank message = {
        .task = task,
        .words = slice->words,
        .slice = final_slice(&flow->final, flow->plan, slice->lower, slice[1].lower)};
    wide_split(slice->sum, message.sum);
    wide_split(flow->plan->spec.columns.sum, message.total);
    crew_send(flow->crew, worker, MESSAGE_RANK, &message, sizeof message, NULL, 0);
}

static int rank_commit(struct flow *flow, struct hand *hand, const struct message_done *done)
{
    struct state *state = flow->state;
    (void)done;
    for (uint32_t i = 0; i < hand->n_runs; i++)
        if (run_list_add(&state->runs, hand->runs[i].extents) < 0)
            return error_memory(flow->error);
    return 0;
}

static int rank_end(struct flow *flow)
{
    struct state *state = flow->state;
    struct final *final = &flow->final;
    struct run_list ranked = state->runs;
    state->runs = (struct run_list){0};
    for (size_t i = 0; i < final->list.n; i++)
        arena_give(&flow->plan->arena, final->list.items[i]);
    arena_give(&flow->plan->arena, final->shared_list);
    free(final->starts);
    final->starts = NULL;
    return final_take(final, flow->plan, ranked, flow->error);
}

static void rank_release(struct flow *flow)
{
    struct state *state = flow->state;
    if (state) {
        free(state->slices);
        free(state->runs.items);
    }
    free(state);
}

const struct stage rank_stage = {
    .work = {.name = "rank",
             .phase = WM_PHASE_WRITE,
             .reads_runs = 1,
             .send = rank_send,
             .commit = rank_commit},
    .begin = rank_begin,
    .end = rank_end,
    .release = rank_release,
};
