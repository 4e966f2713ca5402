/* What this process may use of the machine. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include <stdint.h>

/* CPUs: the least of the affinity mask and every cpu.max of the cgroup and its ancestors; >= 1. */
int limits_cpus(void);

/* Bytes of memory: the least of what the system has available and every memory.max above us. */
uint64_t limits_memory(void);

#endif
