/*
 * A piece of a regular file that is mapped instead of read, which saves the copy. It pays where the
 * file is in the page cache, in large folios: then a fault brings in up to 2 MiB. With folios of 4
 * KiB it gains nothing, and cold it loses. So each piece is probed first.
 */
#ifndef COMMON_INPUT_MAPPING_H
#define COMMON_INPUT_MAPPING_H

#include <stddef.h>
#include <stdint.h>

/* Bytes mapped at a time, at most. */
#define MAPPING_SIZE_MAX ((size_t)16 << 20)

enum mapping_use {
    MAPPING_NEVER,
    MAPPING_IF_FASTER, /* as far as probes tell */
    MAPPING_ALWAYS,    /* for tests */
};

/* {0} has nothing mapped. */
struct mapping {
    char *memory; /* of address space, kept for the next piece; NULL: none yet */
    char *data;   /* of byte at; NULL: nothing is mapped. Readable SCAN_PADDING bytes past size */
    uint64_t at;
    size_t size;
    int is_lent; /* data is the caller's memory */
};

/*
 * From now on a page of a mapping that cannot be read, since the file shrank or the disk failed, is
 * one of zeros, and mapping_is_lost says so. Sets the handler of SIGBUS, so it is for a process
 * that is a worker and has one thread, which maps through one mapping alone.
 */
void mapping_guard(void);

/*
 * Maps size bytes of fd from at on, or as many as MAPPING_SIZE_MAX allows, in place of what was
 * mapped before. 0: reading is better, or there is no address space, and nothing is mapped. Blocks
 * for the disk only if the cache lost what it had a moment ago.
 */
int mapping_try(struct mapping *mapping, enum mapping_use use, int fd, uint64_t at, size_t size);

/* The same with memory of the caller's, which is left as it is. */
void mapping_lend(struct mapping *mapping, const char *data, uint64_t at, size_t size);

/* Whether pages of it were replaced by zeros. */
int mapping_is_lost(const struct mapping *mapping);

/* Nothing is mapped any more, but the address space stays. */
void mapping_drop(struct mapping *mapping);
void mapping_release(struct mapping *mapping);

#endif
