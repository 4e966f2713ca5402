/*
 * From the runs of the map to the final ones: chooses how the words are cut into slices, once for
 * all rounds, and opens one round after the other. What workers have to read for that, bounds of
 * slices and lists of runs, is put where they can see it.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "job/job.h"
#include "runs/gather.h"
#include "words/entry.h"

/* So that no worker waits long for another's last task. */
#define TASKS_PER_WORKER 8
/* Entries in a slice. More than the upper number are sorted outside the cache; but pieces of a
 * spilled run should not be small. */
#define SLICE_ENTRIES_MIN 4096
#define SLICE_ENTRIES_MAX 32768
#define SLICE_ENTRIES_SPILLED 262144
/* Entries of a slice in each run that a task has: to find where they begin takes as long as to sort
 * some. */
#define SPAN_ENTRIES_MIN 192

static uint32_t power_of_2(uint64_t n)
{
    uint32_t power = 1;
    while (power < n && power < UINT32_C(1) << FILTER_HASH_BITS)
        power *= 2;
    return power;
}

static uint32_t choose_slices(const struct wm_job *job, uint64_t n_entries, size_t n_runs)
{
    uint64_t most = job->stats.spilled_runs > 0 ? SLICE_ENTRIES_SPILLED : SLICE_ENTRIES_MAX;
    size_t n_inputs = n_runs < job->fan_in ? n_runs : job->fan_in;
    if (most < SPAN_ENTRIES_MIN * n_inputs)
        most = SPAN_ENTRIES_MIN * n_inputs;
    uint64_t n = n_entries / SLICE_ENTRIES_MIN;
    if (n > TASKS_PER_WORKER * job->n_busy)
        n = TASKS_PER_WORKER * job->n_busy;
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

/* Puts the bounds, which lie in runs that will be given back, in a place of their own. */
static int keep_bounds(struct wm_job *job, uint32_t n)
{
    size_t at = 8, size = at; /* place 0 would be none */
    for (uint32_t i = 0; i < n; i++)
        size += entry_stride(job->cuts[i]->size);
    char *copies = calloc(1, size);
    if (!copies)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n; i++) {
        memcpy(copies + at, job->cuts[i], entry_stride(job->cuts[i]->size));
        at += entry_stride(job->cuts[i]->size);
    }
    int rc = spill_store(job, copies, size, &job->cuts_extents);
    const unsigned char *kept = arena_at(&job->arena, job->cuts_extents.first) + 8;
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        job->cuts[i] = (const struct entry *)(const void *)kept;
        kept += entry_stride(job->cuts[i]->size);
    }
    free(copies);
    return rc;
}

static int choose_bounds(struct wm_job *job, const struct run *const *runs, size_t n_runs)
{
    uint32_t n = job->plan.n_slices - 1;
    struct entry *hashes = calloc(n + 1, sizeof *hashes);
    job->cuts = calloc(n + 1, sizeof *job->cuts);
    int rc = hashes && job->cuts ? 0 : WM_ENOMEM;
    if (rc == 0 && job->spec.run_order == ORDER_WORD) {
        rc = gather_bounds(&job->arena, ORDER_WORD, runs, n_runs, NULL, n + 1, job->cuts);
    } else if (rc == 0) {
        cut_hashes(hashes, n + 1);
        for (uint32_t i = 0; i < n; i++)
            job->cuts[i] = &hashes[i];
    }
    rc = rc < 0 ? error_memory(&job->error) : keep_bounds(job, n);
    free(hashes);
    return rc;
}

/* Where the runs are, and how many entries all have; NULL: no memory. */
static const struct run **find_runs(const struct wm_job *job, const struct run_list *list,
                                    uint64_t *n_entries)
{
    const struct run **runs = calloc(list->n + 1, sizeof *runs);
    size_t mapped = 0;
    *n_entries = 0;
    for (size_t i = 0; i < list->n && runs; i++) {
        runs[i] = run_at(&job->arena, list->items[i]);
        *n_entries += runs[i]->n_entries;
        if (arena_holds_spilled(&job->arena, runs[i]))
            arena_note_read(&job->arena, &mapped, SPILL_MAPPED_AT_ONCE);
    }
    arena_forget(&job->arena);
    return runs;
}

static int make_plan(struct wm_job *job)
{
    size_t n_runs = job->runs.n;
    uint64_t n_entries;
    const struct run **runs = find_runs(job, &job->runs, &n_entries);
    if (!runs)
        return error_memory(&job->error);
    job->plan = (struct round_plan){.fan_in = job->fan_in,
                                    .n_slices = choose_slices(job, n_entries, n_runs),
                                    .n_tasks = TASKS_PER_WORKER * job->n_busy};
    int rc = choose_bounds(job, runs, n_runs);
    free(runs);
    return rc;
}

