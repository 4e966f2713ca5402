/*
 * The runs stay where they lie, in the arena. Workers learn of them by one list in shared memory,
 * and get their part of the work as a range between two entries.
 */
#include "stages/final.h"

#include <stdlib.h>

#include "base/code.h"
#include "error.h"
#include "plan/plan.h"
#include "stages/turn.h"

/* Slices per worker at least, so that writing the first overlaps with the making of the others. */
#define SLICES_PER_WORKER 8
#define SLICE_WORDS_MIN 4096
#define SLICE_WORDS_MAX 65536 /* more are sorted outside the cache */

/* Runs that are found, and words that are put into a sample, in a turn: some milliseconds, as each
 * touches a page or two that this process has not seen. */
#define RUNS_AT_ONCE 500
#define SAMPLES_AT_ONCE 500

int find_runs(struct found_runs *found, const struct plan *plan, const struct run_list *list,
              wm_error *error)
{
    size_t mapped = 0;
    if (!found->runs && !(found->runs = calloc(list->n + 1, sizeof *found->runs)))
        return error_memory(error);
    for (int i = 0; found->n < list->n; i++, found->n++) {
        if (i == RUNS_AT_ONCE)
            return TURN_AGAIN;
        const struct run *run = run_at(&plan->arena, list->items[found->n]);
        found->runs[found->n] = run;
        found->n_entries += run->n_entries;
        if (arena_holds_spilled(&plan->arena, run))
            arena_note_read(&plan->arena, &mapped, SPILL_MAPPED_AT_ONCE);
    }
    arena_forget(&plan->arena);
    return 0;
}

int final_take(struct final *final, struct plan *plan, struct run_list list, wm_error *error)
{
    free(final->list.items);
    final->list = list;
    free(final->runs);
    final->runs = NULL;
    final->n_runs = (uint32_t)list.n;
    return spill_store(&plan->spill, list.items, list.n * sizeof *list.items, &final->shared_list,
                       error);
}

int final_find(struct final *final, const struct plan *plan, wm_error *error)
{
    if (final->runs)
        return 0;
    int rc = find_runs(&final->found, plan, &final->list, error);
    if (rc != 0)
        return rc;
    final->runs = final->found.runs;
    final->n_words = final->found.n_entries;
    final->found = (struct found_runs){0};
    return 0;
}

static void top_release(struct final *final)
{
    if (final->top)
        nth_release(final->top);
    free(final->top);
    final->top = NULL;
}

int final_cut_top(struct final *final, const struct plan *plan, wm_error *error)
{
    uint64_t top = plan->options.top;
    int rc = 0;
    if (top == 0 || final->n_words <= top)
        return 0;
    if (!final->top) {
        final->top = calloc(1, sizeof *final->top);
        rc = final->top ? nth_begin(final->top, &plan->arena, plan->spec.order, final->runs,
                                    final->n_runs, top)
                        : CODE_NOMEM;
    }
    if (rc == 0)
        rc = nth_find(final->top, SAMPLES_AT_ONCE, &final->upper);
    if (rc != 0)
        return rc < 0 ? error_memory(error) : TURN_AGAIN;
    top_release(final);
    final->n_words = top;
    return 0;
}

int final_sample(struct bounds *bounds, wm_error *error)
{
    int rc = bounds_sample(bounds, SAMPLES_AT_ONCE);
    return rc < 0 ? error_memory(error) : rc == BOUNDS_MORE ? TURN_AGAIN : 0;
}

uint32_t final_choose_slices(const struct final *final, const struct plan *plan)
{
    uint64_t n = final->n_words / SLICE_WORDS_MIN + 1;
    uint64_t n_max = SLICES_PER_WORKER * plan->n_busy;
    if (n_max < final->n_words / SLICE_WORDS_MAX)
        n_max = final->n_words / SLICE_WORDS_MAX;
    return (uint32_t)(n < n_max ? n : n_max);
}

struct message_slice final_slice(const struct final *final, const struct plan *plan,
                                 const struct entry *lower, const struct entry *upper)
{
    const struct arena *arena = &plan->arena;
    return (struct message_slice){.runs = (uint64_t) final->shared_list.first * EXTENT_SIZE,
                                  .n_runs = final->n_runs,
                                  .lower = lower ? arena_place(arena, lower) : 0,
                                  .upper = upper ? arena_place(arena, upper) : 0};
}

struct message_sums final_sums(const struct plan *plan)
{
    const struct columns *columns = &plan->spec.columns;
    struct message_sums sums = {.n = columns->n_sums};
    wide_split(columns->sum, sums.all);
    if (columns->sums)
        sums.periods = arena_place(&plan->arena, columns->sums);
    return sums;
}

void final_release(struct final *final)
{
    top_release(final);
    free(final->list.items);
    free(final->runs);
    free(final->found.runs);
    free(final->cuts);
    free(final->starts);
    *final = (struct final){0};
}
