/* The first bytes of a packed file. */
#ifndef COMMON_PACKING_HEAD_H
#define COMMON_PACKING_HEAD_H

#include "base/store.h"
#include "packing/unpack.h"

/*
 * Unpacks up to capacity bytes of what gzip or zstd has packed, from byte start of the file on.
 * Returns how many there are; 0 too if it is damaged; or -1 with errno set.
 */
ssize_t unpack_head(const struct store *store, enum packing packing, uint64_t start, char *data,
                    size_t capacity);

#endif
