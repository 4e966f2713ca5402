/*
 * The floor under any program that reads a file: N processes pread all its bytes, block by block,
 * and look at none of them.
 *
 *     read_floor FILE [PROCESSES [BLOCK_SIZE]]
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int read_share(const char *path, off_t start, off_t end, size_t block_size)
{
    int fd = open(path, O_RDONLY);
    char *block = malloc(block_size);
    if (fd < 0 || !block)
        return 1;
    while (start < end) {
        size_t want = end - start < (off_t)block_size ? (size_t)(end - start) : block_size;
        ssize_t n = pread(fd, block, want, start);
        if (n <= 0)
            return 1;
        start += n;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct stat status;
    int n = argc > 2 ? atoi(argv[2]) : 2;
    size_t block_size = argc > 3 ? strtoul(argv[3], NULL, 10) : 128 << 10;
    if (argc < 2 || n < 1 || block_size == 0 || stat(argv[1], &status) < 0) {
        fprintf(stderr, "usage: read_floor FILE [PROCESSES [BLOCK_SIZE]]\n");
        return 2;
    }
    for (int i = 0; i < n; i++)
        if (fork() == 0)
            _exit(read_share(argv[1], status.st_size / n * i,
                             i == n - 1 ? status.st_size : status.st_size / n * (i + 1),
                             block_size));
    int failed = 0, end;
    while (wait(&end) > 0)
        failed |= end;
    return failed != 0;
}
