/* Reading at a place of a file. */
#ifndef COMMON_BASE_READ_FULL_H
#define COMMON_BASE_READ_FULL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As pread, but fewer bytes only where the file ends. -1 with errno set; never EINTR. */
ssize_t read_full(int fd, void *data, size_t size, uint64_t at);

#endif
