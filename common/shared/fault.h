/*
 * Named places where a test may have a worker killed. WORDMILL_FAULT="name:N" kills the process
 * that passes the place for the N-th time, counted over all workers of the job. "name:N-M" kills
 * from the N-th to the M-th, and "name:all" at every pass. "name:N:stop" stops the process instead
 * (SIGSTOP), and "name:N:exit" has it end by itself, as if the task were to blame. Built only with
 * -DWORDMILL_FAULTS=ON; release builds contain none of it.
 */
#ifndef COMMON_SHARED_FAULT_H
#define COMMON_SHARED_FAULT_H

#include <stdatomic.h>
#include <stdint.h>

/* In shared memory, so that a worker that replaces another goes on where that one died. */
struct faults {
    _Atomic uint32_t n_passes; /* through places of the name that is asked for */
};

#ifdef WORDMILL_FAULTS
enum fault { FAULT_NONE, FAULT_KILL, FAULT_STOP, FAULT_EXIT };

/* Counts a pass, and says what is due now; fault_strike does it. */
enum fault fault_due(struct faults *faults, const char *name);
void fault_strike(enum fault fault);
void fault_point(struct faults *faults, const char *name);
#else
static inline void fault_point(struct faults *faults, const char *name)
{
    (void)faults;
    (void)name;
}
#endif

#endif
