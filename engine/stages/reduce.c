/*
 * From the runs of the map to the final ones: chooses how the words are cut into slices, once for
 * all rounds, and opens one round after the other. What workers have to read for that, bounds of
 * slices and lists of runs, is put where they can see it.
 *
 * If nothing but the output is wanted, in the order that runs have, the last round makes text of
 * its words. Its tasks are those of the write stage then, which asks for them here.
 */
#include "stages/reduce.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stages/phase.h"
#include "stages/round.h"

/* So that no worker waits long for another's last task. */
#define TASKS_PER_WORKER 8
/* Entries in a slice. More than the upper number are sorted outside the cache; but pieces of a
 * spilled run should not be small. */
#define SLICE_ENTRIES_MIN 4096
#define SLICE_ENTRIES_MAX 32768
#define SLICE_ENTRIES_SPILLED 262144
#define SLICE_ENTRY_COST 512 /* of all bytes that a process may have of its own, for each */
/* Entries of a slice in each run that a task has: to find where they begin takes as long as to sort
 * some. */
#define SPAN_ENTRIES_MIN 192
/* An entry with a series becomes many lines: so many bytes of it count as one of the above. */
#define SERIES_BYTES 128
#define SERIES_SPAN_MIN 64

#define FILLED_MAX 10000 /* periods */

struct rounds {
    struct found_runs found; /* of the map */
    struct bounds sample;    /* of their words */
    struct round_plan plan;
    struct round round;        /* at hand */
    uint64_t bytes;            /* of what it has made */
    struct extent_range lists; /* what its tasks have to read */
    uint64_t *list_starts;     /* where each list of round.in begins there */
};

static uint32_t power_of_2(uint64_t n)
{
    uint32_t power = 1;
    while (power < n && power < UINT32_C(1) << FILTER_HASH_BITS)
        power *= 2;
    return power;
}

static uint32_t choose_slices(const struct flow *flow, uint64_t n_entries, size_t n_runs)
{
    const struct plan *plan = flow->plan;
    uint64_t most = flow->stats->spilled_runs > 0 ? SLICE_ENTRIES_SPILLED : SLICE_ENTRIES_MAX;
    size_t n_inputs = n_runs < plan->fan_in ? n_runs : plan->fan_in;
    size_t span = plan->spec.has_series ? SERIES_SPAN_MIN : SPAN_ENTRIES_MIN;
    if (most > plan->private / SLICE_ENTRY_COST)
        most = plan->private / SLICE_ENTRY_COST;
    if (most < span * n_inputs)
        most = span * n_inputs;
    uint64_t n = n_entries / SLICE_ENTRIES_MIN;
    if (n > TASKS_PER_WORKER * plan->n_busy)
        n = TASKS_PER_WORKER * plan->n_busy;
    if (n < n_entries / most)
        n = n_entries / most;
    return power_of_2(n);
}

/* Hashes are spread evenly, so nothing need be looked at. Only their highest bits are cut, which
 * are the same for all spellings of a word. */
static void cut_hashes(struct entry *bounds, uint32_t n_slices)
{
    for (uint32_t i = 1; i < n_slices; i++)
        bounds[i - 1] = (struct entry){.hash = UINT64_MAX / n_slices * i + i};
}

/* Puts the bounds, which lie in runs that will be given back, in a place of their own: until the
 * end. Where words are filled, all lines of one must be in the same slice, so a bound is cut off
 * behind its TAB. */
static int keep_bounds(struct flow *flow, uint32_t n)
{
    const struct entry **cuts = flow->final.cuts;
    struct extent_range extents;
    size_t at = 8, size = at; /* place 0 would be none */
    for (uint32_t i = 0; i < n; i++)
        size += entry_bytes(cuts[i]);
    char *copies = calloc(1, size);
    if (!copies)
        return error_memory(flow->error);
    for (uint32_t i = 0; i < n; i++) {
        struct entry *copy = memcpy(copies + at, cuts[i], entry_bytes(cuts[i]));
        if (flow->plan->spec.fill_step)
            entry_set_size(copy, period_start(copy));
        at += entry_bytes(copy);
    }
    int rc = spill_store(&flow->plan->spill, copies, size, &extents, flow->error);
    free(copies);
    if (rc < 0)
        return rc;
    const unsigned char *kept = arena_at(&flow->plan->arena, extents.first) + 8;
    for (uint32_t i = 0; i < n; i++) {
        cuts[i] = (const struct entry *)(const void *)kept;
        kept += entry_bytes(cuts[i]);
    }
    return 0;
}

