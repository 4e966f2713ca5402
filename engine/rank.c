/*
 * Between the last round and the output, if ranks are asked for. The final runs are sorted by count
 * then, and cut into slices in that order. The coordinator adds up what stands before each slice,
 * so a task can give the words of its slice their ranks; it writes them as new runs, sorted as the
 * result is to be, which take the place of the final ones.
 */
#include <stdlib.h>

#include "error.h"
#include "job.h"

/* As many as the extents of fit a message. */
#define RUNS_MAX ((MESSAGE_SIZE_MAX - sizeof(struct message_order)) / sizeof(struct extent_range))

/* Adds the words and counts of a slice to those before it, which are those before the next. */
static void weigh(const struct wm_job *job, struct rank_slice *slice)
{
    struct rank_slice *next = slice + 1;
    size_t mapped = 0;
    next->words = slice->words;
    next->sum = slice->sum;
    for (uint32_t i = 0; i < job->n_final; i++) {
        const struct run *run = job->final[i];
        const struct entry *entry, *end;
        run_partition(run, run->first, &entry, &end);
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
        rc = merge_bounds(&job->arena, ORDER_COUNT, job->final, job->n_final, NULL, n_slices,
                          bounds);
    for (uint32_t i = 1; i < n_slices && rc == 0; i++)
        ranking->slices[i].lower = bounds[i - 1];
    free(bounds);
    if (rc < 0)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n_slices; i++)
        weigh(job, &ranking->slices[i]);
    for (uint32_t i = 0; i < job->n_final; i++)
        job->spec.columns.sum += wide_of(job->final[i]->sum);
    return 0;
}

void rank_task(const struct wm_job *job, uint32_t task, struct message_rank *message)
{
    const struct rank_slice *slice = &job->ranking.slices[task];
    *message = (struct message_rank){.task = task,
                                     .n_runs = job->n_final,
                                     .lower = job_place(job, slice->lower),
                                     .upper = job_place(job, slice[1].lower),
                                     .words = slice->words};
    wide_split(slice->sum, message->sum);
    wide_split(job->spec.columns.sum, message->total);
}

int rank_end(struct wm_job *job)
{
    struct run_list *ranked = &job->ranking.runs, *final = &job->round.out;
    if (ranked->n > RUNS_MAX)
        return error_set(&job->error, WM_ELIMIT,
                         "too many words to rank in this memory: raise it "
                         "with --memory");
    for (size_t i = 0; i < final->n; i++)
        arena_give(&job->arena, final->items[i]);
    free(final->items);
    *final = *ranked;
    *ranked = (struct run_list){0};
    return 0;
}

void rank_release(struct ranking *ranking)
{
    free(ranking->slices);
    free(ranking->runs.items);
    *ranking = (struct ranking){0};
}
