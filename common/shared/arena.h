/*
 * The shared memory that runs live in: one mapping made before the first fork, cut into extents of
 * EXTENT_SIZE bytes, and the private list of which are taken. The mapping is shared, the list is
 * not: the coordinator alone hands out and takes back, so a dying worker leaves nothing to repair.
 *
 * A spill file goes on where the memory ends. Its extents have the numbers behind those of memory,
 * so they are handed out, named in messages and read as the others are. But they are mapped to be
 * read only: what is written through a mapping ends in a signal when the disk is full, so it is by
 * write.
 *
 *     | extent 0 | 1 | ... | n_extents - 1 |  (never used)  | n_extents + 1 | ...
 *       memory                                                spill file
 */
#ifndef COMMON_SHARED_ARENA_H
#define COMMON_SHARED_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "shared/extent.h"
#include "shared/spill_map.h"

#define EXTENT_SIZE 65536

/* To read a byte of the spill file may map so much of it, depending on how it lies in the cache. */
#define SPILL_MAPPED_AT_ONCE (2u << 20)

struct arena {
    unsigned char *base;
    uint32_t n_extents;
    uint32_t n_used;
    uint32_t n_peak;     /* the most n_used has been */
    uint32_t first_free; /* no extent below is free */
    uint32_t n_touched;  /* no extent from here on was ever taken */
    uint32_t dropped;    /* free ones before it were returned to the system */
    uint64_t *used;      /* one bit an extent, those of the spill file included, set: taken */
    struct arena_spill {
        struct spill_map *map; /* this process's; NULL: there is no spill file */
        int fd;
        uint32_t n_extents;
        uint32_t n_used;
        uint32_t n_peak;
        uint32_t first_free; /* an extent's number, as above */
        uint64_t size;       /* of the file: bytes that can be read */
    } spill;
};

/*
 * Maps up to size bytes, less if the system refuses so much but at least minimum. 0, CODE_NOMEM (no
 * memory for the list) or CODE_FORK (no mapping). Memory is only used once it is written to.
 */
int arena_init(struct arena *arena, size_t size, size_t minimum);
void arena_release(struct arena *arena);

/*
 * Gives the arena, before the first fork, an empty file to spill to, which it closes; it has most
 * bytes at most. 0, CODE_NOMEM, or CODE_FORK (files may not be so large; errno says so): then the
 * file is the caller's to close.
 */
int arena_open_spill(struct arena *arena, int fd, uint64_t most);

/* What was spilled can be read on, but no more be written: gives the descriptor back. */
void arena_seal_spill(struct arena *arena);

/*
 * Gives the addresses behind the last extent in use back, as a process may have a limit of them.
 * Not where runs are spilled, whose numbers come behind. Nothing can be taken there any more.
 */
void arena_fit(struct arena *arena);

/* The lowest free room for size bytes in adjacent extents; 0 or CODE_LIMIT. */
int arena_take(struct arena *arena, size_t size, struct extent_range *range);

/* The same at or after extent start; if there is none, the lowest anywhere. */
int arena_take_from(struct arena *arena, uint32_t start, size_t size, struct extent_range *range);

/* The same in the spill file, where this process can read it then. 0, CODE_LIMIT, or CODE_WRITE:
 * errno says why. */
int arena_take_spill(struct arena *arena, size_t size, struct extent_range *range);

/* Writes to the spill file, at bytes behind the start of extent. 0, or CODE_WRITE and errno. */
int arena_write_spill(const struct arena *arena, uint32_t extent, size_t at, const void *data,
                      size_t size);

/* Bytes are about to be read, one after the other: if they are spilled, the system gets them at
 * once. Others of the spill file it reads a page at a time. */
void arena_will_read(const struct arena *arena, const void *data, size_t size);

/*
 * Reading the spill file maps pages of it, which count as memory of the process. Adds size to
 * *mapped, and unmaps all of them when these are too many; bytes read so far are still there.
 */
void arena_note_read(const struct arena *arena, size_t *mapped, size_t size);

/* Unmaps them all now. */
void arena_forget(const struct arena *arena);

static inline size_t extents_free(const struct arena *arena)
{
    return arena->n_extents - arena->n_used;
}

/* Gives extents back; their bytes are undefined from now on, but stay in memory for the next. */
void arena_give(struct arena *arena, struct extent_range range);

/* Gives back all of range but what size bytes need, and shortens it. */
void arena_trim(struct arena *arena, struct extent_range *range, size_t size);

/* Returns the memory of free extents to the system, some 32 MiB at a time, which is 10 ms. 1: there
 * are more; call it again, and take none meanwhile. */
int arena_drop_free(struct arena *arena);

/* 0 if range lies inside the arena and is not empty, else CODE_PROTOCOL. */
int arena_check(const struct arena *arena, struct extent_range range);

static inline int arena_is_spilled(const struct arena *arena, uint32_t extent)
{
    return extent > arena->n_extents;
}

/* The same of one that is spilled. NULL: this process has no addresses for it; never in the process
 * that took it. */
unsigned char *arena_at_spilled(const struct arena *arena, uint32_t extent);

/* Those of the spill file can only be read. */
static inline unsigned char *arena_at(const struct arena *arena, uint32_t extent)
{
    if (arena_is_spilled(arena, extent))
        return arena_at_spilled(arena, extent);
    return arena->base + (size_t)extent * EXTENT_SIZE;
}

/* Whether what is at data, in an extent that was reached by arena_at, is in the spill file. */
static inline int arena_holds_spilled(const struct arena *arena, const void *data)
{
    uint64_t at;
    uintptr_t base = (uintptr_t)arena->base, place = (uintptr_t)data;
    int is_memory = place >= base && place - base < (size_t)arena->n_extents * EXTENT_SIZE;
    return !is_memory && arena->spill.map && spill_map_holds(arena->spill.map, data, &at);
}

/* A number for a byte in an extent, the same in all processes, and the byte again;
 * NULL as above. */
uint64_t arena_place(const struct arena *arena, const void *data);
static inline const void *arena_byte(const struct arena *arena, uint64_t place)
{
    const unsigned char *start = arena_at(arena, (uint32_t)(place / EXTENT_SIZE));
    return start ? start + place % EXTENT_SIZE : NULL;
}

static inline size_t extents_size(struct extent_range range)
{
    return (size_t)range.count * EXTENT_SIZE;
}

#endif
