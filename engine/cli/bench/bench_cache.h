/* The kernel's page cache, for runs that are to read from the disk. */
#ifndef ENGINE_CLI_BENCH_BENCH_CACHE_H
#define ENGINE_CLI_BENCH_BENCH_CACHE_H

#include <stddef.h>

/*
 * Asks the kernel to forget the files, and sets *kept to the share of their bytes, 0 to 1, that it
 * has all the same: it may ignore such requests, and of the files of others it tells nothing and
 * counts as having all. 0, or -1 with errno set and *failed the file.
 */
int cache_drop(const char *const *paths, size_t n_paths, double *kept, const char **failed);

#endif
