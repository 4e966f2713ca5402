/* Runs are never written to, so words with their places are copies, in runs of their own. */
#include "tasks/rank.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/wide.h"
#include "runs/write.h"
#include "shared/fault.h"
#include "words/entry.h"

/* Copies of entries, with places for hashes, until they fill a run. */
struct ranked {
    struct gather gather; /* what is to be sorted */
    char *entries;
    size_t size;
    char *scratch; /* the pick's */
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
    size_t stride = entry_stride(entry->size);
    struct entry *copy = memcpy(ranked->entries + ranked->size, entry, stride);
    copy->hash = standing;
    ranked->gather.items[ranked->gather.n++] = (struct order_item){order_key(order, copy), copy};
    ranked->size += stride;
}

static int rank(struct context *context, const struct gather *gather,
                const struct message_rank *message, struct ranked *ranked)
{
    const struct job_spec *spec = context->spec;
    const struct columns columns = {.sum = wide_of(message->total)};
    uint64_t rank = message->words;
    wide sum = wide_of(message->sum);
    for (size_t i = 0; i < gather->n; i++) {
        const struct entry *entry = gather->items[i].entry;
        sum += entry->count;
        rank++;
        if (spec->pick && !pick_has(spec->pick, ranked->scratch, entry))
            continue;
        if (ranked->size + entry_stride(entry->size) > spec->table_size) {
            int rc = write_ranked(context, message->task, ranked);
            if (rc < 0)
                return rc;
        }
        ranked_add(ranked, spec->order, entry, standing_of(&columns, rank, sum));
    }
    return write_ranked(context, message->task, ranked);
}

int task_rank(struct context *context, struct gather *gather, const struct message_rank *message)
{
    struct ranked ranked = {.entries = malloc(context->spec->table_size + SCAN_PADDING),
                            .scratch = context->spec->pick ? malloc(PICK_SCRATCH_SIZE) : NULL};
    int rc = gather_slice(gather, ORDER_COUNT, &message->slice);
    fault_point(&context->spec->progress->faults, "rank");
    if (rc == 0 && (!ranked.entries || (context->spec->pick && !ranked.scratch) ||
                    gather_reserve(&ranked.gather, gather->n) < 0))
        rc = CODE_NOMEM;
    if (rc == 0)
        rc = rank(context, gather, message, &ranked);
    gather_release(&ranked.gather);
    free(ranked.entries);
    free(ranked.scratch);
    return rc;
}
