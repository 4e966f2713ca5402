/* Runs are never written to, so words with their places are copies, in runs of their own. */
#include "tasks/rank.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/wide.h"
#include "runs/write.h"
#include "shared/fault.h"
#include "words/entry.h"
#include "words/period.h"

/* Copies of entries, with places for hashes, until they fill a run. */
struct ranked {
    struct gather gather; /* what is to be sorted */
    char *entries;
    size_t size;
    char *scratch; /* the pick's */
};

/* What stands down to a word among those that it is ranked among. */
struct place {
    uint64_t period;
    uint64_t rank;
    uint64_t kept;
    wide sum_here;
    wide sum; /* of all of them */
};

static int write_ranked(struct context *context, uint32_t task, struct ranked *ranked)
{
    struct gather *gather = &ranked->gather;
    order_sort(context->spec->order, gather->items, gather->items + gather->capacity, gather->n);
    int rc = write_runs(context, task, gather->items, gather->n);
    gather->n = ranked->size = 0;
    return rc;
}

static void ranked_add(struct ranked *ranked, enum order order, const struct entry *entry,
                       uint64_t standing)
{
    size_t stride = entry_bytes(entry);
    struct entry *copy = memcpy(ranked->entries + ranked->size, entry, stride);
    copy->hash = standing;
    ranked->gather.items[ranked->gather.n++] = (struct order_item){order_key(order, copy), copy};
    ranked->size += stride;
}

/* The place before the first word of the slice. */
static struct place first_place(const struct message_rank *message, const struct columns *columns,
                                const struct entry *entry)
{
    return (struct place){.period = columns->sums ? period_of(entry) : 0,
                          .rank = message->words,
                          .kept = message->kept,
                          .sum_here = wide_of(message->sum),
                          .sum = columns_sum(columns, entry)};
}

/* Goes on to the next word. 1: it is kept. */
static int take_place(struct place *place, const struct job_spec *spec,
                      const struct columns *columns, char *scratch, const struct entry *entry)
{
    uint64_t period = columns->sums ? period_of(entry) : 0;
    if (period != place->period)
        *place = (struct place){.period = period, .sum = columns_sum(columns, entry)};
    place->rank++;
    place->sum_here += entry->count;
    if (spec->pick && !pick_has(spec->pick, scratch, entry))
        return 0;
    return ++place->kept <= spec->top_per;
}

static int rank(struct context *context, const struct gather *gather,
                const struct message_rank *message, struct ranked *ranked)
{
    const struct job_spec *spec = context->spec;
    struct columns columns;
    struct place place = {0};
    if (context_columns(context, &message->sums, &columns) < 0)
        return CODE_NOMEM;
    for (size_t i = 0; i < gather->n; i++) {
        const struct entry *entry = gather->items[i].entry;
        if (i == 0)
            place = first_place(message, &columns, entry);
        if (!take_place(&place, spec, &columns, ranked->scratch, entry))
            continue;
        if (ranked->size + entry_bytes(entry) > spec->table_size) {
            int rc = write_ranked(context, message->task, ranked);
            if (rc < 0)
                return rc;
        }
        ranked_add(ranked, spec->order, entry, standing_of(place.rank, place.sum_here, place.sum));
    }
    return write_ranked(context, message->task, ranked);
}

int task_rank(struct context *context, struct gather *gather, const struct message_rank *message)
{
    const struct job_spec *spec = context->spec;
    struct ranked ranked = {.entries = malloc(spec->table_size + SCAN_PADDING),
                            .scratch = spec->pick ? malloc(PICK_SCRATCH_SIZE) : NULL};
    int rc = gather_slice(gather, spec->rank_order, &message->slice);
    fault_point(&spec->progress->faults, "rank");
    if (rc == 0 && (!ranked.entries || (spec->pick && !ranked.scratch) ||
                    gather_reserve(&ranked.gather, gather->n) < 0))
        rc = CODE_NOMEM;
    if (rc == 0)
        rc = rank(context, gather, message, &ranked);
    gather_release(&ranked.gather);
    free(ranked.entries);
    free(ranked.scratch);
    return rc;
}