static int choose_bounds(struct flow *flow)
{
    struct final *final = &flow->final;
    uint32_t n = final->n_slices - 1;
    struct entry *hashes = NULL;
    int rc = 0;
    if (flow->plan->spec.run_order == ORDER_WORD) {
        rc = final_sample(&flow->rounds->sample, flow->error);
        if (rc != 0)
            return rc;
        bounds_choose(&flow->rounds->sample, final->cuts);
    } else {
        hashes = calloc(n + 1, sizeof *hashes);
        if (!hashes)
            return error_memory(flow->error);
        cut_hashes(hashes, n + 1);
        for (uint32_t i = 0; i < n; i++)
            final->cuts[i] = &hashes[i];
    }
    rc = keep_bounds(flow, n);
    free(hashes);
    return rc;
}

/* All runs are found: chooses how many slices there are. */
static int plan_rounds(struct flow *flow)
{
    size_t n_runs = flow->runs.n;
    uint64_t n_entries = flow->rounds->found.n_entries;
    if (flow->plan->spec.has_series)
        n_entries = flow->stats->run_bytes / SERIES_BYTES;
    flow->final.n_slices = choose_slices(flow, n_entries, n_runs);
    flow->rounds->plan = (struct round_plan){.fan_in = flow->plan->fan_in,
                                             .n_slices = flow->final.n_slices,
                                             .n_tasks = TASKS_PER_WORKER * flow->plan->n_busy};
    /* So that no task of another round has more than one of the last, which fits. */
    if (flow->plan->private / SLICE_ENTRY_COST < SLICE_ENTRIES_SPILLED &&
        flow->rounds->plan.n_tasks < flow->final.n_slices)
        flow->rounds->plan.n_tasks = flow->final.n_slices;
    flow->final.cuts = calloc(flow->final.n_slices, sizeof *flow->final.cuts);
    int rc = flow->final.cuts ? 0 : WM_ENOMEM;
    if (rc == 0 && flow->plan->spec.run_order == ORDER_WORD)
        rc = bounds_begin(&flow->rounds->sample, &flow->plan->arena, ORDER_WORD,
                          flow->rounds->found.runs, n_runs, NULL, flow->final.n_slices);
    return rc < 0 ? error_memory(flow->error) : 0;
}

static int make_plan(struct flow *flow)
{
    int rc = find_runs(&flow->rounds->found, flow->plan, &flow->runs, flow->error);
    if (rc == 0 && !flow->final.cuts)
        rc = plan_rounds(flow);
    return rc == 0 ? choose_bounds(flow) : rc;
}

/* Puts the lists of runs that tasks will read one after the other. */
static int store_lists(struct flow *flow)
{
    struct rounds *rounds = flow->rounds;
    const struct round *round = &rounds->round;
    uint32_t n_lists = round->n_groups * round->in_slices;
    struct run_list all = {0};
    int rc = 0;
    rounds->list_starts = calloc(n_lists, sizeof *rounds->list_starts);
    if (!rounds->list_starts)
        return error_memory(flow->error);
    for (uint32_t i = 0; i < n_lists && rc == 0; i++) {
        const struct run_list *list = &round->in[i];
        rounds->list_starts[i] = all.n;
        rc = run_list_add_all(&all, list->items, list->n);
    }
    rc = rc < 0 ? error_memory(flow->error)
                : spill_store(&flow->plan->spill, all.items, all.n * sizeof *all.items,
                              &rounds->lists, flow->error);
    free(all.items);
    return rc;
}

