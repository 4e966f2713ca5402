/*
 * Functions of libc for calls of the system that older ones and musl do not have; then calls.c has
 * them. CMake looks for each: HAVE_PIDFD (glibc 2.36), HAVE_CLOSE_RANGE (2.34), HAVE_PREADV2 (2.26,
 * musl 1.2.5).
 */
#ifndef COMMON_BASE_CALLS_H
#define COMMON_BASE_CALLS_H

#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_PIDFD
#include <sys/pidfd.h>
#else
#include <signal.h>

/* As of Linux 5.3 and 5.1: see pidfd_open(2) and pidfd_send_signal(2). */
int pidfd_open(pid_t pid, unsigned flags);
int pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags);

/* Of waitid(2), from Linux 5.4 on; a macro of musl. */
#ifndef P_PIDFD
#define P_PIDFD ((idtype_t)3)
#endif
#endif

#ifndef HAVE_CLOSE_RANGE
/* As of Linux 5.9: see close_range(2). */
int close_range(unsigned first, unsigned last, int flags);
#endif

#ifndef HAVE_PREADV2
/* As of Linux 4.6: see preadv2(2). */
ssize_t preadv2(int fd, const struct iovec *pieces, int n, off_t at, int flags);

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
#endif
#endif

#endif
