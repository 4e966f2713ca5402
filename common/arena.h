/*
 * The shared memory that runs live in: one mapping made before the first fork, cut into extents of
 * EXTENT_SIZE bytes, and the private list of which are taken. The mapping is shared, the list is
 * not: the coordinator alone hands out and takes back, so a dying worker leaves nothing to repair.
 */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "message.h"

#define EXTENT_SIZE 65536

struct arena {
    unsigned char *base;
    uint32_t n_extents;
    uint32_t n_used;
    uint32_t n_peak;     /* the most n_used has been */
    uint32_t first_free; /* no extent below is free */
    uint32_t n_touched;  /* no extent from here on was ever taken */
    uint64_t *used;      /* one bit an extent, set: taken */
};

/*
 * Maps up to size bytes, less if the system refuses so much but at least minimum. 0, CODE_NOMEM (no
 * memory for the list) or CODE_FORK (no mapping). Memory is only used once it is written to.
 */
int arena_init(struct arena *arena, size_t size, size_t minimum);
void arena_release(struct arena *arena);

/* The lowest free room for size bytes in adjacent extents; 0 or CODE_LIMIT. */
int arena_take(struct arena *arena, size_t size, struct extent_range *range);

/* The same at or after extent start; if there is none, the lowest anywhere. */
int arena_take_from(struct arena *arena, uint32_t start, size_t size, struct extent_range *range);

/* Gives extents back; their bytes are undefined from now on, but stay in memory for the next. */
void arena_give(struct arena *arena, struct extent_range range);

/* Gives back all of range but what size bytes need, and shortens it. */
void arena_trim(struct arena *arena, struct extent_range *range, size_t size);

/* Returns the memory of all free extents to the system. */
void arena_drop_free(struct arena *arena);

/* 0 if range lies inside the arena and is not empty, else CODE_PROTOCOL. */
int arena_check(const struct arena *arena, struct extent_range range);

static inline unsigned char *arena_at(const struct arena *arena, uint32_t extent)
{
    return arena->base + (size_t)extent * EXTENT_SIZE;
}

static inline size_t extents_size(struct extent_range range)
{
    return (size_t)range.count * EXTENT_SIZE;
}

#endif
