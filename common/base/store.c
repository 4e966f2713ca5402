/* A signal may interrupt a read, and the end of a file cut it short. */
#include "base/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t copy(const struct store *store, void *data, size_t size, uint64_t at)
{
    uint64_t left = at < store->size ? store->size - at : 0;
    size_t n = size < left ? size : (size_t)left;
    if (n > 0)
        memcpy(data, store->data + at, n);
    return (ssize_t)n;
}

ssize_t store_read(const struct store *store, void *data, size_t size, uint64_t at)
{
    ssize_t n;
    if (store->data)
        return copy(store, data, size, at);
    do
        n = pread(store->fd, data, size, (off_t)at);
    while (n < 0 && errno == EINTR);
    return n;
}

ssize_t store_read_full(const struct store *store, void *data, size_t size, uint64_t at)
{
    size_t n_read = 0;
    while (n_read < size) {
        ssize_t n = store_read(store, (char *)data + n_read, size - n_read, at + n_read);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        n_read += (size_t)n;
    }
    return (ssize_t)n_read;
}

int64_t store_size(const struct store *store)
{
    struct stat status;
    if (store->data)
        return (int64_t)store->size;
    return fstat(store->fd, &status) < 0 ? -1 : status.st_size;
}
