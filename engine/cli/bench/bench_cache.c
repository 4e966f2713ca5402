/*
 * posix_fadvise forgets clean pages only, so the file is synced first; what still is in memory then
 * mincore says, a window of the file at a time. Nothing is ever read through the mapping.
 */
#include "bench/bench_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW_SIZE (UINT64_C(256) << 20)

/* Pages of [start, start + size) that are in memory; -1 with errno. */
static int64_t window_count(int fd, uint64_t start, size_t size, size_t page_size)
{
    size_t n_pages = (size + page_size - 1) / page_size;
    int64_t count = -1;
    unsigned char *resident = malloc(n_pages);
    void *window = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, (off_t)start);
    if (resident && window != MAP_FAILED && mincore(window, size, resident) == 0) {
        count = 0;
        for (size_t i = 0; i < n_pages; i++)
            count += resident[i] & 1;
    }
    int error = errno;
    if (window != MAP_FAILED)
        munmap(window, size);
    free(resident);
    errno = error;
    return count;
}

/* Adds the bytes of the file, and those of them in memory; 0, or -1 with errno. */
static int file_drop(const char *path, size_t page_size, double *bytes, double *bytes_kept)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int error = 0;
    if (fstat(fd, &status) < 0 || (fdatasync(fd) < 0 && errno != EROFS && errno != EINVAL))
        error = errno;
    if (error == 0)
        error = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    uint64_t file_size = error == 0 ? (uint64_t)status.st_size : 0;
    for (uint64_t at = 0; at < file_size && error == 0; at += WINDOW_SIZE) {
        size_t size = file_size - at < WINDOW_SIZE ? file_size - at : WINDOW_SIZE;
        int64_t n = window_count(fd, at, size, page_size);
        if (n < 0)
            error = errno;
        else
            *bytes_kept += (double)n * (double)page_size;
    }
    *bytes += (double)file_size;
    close(fd);
    errno = error;
    return error == 0 ? 0 : -1;
}

int cache_drop(const char *const *paths, size_t n_paths, double *kept, const char **failed)
{
    size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    double bytes = 0, bytes_kept = 0;
    for (size_t i = 0; i < n_paths; i++) {
        if (file_drop(paths[i], page_size, &bytes, &bytes_kept) < 0) {
            *failed = paths[i];
            return -1;
        }
    }
    /* The last page of a file may be more than its bytes. */
    *kept = bytes <= bytes_kept ? bytes > 0 : bytes_kept / bytes;
    return 0;
}
