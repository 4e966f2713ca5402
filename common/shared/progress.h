/*
 * The shared control region: how far the job is, told by the workers themselves. A finished map
 * task is recorded once under a robust process-shared mutex, however often it ran. A slot per
 * worker, on a cache line of its own, says what that worker does now. When a worker dies holding
 * the mutex, the next one rebuilds the totals from the records.
 *
 *     | struct progress: mutex, totals | slot 0 | slot 1 | ... | record 0 | record 1 | ...
 *
 * A record's lines and bytes are written before its `counted`, so a record is whole or absent.
 * Nobody waits long for the mutex, whose owner may have been stopped: a record is then left without
 * it, and the totals are marked as missing some.
 */
#ifndef COMMON_SHARED_PROGRESS_H
#define COMMON_SHARED_PROGRESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/years.h"
#include "shared/fault.h"

#define PROGRESS_NO_TASK UINT32_MAX
#define PROGRESS_NO_RECORD UINT64_MAX

struct progress_totals {
    _Atomic uint64_t tasks;
    _Atomic uint64_t lines;
    _Atomic uint64_t bytes;
};

struct progress_slot {
    _Alignas(64) _Atomic uint32_t task; /* PROGRESS_NO_TASK: idle */
    _Atomic uint32_t attempts;          /* tasks begun: tells a restart from a standstill */
    _Atomic uint64_t offset;            /* bytes of its map task that are done; of another task
                                           it grows as that gets on */
    _Atomic uint64_t record;            /* its offset in the input, while the caller's map
                                           function has it, or PROGRESS_NO_RECORD */
    _Atomic uint64_t peak_rss;          /* bytes that one of its processes took, the most */
    _Atomic uint32_t longest_probe;     /* of their tables */
    _Atomic uint32_t tokens;            /* a set of what words were, as tag.h has it, if asked */
    _Atomic int32_t refusal;            /* what the caller's worker_init returned if not 0 */
};

struct progress_record {
    _Atomic uint64_t lines;
    _Atomic uint64_t bytes;
    _Atomic uint32_t counted;
};

struct progress {
    pthread_mutex_t mutex;
    struct progress_totals totals;
    _Atomic uint32_t n_repairs; /* how often the mutex' owner had died */
    struct faults faults;
    _Atomic uint32_t n_touched; /* no record from here on was ever counted */
    _Atomic uint32_t missing;   /* the totals do not have all records */
    struct years years;         /* of lines that count, if somebody wants to know */
    uint32_t n_slots;
    uint32_t n_records;
    size_t size;
    struct progress_slot slots[];
};

/* Maps a region for n_slots workers and n_records tasks; NULL if the system refuses. */
struct progress *progress_new(uint32_t n_slots, uint32_t n_records);
void progress_free(struct progress *progress);

/*
 * Counts a map task, unless it was counted before or its number is not below n_records. Blocks for
 * a tenth of a second at most, and not at all if somebody has waited in vain.
 */
void progress_count(struct progress *progress, uint32_t task, uint64_t lines, uint64_t bytes);

/* Totals so far; never blocks, and may lag behind by the tasks being counted. */
void progress_read(struct progress *progress, uint64_t *tasks, uint64_t *lines, uint64_t *bytes);

void progress_begin(struct progress_slot *slot, uint32_t task);
void progress_end(struct progress_slot *slot);

/* A task that is not a map task got on. */
static inline void progress_step(struct progress_slot *slot)
{
    uint64_t offset = atomic_load_explicit(&slot->offset, memory_order_relaxed);
    atomic_store_explicit(&slot->offset, offset + 1, memory_order_relaxed);
}

/* Where a worker was seen. */
struct progress_mark {
    uint32_t attempts;
    uint64_t offset;
    uint64_t record;
};

/* Whether it is elsewhere now; updates the mark. */
int progress_moved(const struct progress_slot *slot, struct progress_mark *mark);

#endif
