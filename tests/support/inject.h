/*
 * Makes the n-th call of a function fail, or every one from the n-th on: in the coordinator, in the
 * workers, or wherever it comes. Calls are counted in shared memory, over all processes of a job.
 * The linker's --wrap puts the wrappers in front of the C library and of libuv, for all objects of
 * the test; to add a function, write its wrapper in inject.c and its name in CMakeLists.txt.
 */
#ifndef TESTS_SUPPORT_INJECT_H
#define TESTS_SUPPORT_INJECT_H

#include <stdint.h>

enum inject_call {
    INJECT_NOTHING,
    INJECT_MEMORY, /* malloc, calloc, realloc, strdup and strndup, libuv's too */
    INJECT_MMAP,
    INJECT_MREMAP,
    INJECT_MADVISE,
    INJECT_FOPEN,
    INJECT_OPEN, /* open, openat */
    INJECT_STAT, /* stat, lstat, fstat, fstatat, access */
    INJECT_READ,
    INJECT_PREAD,
    INJECT_WRITE,
    INJECT_PWRITE,
    INJECT_FTRUNCATE,
    INJECT_CLOSE,
    INJECT_RENAME, /* renameat, linkat */
    INJECT_FORK,
    INJECT_SOCKETPAIR,
    INJECT_PIDFD_OPEN,
    INJECT_WAIT, /* waitpid, waitid */
    INJECT_POLL,
    INJECT_SEND, /* send, sendmsg */
    INJECT_RECV,
    INJECT_GETRANDOM,
    INJECT_UV_LOOP_INIT,
    INJECT_UV_ASYNC_INIT,
    INJECT_UV_POLL_INIT,
    INJECT_N_CALLS
};

/* Instead of an errno. */
enum { INJECT_SHORT = -1 /* only one byte */, INJECT_END = -2 /* 0, as at the end */ };

struct injection {
    enum inject_call call;
    int how;       /* an errno, or one of the above */
    uint64_t n;    /* from 1; 0: nothing fails, calls are only counted */
    int always;    /* not only the n-th, but all from it on */
    int in_worker; /* in a process that was forked after inject_start, else only in the others */
};

void inject_start(const struct injection *injection);

/* Nothing fails any more. Returns how many calls were counted, those that failed included. */
uint64_t inject_stop(void);

/* Pieces of memory that this process has from malloc, mmap or libuv and has not given back. */
long inject_n_held(void);

#endif