static void drop_lists(struct flow *flow)
{
    struct rounds *rounds = flow->rounds;
    free(rounds->list_starts);
    rounds->list_starts = NULL;
    arena_give(&flow->plan->arena, rounds->lists);
    rounds->lists.count = 0;
}

static int is_last(const struct rounds *rounds)
{
    return rounds->round.n_groups == 1;
}

/* n_runs: how many the round begins with. 0: its tasks are there; NOTHING_TO_DO: they are the write
 * stage's. */
static int open_round(struct flow *flow, size_t n_runs)
{
    struct rounds *rounds = flow->rounds;
    uint32_t n_groups = rounds->round.n_groups;
    uint32_t widest = (uint32_t)((n_runs + n_groups - 1) / n_groups);
    if (widest > flow->stats->fan_in)
        flow->stats->fan_in = widest;
    rounds->bytes = 0;
    flow->stats->rounds++;
    int rc = store_lists(flow);
    if (rc < 0)
        return rc;
    if (reduce_n_text(flow) > 0)
        return NOTHING_TO_DO;
    rc = crew_begin(flow->crew, round_n_tasks(&rounds->round));
    crew_close(flow->crew);
    return rc;
}

static int open_first_round(struct flow *flow)
{
    int rc = make_plan(flow);
    if (rc == TURN_AGAIN)
        return rc;
    if (rc == 0 && round_init(&flow->rounds->round, &flow->rounds->plan, &flow->runs) < 0)
        rc = error_memory(flow->error);
    if (rc == 0)
        rc = open_round(flow, flow->runs.n);
    bounds_release(&flow->rounds->sample);
    free(flow->rounds->found.runs);
    flow->rounds->found.runs = NULL;
    free(flow->runs.items);
    flow->runs = (struct run_list){0};
    return rc;
}

static int open_next_round(struct flow *flow)
{
    struct rounds *rounds = flow->rounds;
    struct round next;
    uint32_t n_runs = rounds->round.n_groups;
    drop_lists(flow);
    if (round_next(&next, &rounds->plan, &rounds->round) < 0)
        return error_memory(flow->error);
    round_release(&rounds->round);
    rounds->round = next;
    return open_round(flow, n_runs);
}

/* What words are filled to: the years asked for or, at an end that is open, those seen. */
static int choose_periods(struct flow *flow)
{
    const wm_options *options = &flow->plan->options;
    uint64_t step = flow->plan->spec.fill_step;
    struct periods *periods = &flow->periods;
    if (step == 0)
        return 0;
    if (options->first_year > 0)
        periods->first = options->first_year - options->first_year % step;
    if (options->last_year > 0)
        periods->last = options->last_year - options->last_year % step;
    if (periods->first > periods->last || (periods->last - periods->first) / step < FILLED_MAX)
        return 0;
    return error_set(flow->error, WM_ELIMIT,
                     "the years from %llu to %llu are too many to be filled: choose some with " NAME
                     "o.first_year and o.last_year",
                     (unsigned long long)periods->first, (unsigned long long)periods->last);
}

static int reduce_begin(struct flow *flow)
{
    if (flow->rounds)
        return open_first_round(flow);
    phase_begin(flow);
    flow->round_time = flow->phase_time;
    int filled = choose_periods(flow);
    if (filled < 0)
        return filled;
    if (flow->runs.n == 0) {
        int rc = final_take(&flow->final, flow->plan, (struct run_list){0}, flow->error);
        return rc < 0 ? rc : NOTHING_TO_DO;
    }
    flow->rounds = calloc(1, sizeof *flow->rounds);
    return flow->rounds ? open_first_round(flow) : error_memory(flow->error);
}

uint32_t reduce_n_text(const struct flow *flow)
{
    const struct rounds *rounds = flow->rounds;
    return rounds && flow->plan->is_direct && is_last(rounds) ? rounds->round.n_slices : 0;
}

