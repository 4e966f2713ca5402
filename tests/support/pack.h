/* Packed inputs for tests, cut into any number of members of any size. */
#ifndef TESTS_SUPPORT_PACK_H
#define TESTS_SUPPORT_PACK_H

#include "oracle.h"
#include "packing/unpack.h"

/* Appends a member of gzip (its bytes are stored as they are) or a frame of zstd, with checksum. */
void pack_member(struct bytes *packed, enum packing packing, const char *data, size_t size);

/* The checksum of gzip, bit by bit (RFC 1952, section 8). */
uint32_t pack_crc(const char *data, size_t size);

/* Appends plain in members of at most `most` bytes, some of them empty. */
void pack_members(struct bytes *packed, enum packing packing, const struct bytes *plain,
                  size_t most, uint64_t *random);

#endif
