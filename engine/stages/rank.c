/*
 * Between the last round and the output, if ranks are asked for, or the commonest of each period.
 * The final runs are sorted by count then, within each period if there are any, and cut into slices
 * in that order. The coordinator adds up what stands before each slice, so a task can give the
 * words of its slice their ranks. It writes those that are kept as new runs, sorted as the result
 * is to be, which take the place of the final ones.
 */
#include <stdlib.h>

#include "base/grow.h"
#include "error.h"
#include "stages/phase.h"
#include "stages/stage.h"
#include "words/period.h"

/* What there is of a period; without periods, of all. */
struct weight {
    uint64_t period;
    uint64_t words;
    uint64_t kept; /* of them */
    wide sum;      /* of their counts */
};

struct weights {
    struct weight *items;
    size_t n, capacity;
};

/* Words from lower (NULL: the first) on, and what stands before them in the period that they begin
 * in. */
struct rank_slice {
    const struct entry *lower;
    struct weight before;
};

struct state {
    struct bounds sample;
    struct rank_slice *slices; /* and one more, behind the last word; NULL: not chosen yet */
    uint32_t n_slices;
    uint32_t n_weighed;     /* of them */
    struct weights parts;   /* of the slice that is weighed: one for each run and period */
    struct weights periods; /* of all slices so far, ascending */
    struct run_list runs;   /* of words that have got their ranks */
    char *scratch;          /* the pick's; NULL: nobody asks how many are kept */
};

static struct weight *weights_add(struct weights *weights, uint64_t period)
{
    struct weight *items =
        grow(weights->items, &weights->capacity, weights->n + 1, sizeof *weights->items);
    if (!items)
        return NULL;
    weights->items = items;
    items += weights->n++;
    *items = (struct weight){.period = period};
    return items;
}

/* Adds the words of a run to the parts, from those at lower to those at upper. */
static int weigh_run(const struct flow *flow, struct state *state, const struct run *run,
                     const struct entry *lower, const struct entry *upper)
{
    const struct job_spec *spec = &flow->plan->spec;
    enum order order = spec->rank_order;
    const struct entry *entry = lower ? run_lower_bound(run, order, lower) : run_first(run);
    const struct entry *end = upper ? run_lower_bound(run, order, upper) : run_end(run);
    struct weight *part = NULL;
    if (entry < end)
        arena_will_read(&flow->plan->arena, entry,
                        (size_t)((const char *)end - (const char *)entry));
    for (; entry < end; entry = entry_next(entry)) {
        uint64_t period = order == ORDER_PERIOD ? period_of(entry) : 0;
        if (!part || part->period != period)
            part = weights_add(&state->parts, period);
        if (!part)
            return WM_ENOMEM;
        part->words++;
        part->sum += entry->count;
        if (state->scratch)
            part->kept += (uint64_t)pick_has(spec->pick, state->scratch, entry);
    }
    return 0;
}

static int compare_periods(const void *a, const void *b)
{
    uint64_t x = ((const struct weight *)a)->period, y = ((const struct weight *)b)->period;
    return (x > y) - (x < y);
}

/* Adds the parts of a slice to the periods, of which the last one may go on. */
static int merge_parts(struct state *state, struct rank_slice *slice)
{
    struct weights *parts = &state->parts, *periods = &state->periods;
    if (parts->n > 0)
        qsort(parts->items, parts->n, sizeof *parts->items, compare_periods);
    for (size_t i = 0; i < parts->n; i++) {
        const struct weight *part = &parts->items[i];
        struct weight *last = periods->n > 0 ? &periods->items[periods->n - 1] : NULL;
        if (!last || last->period != part->period)
            last = weights_add(periods, part->period);
        if (!last)
            return WM_ENOMEM;
        if (i == 0)
            slice->before = *last;
        last->words += part->words;
        last->kept += part->kept;
        last->sum += part->sum;
    }
    parts->n = 0;
    return 0;
}

static int weigh(const struct flow *flow, struct state *state, struct rank_slice *slice)
{
    const struct arena *arena = &flow->plan->arena;
    size_t mapped = 0;
    int rc = 0;
    for (uint32_t i = 0; i < flow->final.n_runs && rc == 0; i++) {
        const struct run *run = flow->final.runs[i];
        rc = weigh_run(flow, state, run, slice->lower, slice[1].lower);
        if (arena_holds_spilled(arena, run))
            arena_note_read(arena, &mapped, run->size);
    }
    return rc < 0 ? rc : merge_parts(state, slice);
}

