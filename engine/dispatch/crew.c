/*
 * The schedule decides which task a worker is at, and the pool carries the messages. Here is what
 * joins them, the hand of each worker. A worker may only write where it was granted room: a run
 * that lies elsewhere, or belongs to another task, ends it.
 */
#include "dispatch/crew.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/wide.h"
#include "context/context.h"
#include "error.h"

int crew_init(struct crew *crew, uint32_t n_workers)
{
    crew->n_workers = n_workers;
    crew->hands = calloc(n_workers + 1, sizeof *crew->hands);
    if (!crew->hands || schedule_init(&crew->schedule, n_workers + 1) < 0)
        return error_memory(crew->error);
    return 0;
}

void crew_release(struct crew *crew)
{
    pool_release(&crew->pool);
    schedule_release(&crew->schedule);
    for (uint32_t i = 0; i < crew->n_workers && crew->hands; i++)
        free(crew->hands[i].runs);
    free(crew->hands);
    crew->hands = NULL;
}

int crew_begin(struct crew *crew, uint32_t n_tasks)
{
    schedule_reset(&crew->schedule);
    crew->reserve = 8;
    crew->plan->spill.next_forecast = 0;
    for (uint32_t i = 0; i < crew->n_workers; i++)
        crew->hands[i].has_backup = 0;
    return crew_add(crew, n_tasks);
}

int crew_add(struct crew *crew, uint32_t n_tasks)
{
    return schedule_add(&crew->schedule, n_tasks) < 0 ? error_memory(crew->error) : 0;
}

void crew_close(struct crew *crew)
{
    schedule_close(&crew->schedule);
}

int crew_is_finished(const struct crew *crew)
{
    return schedule_finished(&crew->schedule);
}

int crew_is_there(const struct crew *crew, uint32_t worker)
{
    return pool_has(&crew->pool, worker) && !crew->hands[worker].dismissed;
}

void crew_send(struct crew *crew, uint32_t worker, enum message_type type, const void *data,
               size_t size, const void *more, size_t more_size)
{
    pool_send(&crew->pool, worker, type, data, size, more, more_size);
}

static int same_range(struct extent_range a, struct extent_range b)
{
    return a.first == b.first && a.count == b.count;
}

/*
 * What a run leaves of its grant is given back. In the spill file it stays the worker's if the next
 * run can go there. Runs may be much smaller than grants, and what each leaves would be a hole.
 */
static void split_grant(const struct crew *crew, struct extent_range *grant,
                        struct message_run *run)
{
    const struct job_spec *spec = &crew->plan->spec;
    struct extent_range whole = *grant;
    size_t least = context_spill_grant_size(spec) / 8;
    if (least < context_grant_size(spec))
        least = context_grant_size(spec);
    grant->count = 0;
    if (arena_is_spilled(&crew->plan->arena, whole.first)) {
        uint32_t used = (uint32_t)((run->size + EXTENT_SIZE - 1) / EXTENT_SIZE);
        struct extent_range rest = {whole.first + used, whole.count - used};
        if (extents_size(rest) >= least) {
            *grant = rest;
            run->extents.count = used;
        }
    }
    arena_trim(&crew->plan->arena, &run->extents, run->size);
}

int crew_take_run(struct crew *crew, uint32_t worker, const struct message_run *message)
{
    struct hand *hand = &crew->hands[worker];
    if (message->task != schedule_running(&crew->schedule, worker) || message->size == 0)
        return POOL_NONSENSE;
    if (hand->grant.count == 0 || !same_range(message->extents, hand->grant) ||
        message->size > extents_size(message->extents))
        return POOL_NONSENSE;
    struct message_run *runs =
        grow(hand->runs, &hand->capacity, (size_t)hand->n_runs + 1, sizeof *runs);
    if (!runs)
        return error_memory(crew->error);
    hand->runs = runs;
    struct message_run run = *message;
    split_grant(crew, &hand->grant, &run);
    runs[hand->n_runs++] = run;
    return 0;
}

void crew_discard(struct crew *crew, struct hand *hand)
{
    for (uint32_t i = 0; i < hand->n_runs; i++)
        arena_give(&crew->plan->arena, hand->runs[i].extents);
    hand->n_runs = 0;
}

int crew_commit(struct crew *crew, struct hand *hand, const struct message_done *done)
{
    for (uint32_t i = 0; i < hand->n_runs; i++) {
        if (!arena_is_spilled(&crew->plan->arena, hand->runs[i].extents.first))
            continue;
        crew->stats->spilled_runs++;
        crew->stats->spilled_bytes += hand->runs[i].size;
    }
    int rc = crew->work->commit ? crew->work->commit(crew->flow, hand, done) : 0;
    hand->n_runs = 0;
    return rc;
}

void crew_settle(struct crew *crew, uint32_t task)
{
    if (crew->work->settle)
        crew->work->settle(crew->flow, task);
}

void crew_settle_or_dismiss(struct crew *crew, uint32_t task)
{
    uint32_t other = schedule_holder(&crew->schedule, task);
    if (other == SCHEDULE_NONE) {
        crew_settle(crew, task);
        return;
    }
    crew->hands[other].dismissed = 1;
    pool_dismiss(&crew->pool, other);
}

void crew_count(const struct crew *crew, wm_stats *stats)
{
    const struct pool *pool = &crew->pool;
    stats->messages = pool->n_messages;
    stats->message_bytes = pool->message_bytes;
    stats->workers_started = pool->n_started;
    stats->refused_call = pool->refused.call;
    stats->refused_errno = (uint64_t)pool->refused.error;
    if (pool->refused.call && pool->n_started == 0)
        stats->warnings |= WM_WARN_ONE_PROCESS;
    stats->forks = pool->n_forks;
    stats->deaths = pool->n_deaths;
    for (uint32_t i = 0; i < crew->n_workers; i++) {
        const struct progress_slot *slot = &crew->plan->spec.progress->slots[i];
        uint64_t peak_rss = atomic_load(&slot->peak_rss);
        if (peak_rss > stats->peak_rss)
            stats->peak_rss = peak_rss;
        uint32_t probe = atomic_load(&slot->longest_probe);
        if (probe > stats->longest_probe)
            stats->longest_probe = probe;
    }
}
