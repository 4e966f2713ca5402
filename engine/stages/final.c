/*
 * The runs stay where they lie, in the arena. Workers learn of them by one list in shared memory,
 * and get their part of the work as a range between two entries.
 */
#include "stages/final.h"

#include <stdlib.h>

#include "error.h"
#include "runs/gather.h"
#include "plan/plan.h"

/* Slices per worker at least, so that writing the first overlaps with the making of the others. */
#define SLICES_PER_WORKER 8
#define SLICE_WORDS_MIN 4096
#define SLICE_WORDS_MAX 65536 /* more are sorted outside the cache */

const struct run **runs_of(const struct plan *plan, const struct run_list *list,
                           uint64_t *n_entries)
{
    const struct run **runs = calloc(list->n + 1, sizeof *runs);
    size_t mapped = 0;
    *n_entries = 0;
    for (size_t i = 0; i < list->n && runs; i++) {
        runs[i] = run_at(&plan->arena, list->items[i]);
        *n_entries += runs[i]->n_entries;
        if (arena_holds_spilled(&plan->arena, runs[i]))
            arena_note_read(&plan->arena, &mapped, SPILL_MAPPED_AT_ONCE);
    }
    arena_forget(&plan->arena);
    return runs;
}

int final_take(struct final *final, struct plan *plan, struct run_list list, wm_error *error)
{
    free(final->list.items);
    final->list = list;
    free(final->runs);
    final->n_runs = (uint32_t)list.n;
    final->runs = runs_of(plan, &list, &final->n_words);
    if (!final->runs)
        return error_memory(error);
    return spill_store(&plan->spill, list.items, list.n * sizeof *list.items, &final->shared_list,
                       error);
}

int final_cut_top(struct final *final, const struct plan *plan, wm_error *error)
{
    uint64_t top = plan->options.top;
    if (top == 0 || final->n_words <= top)
        return 0;
    if (gather_nth(&plan->arena, plan->spec.order, final->runs, final->n_runs, top, &final->upper) <
        0)
        return error_memory(error);
    final->n_words = top;
    return 0;
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
    free(final->list.items);
    free(final->runs);
    free(final->cuts);
    free(final->starts);
    *final = (struct final){0};
}
