/*
 * Compressed inputs, known by their first bytes: gzip (any number of members, zeros behind them)
 * and zstd (any number of frames). Compressed bytes are pushed in as they are read, in pieces of
 * any size, by a worker from a file or by the coordinator from a pipe. UTF-16 comes out as UTF-8 in
 * the same way.
 */
#ifndef COMMON_PACKING_UNPACK_H
#define COMMON_PACKING_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum packing {
    PACKING_NONE,
    PACKING_GZIP,
    PACKING_ZSTD,
    PACKING_UTF16_LE,
    PACKING_UTF16_BE,
    PACKING_ARCHIVE /* anything that unarchive.h unpacks, and nothing here */
};

/* First bytes that packing_of looks at. */
#define PACKING_HEAD_SIZE 512

/* Gzip or zstd. */
enum packing packing_of(const void *head, size_t size);

/* The same of what may be text: UTF-16 too, known by its byte order mark. */
enum packing packing_of_text(const void *head, size_t size);

/* A tar, by its first PACKING_HEAD_SIZE bytes. */
int packing_is_tar(const void *head, size_t size);

static inline int packing_is_utf16(enum packing packing)
{
    return packing == PACKING_UTF16_LE || packing == PACKING_UTF16_BE;
}

struct unpacker;

/* NULL: no memory. */
struct unpacker *unpacker_new(enum packing packing);
void unpacker_free(struct unpacker *unpacker); /* takes NULL */

/* Where to read compressed bytes to, *size of them; to be used when unpacker_run is hungry. */
void *unpacker_room(struct unpacker *unpacker, size_t *size);

/* So many bytes were read there; 0: the input has ended. */
void unpacker_fed(struct unpacker *unpacker, size_t size);

/*
 * The first byte to be read is byte start of the input; the run that comes to a member which begins
 * at byte bound or later returns UNPACK_BOUND, once.
 */
void unpacker_bound(struct unpacker *unpacker, uint64_t start, uint64_t bound);

/* The byte of the input that comes next. */
uint64_t unpacker_at(const struct unpacker *unpacker);

enum { UNPACK_FULL, UNPACK_HUNGRY, UNPACK_BOUND, UNPACK_END };

/*
 * Unpacks into out; *size is how many bytes there are. UNPACK_FULL: all of it is. UNPACK_HUNGRY:
 * more input is needed. UNPACK_BOUND: the next run is over the bound. UNPACK_END: the input has
 * ended as it should. CODE_NOMEM, or CODE_DAMAGED: it is cut off, or its checksum or anything else
 * in it is wrong.
 */
int unpacker_run(struct unpacker *unpacker, void *out, size_t capacity, size_t *size);

/* What is the matter with an input that is CODE_DAMAGED. */
enum damage {
    DAMAGE_ANY,
    DAMAGE_BEHIND_GZIP, /* what stands behind the last member, at byte *at, is none */
    DAMAGE_BEHIND_ZSTD, /* the same of frames */
    DAMAGE_DICTIONARY   /* it cannot be unpacked without the one that it was packed with */
};

enum damage unpacker_damage(const struct unpacker *unpacker, uint64_t *at);

#endif