/* Puts the lists of runs that tasks will read one after the other. */
static int store_lists(struct wm_job *job)
{
    const struct round *round = &job->round;
    uint32_t n_lists = round->n_groups * round->in_slices;
    struct run_list all = {0};
    int rc = 0;
    job->list_starts = calloc(n_lists, sizeof *job->list_starts);
    if (!job->list_starts)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n_lists && rc == 0; i++) {
        const struct run_list *list = &round->in[i];
        job->list_starts[i] = all.n;
        rc = run_list_add_all(&all, list->items, list->n);
    }
    rc = rc < 0 ? error_memory(&job->error)
                : spill_store(job, all.items, all.n * sizeof *all.items, &job->lists_extents);
    free(all.items);
    return rc;
}

static void drop_lists(struct wm_job *job)
{
    free(job->list_starts);
    job->list_starts = NULL;
    arena_give(&job->arena, job->lists_extents);
    job->lists_extents.count = 0;
}

/* n_runs: how many the round begins with. */
static int open_round(struct wm_job *job, size_t n_runs)
{
    uint32_t widest = (uint32_t)((n_runs + job->round.n_groups - 1) / job->round.n_groups);
    if (widest > job->stats.fan_in)
        job->stats.fan_in = widest;
    job->round_bytes = job->next_forecast = 0;
    job->stats.rounds++;
    return store_lists(job);
}

int reduce_begin(struct wm_job *job)
{
    int rc = make_plan(job);
    if (rc == 0 && round_init(&job->round, &job->plan, &job->runs) < 0)
        rc = error_memory(&job->error);
    if (rc == 0)
        rc = open_round(job, job->runs.n);
    free(job->runs.items);
    job->runs = (struct run_list){0};
    return rc;
}

int reduce_next(struct wm_job *job)
{
    struct round next;
    uint32_t n_runs = job->round.n_groups;
    drop_lists(job);
    if (round_next(&next, &job->plan, &job->round) < 0)
        return error_memory(&job->error);
    round_release(&job->round);
    job->round = next;
    return open_round(job, n_runs);
}

void reduce_task(const struct wm_job *job, uint32_t task, struct message_reduce *message)
{
    const struct round *round = &job->round;
    uint32_t list = round_input(round, task), slice = task % round->n_slices;
    uint32_t width = job->plan.n_slices / round->n_slices;
    const struct entry *lower = slice > 0 ? job->cuts[slice * width - 1] : NULL;
    const struct entry *upper =
        slice + 1 < round->n_slices ? job->cuts[(slice + 1) * width - 1] : NULL;
    *message = (struct message_reduce){.task = task,
                                       .kind = round->n_groups > 1 ? REDUCE_ROUND
                                               : job->is_direct    ? REDUCE_TEXT
                                                                   : REDUCE_FINAL,
                                       .slice = job_slice(job, lower, upper)};
    message->slice.runs += job->list_starts[list] * sizeof(struct extent_range);
    message->slice.n_runs = round->in[list].n;
}

/* Where the final runs of each slice start among all of them. */
static int note_starts(struct wm_job *job)
{
    const struct round *round = &job->round;
    if (job->spec.run_order != ORDER_WORD)
        return 0;
    job->final_starts = calloc(round->n_slices + 1, sizeof *job->final_starts);
    if (!job->final_starts)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < round->n_slices; i++)
        job->final_starts[i + 1] = job->final_starts[i] + (uint32_t)round->out[i].n;
    return 0;
}

int reduce_end(struct wm_job *job)
{
    const struct round *round = &job->round;
    struct run_list all = {0};
    int rc = 0;
    if (job->lists_extents.count > 0)
        drop_lists(job);
    for (uint32_t i = 0; i < round->n_slices && rc == 0; i++)
        rc = run_list_add_all(&all, round->out[i].items, round->out[i].n);
    if (rc == 0)
        rc = note_starts(job);
    if (rc < 0) {
        free(all.items);
        return error_memory(&job->error);
    }
    return reduce_take_final(job, all);
}

int reduce_take_final(struct wm_job *job, struct run_list runs)
{
    free(job->final_runs.items);
    job->final_runs = runs;
    free(job->final);
    job->n_final = (uint32_t)runs.n;
    job->final = find_runs(job, &runs, &job->n_words);
    if (!job->final)
        return error_memory(&job->error);
    return spill_store(job, runs.items, runs.n * sizeof *runs.items, &job->lists_extents);
}

void reduce_release(struct wm_job *job)
{
    round_release(&job->round);
    free(job->runs.items);
    free(job->cuts);
    free(job->list_starts);
    free(job->final);
    free(job->final_runs.items);
    free(job->final_starts);
}
