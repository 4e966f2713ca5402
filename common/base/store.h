/* What can be read at any place: a regular file, or bytes in memory. */
#ifndef COMMON_BASE_STORE_H
#define COMMON_BASE_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct store {
    int fd;           /* the caller's */
    const char *data; /* instead of a file, if not NULL: these are the bytes, */
    uint64_t size;    /* so many */
};

static inline struct store store_of(int fd)
{
    return (struct store){.fd = fd};
}

/* As pread, for a file or for memory; never EINTR. */
ssize_t store_read(const struct store *store, void *data, size_t size, uint64_t at);

/* The same, but fewer bytes only at the end. -1 with errno set. */
ssize_t store_read_full(const struct store *store, void *data, size_t size, uint64_t at);

/* Bytes there are; -1 with errno set. */
int64_t store_size(const struct store *store);

#endif
