/*
 * Containers set their limits on a cgroup, but any ancestor may be tighter. So all of them are read
 * up to the root of the hierarchy, or as far up as a container can see (Linux,
 * Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/).
 */
#include "plan/machine.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The first line of folder/name; 0 if there is none. */
static int read_line(const char *folder, const char *name, char *line, int size)
{
    char path[4200];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = n < (int)sizeof path ? fopen(path, "re") : NULL;
    int found = file && fgets(line, size, file);
    if (file)
        fclose(file);
    return found;
}

/* Part of a CPU is one. */
static void limit_cpus(int *cpus, double quota, double period)
{
    if (!(quota > 0 && period > 0) || quota >= period * *cpus)
        return;
    int whole = (int)(quota / period);
    *cpus = whole + (whole * period < quota);
}

static void limit_memory(uint64_t *memory, const char *folder, const char *name)
{
    char line[64];
    unsigned long long limit; /* a word, "max", is none; v1 has a number larger than any memory */
    if (read_line(folder, name, line, sizeof line) && sscanf(line, "%llu", &limit) == 1 &&
        limit < *memory)
        *memory = limit;
}

static void limit_by_folder(int *cpus, uint64_t *memory, const char *folder)
{
    char line[64], period_line[64];
    double quota, period;
    if (read_line(folder, "cpu.max", line, sizeof line) &&
        sscanf(line, "%lf %lf", &quota, &period) == 2)
        limit_cpus(cpus, quota, period);
    if (read_line(folder, "cpu.cfs_quota_us", line, sizeof line) &&
        read_line(folder, "cpu.cfs_period_us", period_line, sizeof period_line) &&
        sscanf(line, "%lf", &quota) == 1 && sscanf(period_line, "%lf", &period) == 1)
        limit_cpus(cpus, quota, period);
    limit_memory(memory, folder, "memory.max");
    limit_memory(memory, folder, "memory.high");
    limit_memory(memory, folder, "memory.limit_in_bytes");
}

/* The folder of a hierarchy under the root: v2 has none of its own, v1 one for each controller. */
static const char *hierarchy(char *controllers)
{
    char *rest = NULL;
    if (*controllers == '\0')
        return ".";
    for (char *name = strtok_r(controllers, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        if (strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0)
            return name;
    return NULL;
}

void machine_limit(int *cpus, uint64_t *memory, const char *membership, const char *root)
{
    char line[2048], folder[4096];
    FILE *file = fopen(membership, "re");
    while (file && fgets(line, sizeof line, file)) {
        /* number:controllers:/path */
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path)
            continue;
        *controllers++ = *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';
        const char *name = hierarchy(controllers);
        while (name) {
            snprintf(folder, sizeof folder, "%s/%s%s", root, name, path);
            limit_by_folder(cpus, memory, folder);
            char *slash = strrchr(path, '/');
            if (!slash)
                break;
            *slash = '\0';
        }
    }
    if (file)
        fclose(file);
}

static void limit_by_cgroups(int *cpus, uint64_t *memory)
{
    machine_limit(cpus, memory, "/proc/self/cgroup", "/sys/fs/cgroup");
}

int machine_cpus(void)
{
    cpu_set_t set;
    uint64_t memory = 0;
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        cpus = CPU_COUNT(&set);
    if (cpus < 1)
        cpus = 1;
    limit_by_cgroups(&cpus, &memory);
    return cpus;
}

uint64_t machine_memory(void)
{
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    int cpus = 1;
    char line[256];
    unsigned long long kib;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
            memory = (uint64_t)kib * 1024;
    if (file)
        fclose(file);
    limit_by_cgroups(&cpus, &memory);
    return memory;
}

/* What is left of a limit of this process, whose use is a field of /proc/self/statm. */
static uint64_t left_of(const struct rlimit *limit, const char *field)
{
    char line[256];
    unsigned long long pages = 0;
    if (limit->rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    if (read_line("/proc/self", "statm", line, sizeof line) && sscanf(line, field, &pages) != 1)
        pages = 0;
    uint64_t used = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return limit->rlim_cur > used ? limit->rlim_cur - used : 0;
}

uint64_t machine_addresses(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 ? left_of(&limit, "%llu") : UINT64_MAX;
}

uint64_t machine_private(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_DATA, &limit) == 0 ? left_of(&limit, "%*u %*u %*u %*u %*u %llu")
                                               : UINT64_MAX;
}

uint64_t machine_commit(const char *proc)
{
    char line[256];
    unsigned long long kib, limit = 0, used = 0;
    int has_limit = 0, n = snprintf(line, sizeof line, "%s/meminfo", proc);
    FILE *file = n < (int)sizeof line ? fopen(line, "re") : NULL;
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "CommitLimit: %llu", &kib) == 1) {
            limit = kib;
            has_limit = 1;
        }
        if (sscanf(line, "Committed_AS: %llu", &kib) == 1)
            used = kib;
    }
    if (file)
        fclose(file);
    if (!has_limit || !read_line(proc, "sys/vm/overcommit_memory", line, sizeof line) ||
        *line != '2')
        return UINT64_MAX;
    return limit > used ? (uint64_t)(limit - used) * 1024 : 0;
}

uint32_t machine_descriptors(uint32_t most)
{
    struct rlimit limit;
    uint32_t n = 0;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return most;
    for (rlim_t fd = 0; fd < limit.rlim_cur && fd < INT_MAX && n < most; fd++)
        n += fcntl((int)fd, F_GETFD) < 0;
    return n;
}
