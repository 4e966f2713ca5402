/*
 * The wrappers. What is armed is inherited over fork and never changes in a worker; only the count
 * is shared.
 */
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <poll.h>
#include <uv.h>

#include "base/calls.h"

static struct injection armed;
static _Atomic uint64_t *n_calls; /* shared */
static int is_worker;
static long n_held;

#define REAL(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

static int fails(enum inject_call call)
{
    if (armed.call != call || armed.in_worker != is_worker)
        return 0;
    uint64_t n = atomic_fetch_add(n_calls, 1) + 1;
    if (armed.n == 0 || n < armed.n || (n > armed.n && !armed.always))
        return 0;
    errno = armed.how;
    return 1;
}

/* Of a call that moves *size bytes: whether it fails; it may also be cut short, or find no more. */
static int io_fails(enum inject_call call, size_t *size)
{
    if (!fails(call))
        return 0;
    if (armed.how == INJECT_SHORT)
        *size = *size > 0;
    return armed.how != INJECT_SHORT;
}

static ssize_t io_failure(void)
{
    return armed.how == INJECT_END ? 0 : -1;
}

static void *held(void *memory)
{
    n_held += memory != NULL;
    return memory;
}

REAL(char *, strdup, const char *text)
{
    return fails(INJECT_MEMORY) ? NULL : held(__real_strdup(text));
}

REAL(char *, strndup, const char *text, size_t size)
{
    return fails(INJECT_MEMORY) ? NULL : held(__real_strndup(text, size));
}

REAL(void *, malloc, size_t size)
{
    return fails(INJECT_MEMORY) ? NULL : held(__real_malloc(size));
}

REAL(void *, calloc, size_t n, size_t size)
{
    return fails(INJECT_MEMORY) ? NULL : held(__real_calloc(n, size));
}

REAL(void *, realloc, void *memory, size_t size)
{
    if (fails(INJECT_MEMORY))
        return NULL;
    void *new = __real_realloc(memory, size);
    n_held += !memory && new;
    return new;
}

REAL(void, free, void *memory)
{
    n_held -= memory != NULL;
    __real_free(memory);
}

/* libuv 1.44 itself calls abort when it cannot let its list of descriptors grow. */
static void *uv_grow(void *memory, size_t size)
{
    void *new = __real_realloc(memory, size);
    n_held += !memory && new;
    return new;
}

REAL(void *, mmap, void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (fails(INJECT_MMAP))
        return MAP_FAILED;
    void *memory = __real_mmap(at, size, protection, flags, fd, offset);
    n_held += memory != MAP_FAILED;
    return memory;
}

/* No caller wants it elsewhere. */
REAL(void *, mremap, void *memory, size_t size, size_t new_size, int flags)
{
    return fails(INJECT_MREMAP) ? MAP_FAILED : __real_mremap(memory, size, new_size, flags);
}

REAL(int, munmap, void *memory, size_t size)
{
    n_held--;
    return __real_munmap(memory, size);
}

REAL(int, madvise, void *memory, size_t size, int advice)
{
    return fails(INJECT_MADVISE) ? -1 : __real_madvise(memory, size, advice);
}

REAL(FILE *, fopen, const char *path, const char *mode)
{
    return fails(INJECT_FOPEN) ? NULL : __real_fopen(path, mode);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(INJECT_OPEN) ? -1 : __real_open(path, flags, mode);
}

int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);

int __wrap_openat(int folder, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(INJECT_OPEN) ? -1 : __real_openat(folder, path, flags, mode);
}

REAL(int, stat, const char *path, struct stat *status)
{
    return fails(INJECT_STAT) ? -1 : __real_stat(path, status);
}

REAL(int, lstat, const char *path, struct stat *status)
{
    return fails(INJECT_STAT) ? -1 : __real_lstat(path, status);
}

REAL(int, fstat, int fd, struct stat *status)
{
    return fails(INJECT_STAT) ? -1 : __real_fstat(fd, status);
}

REAL(int, fstatat, int folder, const char *path, struct stat *status, int flags)
{
    return fails(INJECT_STAT) ? -1 : __real_fstatat(folder, path, status, flags);
}

REAL(int, access, const char *path, int mode)
{
    return fails(INJECT_STAT) ? -1 : __real_access(path, mode);
}

REAL(ssize_t, read, int fd, void *data, size_t size)
{
    return io_fails(INJECT_READ, &size) ? io_failure() : __real_read(fd, data, size);
}

REAL(ssize_t, pread, int fd, void *data, size_t size, off_t at)
{
    return io_fails(INJECT_PREAD, &size) ? io_failure() : __real_pread(fd, data, size, at);
}

