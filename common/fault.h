/*
 * Named places where a test may have a worker killed. WORDMILL_FAULT="name:N" kills the process
 * that passes the place for the N-th time, counted over all workers of the job; "name:all" kills at
 * every pass; "name:N:stop" stops instead (SIGSTOP). Built only with -DWORDMILL_FAULTS=ON; release
 * builds contain none of it.
 */
#ifndef COMMON_FAULT_H
#define COMMON_FAULT_H

struct progress;

#ifdef WORDMILL_FAULTS
/* Counts a pass; the signal that is due now, or 0. */
int fault_signal(struct progress *progress, const char *name);
void fault_point(struct progress *progress, const char *name);
#else
static inline void fault_point(struct progress *progress, const char *name)
{
    (void)progress;
    (void)name;
}
#endif

#endif