void reduce_send(struct flow *flow, uint32_t worker, uint32_t task)
{
    const struct rounds *rounds = flow->rounds;
    const struct round *round = &rounds->round;
    const struct entry **cuts = flow->final.cuts;
    uint32_t list = round_input(round, task), slice = task % round->n_slices;
    uint32_t width = rounds->plan.n_slices / round->n_slices;
    const struct entry *lower = slice > 0 ? cuts[slice * width - 1] : NULL;
    const struct entry *upper = slice + 1 < round->n_slices ? cuts[(slice + 1) * width - 1] : NULL;
    struct message_reduce message = {.task = task,
                                     .kind = !is_last(rounds)        ? REDUCE_ROUND
                                             : flow->plan->is_direct ? REDUCE_TEXT
                                                                     : REDUCE_FINAL,
                                     .first_period = flow->periods.first,
                                     .last_period = flow->periods.last,
                                     .slice = final_slice(&flow->final, flow->plan, lower, upper)};
    message.slice.runs = (uint64_t)rounds->lists.first * EXTENT_SIZE +
                         rounds->list_starts[list] * sizeof(struct extent_range);
    message.slice.n_runs = round->in[list].n;
    crew_send(flow->crew, worker, MESSAGE_REDUCE, &message, sizeof message, NULL, 0);
    flow->stats->reduce_tasks++;
}

static int reduce_commit(struct flow *flow, struct hand *hand, const struct message_done *done)
{
    struct rounds *rounds = flow->rounds;
    for (uint32_t i = 0; i < hand->n_runs; i++) {
        rounds->bytes += hand->runs[i].size;
        if (round_commit(&rounds->round, done->task, hand->runs[i].extents) < 0)
            return error_memory(flow->error);
    }
    flow->plan->spec.columns.sum += wide_of(done->sum);
    return 0;
}

void reduce_settle(struct flow *flow, uint32_t task)
{
    round_settle(&flow->rounds->round, &flow->plan->arena, task);
}

static int reduce_pump(struct flow *flow)
{
    const struct schedule *schedule = &flow->crew->schedule;
    if (!is_last(flow->rounds))
        return 0;
    return spill_forecast(&flow->plan->spill, flow->rounds->bytes,
                          schedule->n_tasks - schedule->n_left, schedule->n_tasks, flow->error);
}

/* Where the final runs of each slice start among all of them. */
static int note_starts(struct flow *flow)
{
    const struct round *round = &flow->rounds->round;
    struct final *final = &flow->final;
    if (flow->plan->spec.run_order != ORDER_WORD)
        return 0;
    final->starts = calloc(round->n_slices + 1, sizeof *final->starts);
    if (!final->starts)
        return WM_ENOMEM;
    for (uint32_t i = 0; i < round->n_slices; i++)
        final->starts[i + 1] = final->starts[i] + (uint32_t)round->out[i].n;
    return 0;
}

static int take_final(struct flow *flow)
{
    const struct round *round = &flow->rounds->round;
    struct run_list all = {0};
    int rc = 0;
    drop_lists(flow);
    for (uint32_t i = 0; i < round->n_slices && rc == 0; i++)
        rc = run_list_add_all(&all, round->out[i].items, round->out[i].n);
    if (rc == 0)
        rc = note_starts(flow);
    if (rc == 0)
        return final_take(&flow->final, flow->plan, all, flow->error);
    free(all.items);
    return error_memory(flow->error);
}

static int reduce_end(struct flow *flow)
{
    phase_end_round(flow);
    if (is_last(flow->rounds))
        return take_final(flow);
    int rc = open_next_round(flow);
    return rc == NOTHING_TO_DO ? 0 : rc < 0 ? rc : MORE_TASKS;
}

void reduce_release(struct rounds *rounds)
{
    if (!rounds)
        return;
    bounds_release(&rounds->sample);
    free(rounds->found.runs);
    round_release(&rounds->round);
    free(rounds->list_starts);
    free(rounds);
}

const struct stage reduce_stage = {
    .work = {.name = "reduce",
             .phase = WM_PHASE_REDUCE,
             .reads_runs = 1,
             .send = reduce_send,
             .commit = reduce_commit,
             .settle = reduce_settle},
    .begin = reduce_begin,
    .pump = reduce_pump,
    .end = reduce_end,
};
