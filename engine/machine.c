/*
 * Containers set their limits on a cgroup, but any ancestor may be tighter, so all of them are read
 * up to the root of the hierarchy (cgroup v2: Linux, Documentation/admin-guide/cgroup-v2.rst).
 */
#include "machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char cgroup_root[] = "/sys/fs/cgroup";

/* Calls fn with the content of the named file of our cgroup and of each ancestor. */
static void cgroup_each(const char *name, void (*fn)(const char *text, void *user), void *user)
{
    char line[2048], path[4096], text[128];
    char *group = NULL;
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file)
        return;
    while (!group && fgets(line, sizeof line, file))
        if (strncmp(line, "0::", 3) == 0)
            group = line + 3;
    fclose(file);
    if (!group)
        return;
    group[strcspn(group, "\n")] = '\0';
    for (;;) {
        snprintf(path, sizeof path, "%s%s/%s", cgroup_root, group, name);
        file = fopen(path, "re");
        if (file) {
            if (fgets(text, sizeof text, file))
                fn(text, user);
            fclose(file);
        }
        char *slash = strrchr(group, '/');
        if (!slash)
            return;
        *slash = '\0';
    }
}

static void lower_cpus(const char *text, void *user)
{
    int *cpus = user;
    double quota, period;
    if (sscanf(text, "%lf %lf", &quota, &period) != 2 || period <= 0)
        return;
    int allowed = (int)((quota + period - 1) / period);
    if (allowed < *cpus)
        *cpus = allowed > 0 ? allowed : 1;
}

static void lower_memory(const char *text, void *user)
{
    uint64_t *memory = user;
    unsigned long long limit;
    if (sscanf(text, "%llu", &limit) == 1 && limit < *memory)
        *memory = limit;
}

int machine_cpus(void)
{
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        cpus = CPU_COUNT(&set);
    if (cpus < 1)
        cpus = 1;
    cgroup_each("cpu.max", lower_cpus, &cpus);
    return cpus;
}

uint64_t machine_memory(void)
{
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    char line[256];
    unsigned long long kib;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
            memory = (uint64_t)kib * 1024;
    if (file)
        fclose(file);
    cgroup_each("memory.max", lower_memory, &memory);
    return memory;
}
