/*
 * First fit from the lowest free extent. Runs are few and large (dozens of extents), so a walk over
 * a bitmap costs less than anything clever. Low extents are the ones whose pages are warm.
 */
#include "shared/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/code.h"

/* Room to read a little past the last entry without a fault. */
#define GUARD_SIZE 4096

#define SPILL_SIZE_MIN (UINT64_C(1) << 20)

/* Spilled bytes a process reads before it unmaps them. */
#define MAPPED_SIZE_MAX (16u << 20)

#define DROPPED_AT_ONCE 512 /* extents */

static int extent_used(const struct arena *arena, uint32_t extent)
{
    return (arena->used[extent / 64] >> (extent % 64)) & 1;
}

static void extents_mark(struct arena *arena, struct extent_range range, int used)
{
    for (uint32_t i = range.first; i < range.first + range.count; i++) {
        uint64_t bit = UINT64_C(1) << (i % 64);
        if (used)
            arena->used[i / 64] |= bit;
        else
            arena->used[i / 64] &= ~bit;
    }
}

int arena_init(struct arena *arena, size_t size, size_t minimum)
{
    size_t n = size / EXTENT_SIZE;
    if (n > UINT32_MAX / 2)
        n = UINT32_MAX / 2;
    void *base = MAP_FAILED;
    for (; n > 0 && n * EXTENT_SIZE >= minimum; n /= 2) {
        base = mmap(NULL, n * EXTENT_SIZE + GUARD_SIZE, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base != MAP_FAILED)
            break;
    }
    if (base == MAP_FAILED)
        return CODE_FORK;
    uint64_t *used = calloc(n / 64 + 1, sizeof *used);
    if (!used) {
        munmap(base, n * EXTENT_SIZE + GUARD_SIZE);
        return CODE_NOMEM;
    }
    *arena = (struct arena){.base = base, .n_extents = (uint32_t)n, .used = used};
    return 0;
}

/* Past the limit on the size of files, writing would raise a signal. */
static uint64_t file_size_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur > SPILL_MAP_MAX)
        return SPILL_MAP_MAX;
    return limit.rlim_cur < GUARD_SIZE ? 0 : limit.rlim_cur - GUARD_SIZE;
}

int arena_open_spill(struct arena *arena, int fd, uint64_t most)
{
    uint64_t size = file_size_max();
    if (size > most)
        size = most;
    if (size < SPILL_SIZE_MIN) {
        errno = EFBIG;
        return CODE_FORK;
    }
    size -= size % EXTENT_SIZE;
    size_t n = (size_t)arena->n_extents + 1 + size / EXTENT_SIZE;
    uint64_t *used = calloc(n / 64 + 1, sizeof *used);
    struct spill_map *map = calloc(1, sizeof *map);
    if (!used || !map) {
        free(used);
        free(map);
        return CODE_NOMEM;
    }
    map->size = size;
    memcpy(used, arena->used, (arena->n_extents / 64 + 1) * sizeof *used);
    free(arena->used);
    arena->used = used;
    arena->spill = (struct arena_spill){.map = map,
                                        .fd = fd,
                                        .n_extents = (uint32_t)(size / EXTENT_SIZE),
                                        .first_free = arena->n_extents + 1};
    return 0;
}

void arena_seal_spill(struct arena *arena)
{
    struct arena_spill *spill = &arena->spill;
    if (!spill->map)
        return;
    if (spill->fd >= 0)
        close(spill->fd);
    spill->fd = -1;
    if (spill->n_used > 0)
        return;
    spill_map_release(spill->map);
    free(spill->map);
    *spill = (struct arena_spill){0};
}

void arena_fit(struct arena *arena)
{
    uint32_t n = arena->n_touched;
    while (n > 0 && !extent_used(arena, n - 1))
        n--;
    if (arena->spill.map || n == arena->n_extents)
        return;
    /* In place, so it is not moved. */
    if (mremap(arena->base, (size_t)arena->n_extents * EXTENT_SIZE + GUARD_SIZE,
               (size_t)n * EXTENT_SIZE + GUARD_SIZE, 0) == MAP_FAILED)
        return;
    arena->n_extents = arena->n_touched = n;
}

void arena_release(struct arena *arena)
{
    arena->spill.n_used = 0;
    arena_seal_spill(arena);
    if (arena->base)
        munmap(arena->base, (size_t)arena->n_extents * EXTENT_SIZE + GUARD_SIZE);
    free(arena->used);
    *arena = (struct arena){0};
}

/* First fit in [start, end). */
static int extents_take(struct arena *arena, uint32_t start, uint32_t end, size_t count,
                        struct extent_range *range)
{
    size_t found = 0;
    for (uint32_t i = start; i < end; i++) {
        if (i % 64 == 0 && arena->used[i / 64] == UINT64_MAX) {
            found = 0;
            i += 63;
            continue;
        }
        found = extent_used(arena, i) ? 0 : found + 1;
        if (found == count) {
            *range = (struct extent_range){(uint32_t)(i + 1 - count), (uint32_t)count};
            extents_mark(arena, *range, 1);
            return 0;
        }
    }
    return CODE_LIMIT;
}

static size_t extents_for(size_t size)
{
    return size == 0 ? 1 : size / EXTENT_SIZE + (size % EXTENT_SIZE != 0);
}

int arena_take_from(struct arena *arena, uint32_t start, size_t size, struct extent_range *range)
{
    size_t count = extents_for(size);
    uint32_t end = arena->n_extents;
    while (arena->first_free < end && extent_used(arena, arena->first_free))
        arena->first_free++;
    int rc = CODE_LIMIT;
    if (start > arena->first_free)
        rc = extents_take(arena, start, end, count, range);
    if (rc < 0)
        rc = extents_take(arena, arena->first_free, end, count, range);
    if (rc < 0)
        return rc;
    if (range->first + range->count > arena->n_touched)
        arena->n_touched = range->first + range->count;
    arena->n_used += range->count;
    if (arena->n_used > arena->n_peak)
        arena->n_peak = arena->n_used;
    return 0;
}

