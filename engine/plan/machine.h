/* What this process may use of the machine. */
#ifndef ENGINE_PLAN_MACHINE_H
#define ENGINE_PLAN_MACHINE_H

#include <stdint.h>

/* CPUs: the least of the affinity mask and the quota of every cgroup that we are in; >= 1. */
int machine_cpus(void);

/* Bytes of memory: the least of what the system has available and the limits of those cgroups. */
uint64_t machine_memory(void);

/*
 * Bytes of addresses that this process may still map: RLIMIT_AS less what is in use; UINT64_MAX:
 * there is no limit.
 */
uint64_t machine_addresses(void);

/* Bytes of memory of its own that this process may still map: RLIMIT_DATA less what is in use;
 * UINT64_MAX: there is no limit. */
uint64_t machine_private(void);

/*
 * Bytes that all processes together may still map, be they shared or private: where the system
 * promises no memory that it has not got (vm.overcommit_memory is 2). UINT64_MAX: it does. proc is
 * the path of /proc.
 */
uint64_t machine_commit(const char *proc);

/* Descriptors that this process may still open, up to most: RLIMIT_NOFILE less those in use. */
uint32_t machine_descriptors(uint32_t most);

/*
 * Lowers *cpus and *memory to the limits of the cgroups that the file membership names, as
 * /proc/self/cgroup does, and of all above them, v2 or v1, whose folders are under root.
 */
void machine_limit(int *cpus, uint64_t *memory, const char *membership, const char *root);

#endif
