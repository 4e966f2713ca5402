/*
 * The totals are a cache of the records. Whoever takes the mutex after its owner died cannot know
 * how far that one came, so it adds the records up again and only then calls the mutex consistent.
 */
#include "progress.h"

#include <errno.h>
#include <sys/mman.h>

#include "fault.h"

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

static void repair(struct progress *progress)
{
    uint64_t tasks = 0, lines = 0, bytes = 0;
    const struct progress_record *record = records(progress);
    uint32_t n = atomic_load(&progress->n_touched);
    for (uint32_t i = 0; i < n; i++) {
        if (!atomic_load_explicit(&record[i].counted, memory_order_acquire))
            continue;
        tasks++;
        lines += record[i].lines;
        bytes += record[i].bytes;
    }
    atomic_store(&progress->totals.tasks, tasks);
    atomic_store(&progress->totals.lines, lines);
    atomic_store(&progress->totals.bytes, bytes);
    atomic_fetch_add(&progress->n_repairs, 1);
}

void progress_count(struct progress *progress, uint32_t task, uint64_t lines, uint64_t bytes)
{
    if (task >= progress->n_records)
        return;
    int rc = pthread_mutex_lock(&progress->mutex);
    if (rc == EOWNERDEAD) {
        repair(progress);
        pthread_mutex_consistent(&progress->mutex);
    } else if (rc != 0) {
        return;
    }
    struct progress_record *record = &records(progress)[task];
    if (!atomic_load_explicit(&record->counted, memory_order_relaxed)) {
        if (task >= atomic_load(&progress->n_touched))
            atomic_store(&progress->n_touched, task + 1);
        record->lines = lines;
        record->bytes = bytes;
        atomic_store_explicit(&record->counted, 1, memory_order_release);
        fault_point(progress, "mutex");
        atomic_fetch_add(&progress->totals.tasks, 1);
        atomic_fetch_add(&progress->totals.lines, lines);
        atomic_fetch_add(&progress->totals.bytes, bytes);
    }
    pthread_mutex_unlock(&progress->mutex);
}

void progress_read(struct progress *progress, uint64_t *tasks, uint64_t *lines, uint64_t *bytes)
{
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