/* Takes the sample, and chooses the slices. */
static int rank_cut(struct flow *flow, struct state *state)
{
    uint32_t n = state->n_slices;
    int rc = final_sample(&state->sample, flow->error);
    if (rc != 0)
        return rc;
    const struct entry **bounds = calloc(n, sizeof *bounds);
    state->slices = calloc(n + 1, sizeof *state->slices);
    if (!bounds || !state->slices) {
        free(bounds);
        return error_memory(flow->error);
    }
    bounds_choose(&state->sample, bounds);
    for (uint32_t i = 1; i < n; i++)
        state->slices[i].lower = bounds[i - 1];
    free(bounds);
    return TURN_AGAIN;
}

/* Weighs a slice in each turn: 65,536 words or so. */
static int rank_weigh(struct flow *flow, struct state *state)
{
    if (weigh(flow, state, &state->slices[state->n_weighed]) < 0)
        return error_memory(flow->error);
    return ++state->n_weighed < state->n_slices ? TURN_AGAIN : 0;
}

/* Puts the sums of periods where workers, and the result, can read them. */
static int store_sums(struct flow *flow, struct state *state)
{
    struct plan *plan = flow->plan;
    struct columns *columns = &plan->spec.columns;
    const struct weights *periods = &state->periods;
    struct extent_range extents;
    if (plan->spec.rank_order != ORDER_PERIOD)
        return 0;
    struct period_sum *sums = calloc(periods->n + 1, sizeof *sums);
    if (!sums)
        return error_memory(flow->error);
    for (size_t i = 0; i < periods->n; i++) {
        sums[i].period = periods->items[i].period;
        wide_split(periods->items[i].sum, sums[i].sum);
    }
    int rc = spill_store(&plan->spill, sums, periods->n * sizeof *sums, &extents, flow->error);
    free(sums);
    if (rc < 0)
        return rc;
    columns->sums = (const void *)arena_at(&plan->arena, extents.first);
    columns->n_sums = periods->n;
    return 0;
}

static int rank_open(struct flow *flow)
{
    const struct plan *plan = flow->plan;
    const struct final *final = &flow->final;
    struct state *state = flow->state = calloc(1, sizeof *state);
    if (!state)
        return error_memory(flow->error);
    state->n_slices = final_choose_slices(final, plan);
    if (plan->spec.pick && plan->options.top_per > 0 &&
        !(state->scratch = malloc(PICK_SCRATCH_SIZE)))
        return error_memory(flow->error);
    int rc = bounds_begin(&state->sample, &plan->arena, plan->spec.rank_order, final->runs,
                          final->n_runs, NULL, state->n_slices);
    return rc < 0 ? error_memory(flow->error) : 0;
}

static int rank_begin(struct flow *flow)
{
    const wm_options *options = &flow->plan->options;
    if (!options->rank && options->top_per == 0)
        return NOTHING_TO_DO;
    phase_begin(flow);
    int rc = final_find(&flow->final, flow->plan, flow->error);
    if (rc == 0 && flow->final.n_words == 0)
        return NOTHING_TO_DO;
    if (rc == 0 && !flow->state)
        rc = rank_open(flow);
    struct state *state = flow->state;
    if (rc == 0)
        rc = state->slices ? rank_weigh(flow, state) : rank_cut(flow, state);
    if (rc == 0)
        rc = store_sums(flow, state);
    if (rc != 0)
        return rc;
    rc = crew_begin(flow->crew, state->n_slices);
    crew_close(flow->crew);
    return rc;
}

static void rank_send(struct flow *flow, uint32_t worker, uint32_t task)
{
    const struct state *state = flow->state;
    const struct rank_slice *slice = &state->slices[task];
    struct message_rank message = {
        .task = task,
        .words = slice->before.words,
        .kept = state->scratch ? slice->before.kept : slice->before.words,
        .slice = final_slice(&flow->final, flow->plan, slice->lower, slice[1].lower),
        .sums = final_sums(flow->plan)};
    wide_split(slice->before.sum, message.sum);
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
        bounds_release(&state->sample);
        free(state->slices);
        free(state->parts.items);
        free(state->periods.items);
        free(state->runs.items);
        free(state->scratch);
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
