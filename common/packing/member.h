/*
 * Where members of a gzip file, or frames of a zstd file, begin. Nothing in the file says so, and
 * the first bytes of a member may be anywhere. But what unpacks for longer than a stored block can
 * be, checksums and all, is a member. Bytes that only look like one do not. Neither does a packed
 * file that was packed again, since headers of blocks interrupt its bytes. Whoever unpacks the
 * members before finds out for certain, and has to compare (input/source.c).
 *
 * A frame of zstd that holds nothing (a skippable one) is no beginning: its first bytes are too
 * few to be told.
 */
#ifndef COMMON_PACKING_MEMBER_H
#define COMMON_PACKING_MEMBER_H

#include <stdint.h>

#include "base/store.h"
#include "packing/unpack.h"

/*
 * The first member that begins in [start, end) of the file: 1 and *at, or 0: there is none;
 * CODE_NOMEM, or CODE_READ with errno set.
 */
int member_find(const struct store *store, enum packing packing, uint64_t start, uint64_t end,
                uint64_t *at);

/*
 * Whether the member at start has less than `most` bytes, and another follows; for certain, since
 * it is unpacked if it looks like that. Returns as member_find.
 */
int member_has_next(const struct store *store, enum packing packing, uint64_t start, uint64_t most);

/* Why a member that begins at byte start is not found: what a trial of it says. */
struct member_trouble {
    enum damage damage;
    uint64_t at;
};

struct member_trouble member_trouble(const struct store *store, enum packing packing,
                                     uint64_t start);

#endif
