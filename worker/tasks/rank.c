/*
 * The task before the output, if ranks are asked for: the words of one slice, in the order of their
 * counts, get their standings, and go to new runs that are sorted as the result is to be.
 */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/wide.h"
#include "shared/fault.h"
#include "words/entry.h"
#include "worker.h"

/* Copies of entries, with standings for hashes, until they fill a run. */
struct ranked {
    struct gather gather; /* what is to be sorted */
    char *entries;
    size_t size;
};

static int write_ranked(struct worker *worker, uint32_t task, struct ranked *ranked)
{
    struct gather *gather = &ranked->gather;
    order_sort(worker->spec->order, gather->items, gather->items + gather->capacity, gather->n);
    int rc = worker_write_runs(worker, task, gather->items, gather->n);
    gather->n = ranked->size = 0;
    return rc;
}

static void add(struct ranked *ranked, enum order order, const struct entry *entry,
                uint64_t standing)
{
    size_t stride = entry_stride(entry->size);
    struct entry *copy = memcpy(ranked->entries + ranked->size, entry, stride);
    copy->hash = standing;
    ranked->gather.items[ranked->gather.n++] = (struct order_item){order_key(order, copy), copy};
    ranked->size += stride;
}

static int rank(struct worker *worker, const struct message_rank *message, struct ranked *ranked)
{
    const struct job_spec *spec = worker->spec;
    const struct columns columns = {.sum = wide_of(message->total)};
    uint64_t rank = message->words;
    wide sum = wide_of(message->sum);
    for (size_t i = 0; i < worker->gather.n; i++) {
        const struct entry *entry = worker->gather.items[i].entry;
        if (ranked->size + entry_stride(entry->size) > spec->table_size) {
            int rc = write_ranked(worker, message->task, ranked);
            if (rc < 0)
                return rc;
        }
        sum += entry->count;
        add(ranked, spec->order, entry, standing_of(&columns, ++rank, sum));
    }
    return write_ranked(worker, message->task, ranked);
}

int worker_rank(struct worker *worker, const struct message_rank *message)
{
    struct ranked ranked = {.entries = malloc(worker->spec->table_size + SCAN_PADDING)};
    int rc = worker_gather(worker, ORDER_COUNT, &message->slice);
    fault_point(&worker->spec->progress->faults, "rank");
    if (rc == 0 && (!ranked.entries || gather_reserve(&ranked.gather, worker->gather.n) < 0))
        rc = worker_fail(worker, CODE_NOMEM, NULL, 0);
    if (rc == 0)
        rc = rank(worker, message, &ranked);
    gather_release(&ranked.gather);
    free(ranked.entries);
    return rc;
}
