/* The calls by their numbers, which the headers of the kernel know, or are the same on all
 * machines. */
#include "base/calls.h"

#include <sys/syscall.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#ifndef HAVE_PIDFD
int pidfd_open(pid_t pid, unsigned flags)
{
    return (int)syscall(SYS_pidfd_open, pid, flags);
}

int pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags)
{
    return (int)syscall(SYS_pidfd_send_signal, pidfd, number, info, flags);
}
#endif

#ifndef HAVE_CLOSE_RANGE
int close_range(unsigned first, unsigned last, int flags)
{
    return (int)syscall(SYS_close_range, first, last, flags);
}
#endif

#ifndef HAVE_PREADV2
ssize_t preadv2(int fd, const struct iovec *pieces, int n, off_t at, int flags)
{
    /* Of the two halves of the place, 64 bits fit the first. */
    return syscall(SYS_preadv2, fd, pieces, n, at, 0L, flags);
}
#endif
