/*
 * First fit from the lowest free extent: runs are few and large (dozens of extents), so a walk over
 * a bitmap costs less than anything clever, and low extents are the ones whose pages are warm.
 */
#include "arena.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "code.h"

/* Room to read a little past the last entry without a fault. */
#define GUARD_SIZE 4096

static int extent_used(const struct arena *arena, uint32_t extent)
{
    return (arena->used[extent / 64] >> (extent % 64)) & 1;
}

static void mark(struct arena *arena, struct extent_range range, int used)
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
    if (n > UINT32_MAX - 64)
        n = UINT32_MAX - 64;
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

void arena_release(struct arena *arena)
{
    if (arena->base)
        munmap(arena->base, (size_t)arena->n_extents * EXTENT_SIZE + GUARD_SIZE);
    free(arena->used);
    *arena = (struct arena){0};
}

/* First fit at or after start. */
static int take(struct arena *arena, uint32_t start, size_t count, struct extent_range *range)
{
    size_t found = 0;
    for (uint32_t i = start; i < arena->n_extents; i++) {
        if (i % 64 == 0 && arena->used[i / 64] == UINT64_MAX) {
            found = 0;
            i += 63;
            continue;
        }
        found = extent_used(arena, i) ? 0 : found + 1;
        if (found == count) {
            *range = (struct extent_range){(uint32_t)(i + 1 - count), (uint32_t)count};
            mark(arena, *range, 1);
            if (i + 1 > arena->n_touched)
                arena->n_touched = i + 1;
            arena->n_used += range->count;
            if (arena->n_used > arena->n_peak)
                arena->n_peak = arena->n_used;
            return 0;
        }
    }
    return CODE_LIMIT;
}

int arena_take_from(struct arena *arena, uint32_t start, size_t size, struct extent_range *range)
{
    size_t count = size / EXTENT_SIZE + (size % EXTENT_SIZE != 0);
    if (count == 0)
        count = 1;
    while (arena->first_free < arena->n_extents && extent_used(arena, arena->first_free))
        arena->first_free++;
    if (start > arena->first_free && take(arena, start, count, range) == 0)
        return 0;
    return take(arena, arena->first_free, count, range);
}

int arena_take(struct arena *arena, size_t size, struct extent_range *range)
{
    return arena_take_from(arena, 0, size, range);
}

void arena_give(struct arena *arena, struct extent_range range)
{
    mark(arena, range, 0);
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

void arena_drop_free(struct arena *arena)
{
    for (uint32_t i = arena->first_free; i < arena->n_touched;) {
        uint32_t start = i;
        while (i < arena->n_touched && !extent_used(arena, i))
            i += i % 64 == 0 && arena->used[i / 64] == 0 ? 64 : 1;
        if (i > arena->n_touched)
            i = arena->n_touched;
        if (i > start)
            madvise(arena_at(arena, start), (size_t)(i - start) * EXTENT_SIZE, MADV_REMOVE);
        while (i < arena->n_touched && extent_used(arena, i))
            i++;
    }
}

int arena_check(const struct arena *arena, struct extent_range range)
{
    if (range.count == 0 || range.first >= arena->n_extents ||
        range.count > arena->n_extents - range.first)
        return CODE_PROTOCOL;
    return 0;
}
