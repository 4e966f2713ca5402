/* A signal may interrupt a read, and the end of a file cut it short. */
#include "base/read_full.h"

#include <errno.h>
#include <unistd.h>

ssize_t read_full(int fd, void *data, size_t size, uint64_t at)
{
    size_t n_read = 0;
    while (n_read < size) {
        ssize_t n = pread(fd, (char *)data + n_read, size - n_read, (off_t)(at + n_read));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        n_read += (size_t)n;
    }
    return (ssize_t)n_read;
}