REAL(ssize_t, write, int fd, const void *data, size_t size)
{
    return io_fails(INJECT_WRITE, &size) ? io_failure() : __real_write(fd, data, size);
}

REAL(ssize_t, pwrite, int fd, const void *data, size_t size, off_t at)
{
    return io_fails(INJECT_PWRITE, &size) ? io_failure() : __real_pwrite(fd, data, size, at);
}

REAL(int, ftruncate, int fd, off_t size)
{
    return fails(INJECT_FTRUNCATE) ? -1 : __real_ftruncate(fd, size);
}

REAL(int, close, int fd)
{
    int rc = __real_close(fd);
    return fails(INJECT_CLOSE) ? -1 : rc;
}

REAL(int, renameat, int folder, const char *from, int to_folder, const char *to)
{
    return fails(INJECT_RENAME) ? -1 : __real_renameat(folder, from, to_folder, to);
}

REAL(int, linkat, int folder, const char *from, int to_folder, const char *to, int flags)
{
    return fails(INJECT_RENAME) ? -1 : __real_linkat(folder, from, to_folder, to, flags);
}

REAL(pid_t, fork, void)
{
    if (fails(INJECT_FORK))
        return -1;
    pid_t pid = __real_fork();
    is_worker |= pid == 0 && armed.call != INJECT_NOTHING;
    return pid;
}

REAL(int, socketpair, int domain, int type, int protocol, int fds[2])
{
    return fails(INJECT_SOCKETPAIR) ? -1 : __real_socketpair(domain, type, protocol, fds);
}

REAL(int, pidfd_open, pid_t pid, unsigned flags)
{
    return fails(INJECT_PIDFD_OPEN) ? -1 : __real_pidfd_open(pid, flags);
}

REAL(pid_t, waitpid, pid_t pid, int *status, int options)
{
    return fails(INJECT_WAIT) ? -1 : __real_waitpid(pid, status, options);
}

REAL(int, waitid, idtype_t type, id_t id, siginfo_t *info, int options)
{
    return fails(INJECT_WAIT) ? -1 : __real_waitid(type, id, info, options);
}

REAL(int, poll, struct pollfd *fds, nfds_t n, int timeout)
{
    return fails(INJECT_POLL) ? -1 : __real_poll(fds, n, timeout);
}

REAL(ssize_t, send, int fd, const void *data, size_t size, int flags)
{
    return io_fails(INJECT_SEND, &size) ? io_failure() : __real_send(fd, data, size, flags);
}

REAL(ssize_t, sendmsg, int fd, const struct msghdr *message, int flags)
{
    size_t size = SIZE_MAX;
    if (io_fails(INJECT_SEND, &size))
        return io_failure();
    if (size == SIZE_MAX)
        return __real_sendmsg(fd, message, flags);
    struct iovec piece = *message->msg_iov;
    struct msghdr cut = {.msg_iov = &piece, .msg_iovlen = 1};
    piece.iov_len = piece.iov_len > 0;
    return __real_sendmsg(fd, &cut, flags);
}

REAL(ssize_t, recv, int fd, void *data, size_t size, int flags)
{
    return io_fails(INJECT_RECV, &size) ? io_failure() : __real_recv(fd, data, size, flags);
}

REAL(ssize_t, getrandom, void *data, size_t size, unsigned flags)
{
    return io_fails(INJECT_GETRANDOM, &size) ? io_failure() : __real_getrandom(data, size, flags);
}

REAL(int, uv_loop_init, uv_loop_t *loop)
{
    return fails(INJECT_UV_LOOP_INIT) ? -errno : __real_uv_loop_init(loop);
}

REAL(int, uv_async_init, uv_loop_t *loop, uv_async_t *async, uv_async_cb fn)
{
    return fails(INJECT_UV_ASYNC_INIT) ? -errno : __real_uv_async_init(loop, async, fn);
}

REAL(int, uv_poll_init, uv_loop_t *loop, uv_poll_t *handle, int fd)
{
    return fails(INJECT_UV_POLL_INIT) ? -errno : __real_uv_poll_init(loop, handle, fd);
}

void inject_start(const struct injection *injection)
{
    if (!n_calls) {
        void *shared = __real_mmap(NULL, sizeof *n_calls, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED ||
            uv_replace_allocator(__wrap_malloc, uv_grow, __wrap_calloc, __wrap_free) != 0)
            abort();
        n_calls = shared;
    }
    atomic_store(n_calls, 0);
    armed = *injection;
}

uint64_t inject_stop(void)
{
    armed.call = INJECT_NOTHING;
    return atomic_load(n_calls);
}

long inject_n_held(void)
{
    return n_held;
}
