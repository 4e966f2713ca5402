/*
 * Between the last round and the output, if ranks are asked for. The final runs are sorted by count
 * then, and cut into slices in that order. The coordinator adds up what stands before each slice,
 * so a task can give the words of its slice their ranks; it writes them as new runs, sorted as the
 * result is to be, which take the place of the final ones.
 */
#include <stdlib.h>

#include "base/wide.h"
#include "error.h"
#include "job/job.h"
#include "runs/gather.h"
#include "words/entry.h"

/* Adds the words and counts of a slice to those before it, which are those before the next. */
static void weigh(const struct wm_job *job, struct rank_slice *slice)
{
    struct rank_slice *next = slice + 1;
    size_t mapped = 0;
    next->words = slice->words;
    next->sum = slice->sum;
    for (uint32_t i = 0; i < job->n_final; i++) {
        const struct run *run = job->final[i];
        const struct entry *entry = run_first(run), *end = run_end(run);
        if (slice->lower)
            entry = run_lower_bound(run, ORDER_COUNT, slice->lower);
        if (next->lower)
            end = run_lower_bound(run, ORDER_COUNT, next->lower);
        for (; entry < end; entry = entry_next(entry)) {
            next->words++;
            next->sum += entry->count;
        }
        if (arena_holds_spilled(&job->arena, run))
            arena_note_read(&job->arena, &mapped, run->size);
    }
}

int rank_begin(struct wm_job *job, uint32_t n_slices)
{
    struct ranking *ranking = &job->ranking;
    const struct entry **bounds = calloc(n_slices, sizeof *bounds);
    ranking->slices = calloc(n_slices + 1, sizeof *ranking->slices);
    int rc = bounds && ranking->slices ? 0 : WM_ENOMEM;
    if (rc == 0)
        rc = gather_bounds(&job->arena, ORDER_COUNT, job->final, job->n_final, NULL, n_slices,
                           bounds);
    for (uint32_t i = 1; i < n_slices && rc == 0; i++)
        ranking->slices[i].lower = bounds[i - 1];
    free(bounds);
    if (rc < 0)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n_slices; i++)
        weigh(job, &ranking->slices[i]);
    return 0;
}

void rank_task(const struct wm_job *job, uint32_t task, struct message_rank *message)
{
    const struct rank_slice *slice = &job->ranking.slices[task];
    *message = (struct message_rank){.task = task, .words = slice->words};
    message->slice = job_slice(job, slice->lower, slice[1].lower);
    wide_split(slice->sum, message->sum);
    wide_split(job->spec.columns.sum, message->total);
}

int rank_end(struct wm_job *job)
{
    struct run_list ranked = job->ranking.runs;
    job->ranking.runs = (struct run_list){0};
    for (size_t i = 0; i < job->final_runs.n; i++)
        arena_give(&job->arena, job->final_runs.items[i]);
    arena_give(&job->arena, job->lists_extents);
    free(job->final_starts);
    job->final_starts = NULL;
    return reduce_take_final(job, ranked);
}

void rank_release(struct ranking *ranking)
{
    free(ranking->slices);
    free(ranking->runs.items);
    *ranking = (struct ranking){0};
}