int arena_take(struct arena *arena, size_t size, struct extent_range *range)
{
    return arena_take_from(arena, 0, size, range);
}

static uint64_t spill_offset(const struct arena *arena, uint32_t extent)
{
    return (uint64_t)(extent - arena->n_extents - 1) * EXTENT_SIZE;
}

unsigned char *arena_at_spilled(const struct arena *arena, uint32_t extent)
{
    return spill_map_at(arena->spill.map, arena->spill.fd, spill_offset(arena, extent));
}

/* The lowest free room in the spill file that is all in one piece of the map. */
static int spill_find(struct arena *arena, size_t count, struct extent_range *range)
{
    struct arena_spill *spill = &arena->spill;
    uint32_t start = arena->n_extents + 1, end = start + spill->n_extents;
    while (spill->first_free < end && extent_used(arena, spill->first_free))
        spill->first_free++;
    for (uint32_t at = spill->first_free; at < end;) {
        uint64_t piece = spill_map_end(spill->map, spill_offset(arena, at));
        uint32_t piece_end = start + (uint32_t)(piece / EXTENT_SIZE);
        if (extents_take(arena, at, piece_end, count, range) == 0)
            return 0;
        at = piece_end;
    }
    return CODE_LIMIT;
}

/* Makes the file reach so far, as a hole, so that no reader of it can run into its end. */
static int spill_extend(struct arena_spill *spill, uint64_t size)
{
    if (size <= spill->size)
        return 0;
    if (ftruncate(spill->fd, (off_t)size) < 0)
        return CODE_WRITE;
    spill->size = size;
    return 0;
}

int arena_take_spill(struct arena *arena, size_t size, struct extent_range *range)
{
    struct arena_spill *spill = &arena->spill;
    struct extent_range new;
    if (!spill->map || spill_find(arena, extents_for(size), &new) < 0)
        return CODE_LIMIT;
    uint64_t end = spill_offset(arena, new.first + new.count);
    if (spill_extend(spill, end + GUARD_SIZE) < 0 || !arena_at_spilled(arena, new.first)) {
        extents_mark(arena, new, 0);
        return CODE_WRITE;
    }
    spill->n_used += new.count;
    if (spill->n_used > spill->n_peak)
        spill->n_peak = spill->n_used;
    *range = new;
    return 0;
}

int arena_write_spill(const struct arena *arena, uint32_t extent, size_t at, const void *data,
                      size_t size)
{
    const char *bytes = data;
    uint64_t offset = spill_offset(arena, extent) + at;
    while (size > 0) {
        ssize_t n = pwrite(arena->spill.fd, bytes, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (n == 0)
                errno = ENOSPC;
            return CODE_WRITE;
        }
        bytes += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

void arena_will_read(const struct arena *arena, const void *data, size_t size)
{
    if (!arena_holds_spilled(arena, data))
        return;
    uintptr_t past_page = (uintptr_t)data % (uintptr_t)sysconf(_SC_PAGESIZE);
    madvise((char *)(uintptr_t)data - past_page, past_page + size, MADV_WILLNEED);
}

void arena_forget(const struct arena *arena)
{
    if (arena->spill.map)
        spill_map_forget(arena->spill.map);
}

void arena_note_read(const struct arena *arena, size_t *mapped, size_t size)
{
    *mapped += size;
    if (*mapped < MAPPED_SIZE_MAX)
        return;
    arena_forget(arena);
    *mapped = 0;
}

uint64_t arena_place(const struct arena *arena, const void *data)
{
    uint64_t at;
    if (arena->spill.map && spill_map_holds(arena->spill.map, data, &at))
        return ((uint64_t)arena->n_extents + 1) * EXTENT_SIZE + at;
    return (uint64_t)((const unsigned char *)data - arena->base);
}

void arena_give(struct arena *arena, struct extent_range range)
{
    extents_mark(arena, range, 0);
    if (arena_is_spilled(arena, range.first)) {
        arena->spill.n_used -= range.count;
        if (range.count > 0 && range.first < arena->spill.first_free)
            arena->spill.first_free = range.first;
        return;
    }
    arena->n_used -= range.count;
    if (range.count > 0 && range.first < arena->first_free)
        arena->first_free = range.first;
}

void arena_trim(struct arena *arena, struct extent_range *range, size_t size)
{
    uint32_t keep = (uint32_t)((size + EXTENT_SIZE - 1) / EXTENT_SIZE);
    if (keep >= range->count)
        return;
    arena_give(arena, (struct extent_range){range->first + keep, range->count - keep});
    range->count = keep;
}

int arena_drop_free(struct arena *arena)
{
    uint32_t end = arena->n_touched, i = arena->dropped, n = 0;
    while (i < end && n < DROPPED_AT_ONCE) {
        uint32_t start = i;
        while (i < end && n < DROPPED_AT_ONCE && !extent_used(arena, i)) {
            i++;
            n++;
        }
        if (i > start)
            madvise(arena_at(arena, start), (size_t)(i - start) * EXTENT_SIZE, MADV_REMOVE);
        while (i < end && extent_used(arena, i))
            i++;
    }
    arena->dropped = i;
    return i < end;
}

int arena_check(const struct arena *arena, struct extent_range range)
{
    uint32_t end = arena->n_extents;
    if (range.first > end && arena->spill.map)
        end += 1 + arena->spill.n_extents;
    if (range.count == 0 || range.first >= end || range.count > end - range.first)
        return CODE_PROTOCOL;
    return 0;
}
