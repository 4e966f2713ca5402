/*
 * The totals are a cache of the records. Whoever takes the mutex after its owner died cannot know
 * how far that one came, so it adds the records up again and only then calls the mutex consistent.
 */
#include "shared/progress.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

#define PATIENCE 100000000 /* nanoseconds to wait for the mutex */

static struct progress_record *records(struct progress *progress)
{
    return (struct progress_record *)&progress->slots[progress->n_slots];
}

struct progress *progress_new(uint32_t n_slots, uint32_t n_records)
{
    size_t size = sizeof(struct progress) + n_slots * sizeof(struct progress_slot) +
                  n_records * sizeof(struct progress_record);
    struct progress *progress =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (progress == MAP_FAILED)
        return NULL;
    progress->size = size;
    progress->n_slots = n_slots;
    progress->n_records = n_records;
    for (uint32_t i = 0; i < n_slots; i++)
        atomic_init(&progress->slots[i].task, PROGRESS_NO_TASK);

    pthread_mutexattr_t attributes;
    int rc = pthread_mutexattr_init(&attributes);
    if (rc == 0) {
        rc = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        if (rc == 0)
            rc = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        if (rc == 0)
            rc = pthread_mutex_init(&progress->mutex, &attributes);
        pthread_mutexattr_destroy(&attributes);
    }
    if (rc != 0) {
        munmap(progress, size);
        return NULL;
    }
    return progress;
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    munmap(progress, progress->size);
}

static void add_records(struct progress *progress, uint64_t *tasks, uint64_t *lines,
                        uint64_t *bytes)
{
    const struct progress_record *record = records(progress);
    uint32_t n = atomic_load(&progress->n_touched);
    *tasks = *lines = *bytes = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!atomic_load_explicit(&record[i].counted, memory_order_acquire))
            continue;
        ++*tasks;
        *lines += atomic_load_explicit(&record[i].lines, memory_order_relaxed);
        *bytes += atomic_load_explicit(&record[i].bytes, memory_order_relaxed);
    }
}

static void repair(struct progress *progress)
{
    uint64_t tasks, lines, bytes;
    add_records(progress, &tasks, &lines, &bytes);
    atomic_store(&progress->totals.tasks, tasks);
    atomic_store(&progress->totals.lines, lines);
    atomic_store(&progress->totals.bytes, bytes);
}

/* 0, or an errno: the mutex is not the caller's. */
static int lock(struct progress *progress)
{
    int rc = pthread_mutex_trylock(&progress->mutex);
    if (rc == EBUSY && !atomic_load(&progress->missing)) {
        struct timespec end;
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_nsec += PATIENCE;
        end.tv_sec += end.tv_nsec / 1000000000;
        end.tv_nsec %= 1000000000;
        rc = pthread_mutex_timedlock(&progress->mutex, &end);
    }
    if (rc != 0 && rc != EOWNERDEAD)
        return rc;
    if (atomic_exchange(&progress->missing, 0) || rc == EOWNERDEAD)
        repair(progress);
    if (rc == EOWNERDEAD) {
        atomic_fetch_add(&progress->n_repairs, 1);
        pthread_mutex_consistent(&progress->mutex);
    }
    return 0;
}

/* 1, or 0: the task was counted before. Another attempt at it may be counted at the same time. */
static int slot_note(struct progress *progress, uint32_t task, uint64_t lines, uint64_t bytes)
{
    struct progress_record *record = &records(progress)[task];
    if (atomic_load_explicit(&record->counted, memory_order_relaxed))
        return 0;
    uint32_t n = atomic_load(&progress->n_touched);
    while (n <= task && !atomic_compare_exchange_weak(&progress->n_touched, &n, task + 1))
        continue;
    atomic_store_explicit(&record->lines, lines, memory_order_relaxed);
    atomic_store_explicit(&record->bytes, bytes, memory_order_relaxed);
    atomic_store_explicit(&record->counted, 1, memory_order_release);
    return 1;
}

void progress_count(struct progress *progress, uint32_t task, uint64_t lines, uint64_t bytes)
{
    if (task >= progress->n_records)
        return;
    if (lock(progress) != 0) {
        slot_note(progress, task, lines, bytes);
        atomic_store(&progress->missing, 1);
        return;
    }
    if (slot_note(progress, task, lines, bytes)) {
        fault_point(&progress->faults, "mutex");
        atomic_fetch_add(&progress->totals.tasks, 1);
        atomic_fetch_add(&progress->totals.lines, lines);
        atomic_fetch_add(&progress->totals.bytes, bytes);
    }
    pthread_mutex_unlock(&progress->mutex);
}

void progress_read(struct progress *progress, uint64_t *tasks, uint64_t *lines, uint64_t *bytes)
{
    if (atomic_load(&progress->missing)) {
        add_records(progress, tasks, lines, bytes);
        return;
    }
    *tasks = atomic_load(&progress->totals.tasks);
    *lines = atomic_load(&progress->totals.lines);
    *bytes = atomic_load(&progress->totals.bytes);
}

void progress_begin(struct progress_slot *slot, uint32_t task)
{
    atomic_store_explicit(&slot->offset, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->record, PROGRESS_NO_RECORD, memory_order_relaxed);
    atomic_store_explicit(&slot->task, task, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->attempts, 1, memory_order_relaxed);
}

void progress_end(struct progress_slot *slot)
{
    atomic_store_explicit(&slot->task, PROGRESS_NO_TASK, memory_order_relaxed);
}

int progress_moved(const struct progress_slot *slot, struct progress_mark *mark)
{
    const struct progress_mark now = {.attempts = atomic_load(&slot->attempts),
                                      .offset = atomic_load(&slot->offset),
                                      .record = atomic_load(&slot->record)};
    int moved =
        now.attempts != mark->attempts || now.offset != mark->offset || now.record != mark->record;
    *mark = now;
    return moved;
}
