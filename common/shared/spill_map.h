/*
 * The spill file as one process sees it: mapped to be read, in pieces, each when it is first asked
 * for. So a job has no more addresses than its file needs, and what was mapped stays where it is.
 * The first piece has 64 MiB, and each of the others ends at twice the offset that it begins at:
 *
 *     | piece 0 | piece 1 | piece 2           | piece 3 ...
 *     0       64 MiB   128 MiB             256 MiB
 */
#ifndef COMMON_SHARED_SPILL_MAP_H
#define COMMON_SHARED_SPILL_MAP_H

#include <stdint.h>

#define SPILL_MAP_MAX (UINT64_C(1) << 40) /* bytes: more than disks have */
#define SPILL_MAP_FIRST (UINT64_C(64) << 20)
#define SPILL_MAP_PIECES 15

struct spill_map {
    uint64_t size; /* bytes that may be mapped, at most SPILL_MAP_MAX */
    unsigned char *pieces[SPILL_MAP_PIECES];
};

/* The end of the piece that byte at of the file is in. */
uint64_t spill_map_end(const struct spill_map *map, uint64_t at);

/* Where byte at of file fd is, with all behind it in its piece and a little more. NULL and errno:
 * it cannot be mapped. */
unsigned char *spill_map_at(struct spill_map *map, int fd, uint64_t at);

/* Whether data is in a piece that is mapped; *at: which byte of the file it is. */
int spill_map_holds(const struct spill_map *map, const void *data, uint64_t *at);

/* Takes all pages out of the process. They are still there to be read. */
void spill_map_forget(const struct spill_map *map);

void spill_map_release(struct spill_map *map);

#endif
