#include "shared/spill_map.h"

#include <stddef.h>
#include <sys/mman.h>

/* Room to read a little past the last entry of a piece without a fault. */
#define GUARD_SIZE 4096

static unsigned piece_of(uint64_t at)
{
    uint64_t n = at / SPILL_MAP_FIRST;
    return n == 0 ? 0 : 64 - (unsigned)__builtin_clzll(n);
}

static uint64_t piece_start(unsigned piece)
{
    return piece == 0 ? 0 : SPILL_MAP_FIRST << (piece - 1);
}

uint64_t spill_map_end(const struct spill_map *map, uint64_t at)
{
    uint64_t end = SPILL_MAP_FIRST << piece_of(at);
    return end < map->size ? end : map->size;
}

static size_t piece_size(const struct spill_map *map, unsigned piece)
{
    return spill_map_end(map, piece_start(piece)) - piece_start(piece);
}

unsigned char *spill_map_at(struct spill_map *map, int fd, uint64_t at)
{
    unsigned piece = piece_of(at);
    uint64_t start = piece_start(piece);
    if (!map->pieces[piece]) {
        void *base = mmap(NULL, piece_size(map, piece) + GUARD_SIZE, PROT_READ,
                          MAP_SHARED | MAP_NORESERVE, fd, (off_t)start);
        if (base == MAP_FAILED)
            return NULL;
        /* The system would read megabytes around each page, and where memory is short drop them. */
        madvise(base, piece_size(map, piece), MADV_RANDOM);
        map->pieces[piece] = base;
    }
    return map->pieces[piece] + (at - start);
}

int spill_map_holds(const struct spill_map *map, const void *data, uint64_t *at)
{
    for (unsigned i = 0; i < SPILL_MAP_PIECES; i++) {
        uintptr_t base = (uintptr_t)map->pieces[i], place = (uintptr_t)data;
        if (!base || place < base || place - base >= piece_size(map, i))
            continue;
        *at = piece_start(i) + (place - base);
        return 1;
    }
    return 0;
}

void spill_map_forget(const struct spill_map *map)
{
    for (unsigned i = 0; i < SPILL_MAP_PIECES; i++)
        if (map->pieces[i])
            madvise(map->pieces[i], piece_size(map, i), MADV_DONTNEED);
}

void spill_map_release(struct spill_map *map)
{
    for (unsigned i = 0; i < SPILL_MAP_PIECES; i++)
        if (map->pieces[i])
            munmap(map->pieces[i], piece_size(map, i) + GUARD_SIZE);
}
