/* The kernel's page cache, for runs that are to read from the disk. */
#ifndef ENGINE_CLI_BENCH_BENCH_CACHE_H
#define ENGINE_CLI_BENCH_BENCH_CACHE_H

#include <stddef.h>

/*
 * Asks the kernel to forget the files, and sets *kept to the share of their bytes, 0 to 1, that it
 * has all the same. The kernel may ignore such requests. Of files of others it tells nothing, so
 * all of their bytes count as kept. 0, or -1 with errno set and *failed the file.
 */
int cache_drop(const char *const *paths, size_t n_paths, double *kept, const char **failed);

#endif
