/* What this process may use of the machine. */
#ifndef ENGINE_MACHINE_H
#define ENGINE_MACHINE_H

#include <stdint.h>

/* CPUs: the least of the affinity mask and every cpu.max of the cgroup and its ancestors; >= 1. */
int machine_cpus(void);

/* Bytes of memory: the least of what the system has available and every memory.max above us. */
uint64_t machine_memory(void);

#endif
