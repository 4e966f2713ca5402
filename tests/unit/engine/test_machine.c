/*
 * The limits of made cgroups: v2 with one hierarchy, v1 with one for each controller, nested ones,
 * those that a container cannot see, and files that no kernel would write.
 */
#include "plan/machine.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CPUS 64
#define MEMORY (UINT64_C(1) << 40)

static char root[256], membership[300];

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static int make_root(void **state)
{
    (void)state;
    const char *where = getenv("TMPDIR");
    snprintf(root, sizeof root, "%s/machine-XXXXXX", where ? where : "/tmp");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Writes root/path, and makes the folders that it lies in. */
static void put(const char *path, const char *text)
{
    char full[600];
    snprintf(full, sizeof full, "%s/%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_limits(const char *groups, int cpus, uint64_t memory)
{
    int got_cpus = CPUS;
    uint64_t got_memory = MEMORY;
    put("self", groups);
    snprintf(membership, sizeof membership, "%s/self", root);
    machine_limit(&got_cpus, &got_memory, membership, root);
    assert_int_equal(got_cpus, cpus);
    assert_int_equal(got_memory, memory);
}

static void the_quota_and_the_memory_of_a_cgroup_are_the_limits(void **state)
{
    (void)state;
    put("box/cpu.max", "200000 100000\n");
    put("box/memory.max", "536870912\n");
    assert_limits("0::/box\n", 2, 536870912);
    assert_limits("0::/box", 2, 536870912);
}

static void part_of_a_cpu_counts_as_one(void **state)
{
    (void)state;
    static const struct {
        const char *quota;
        int cpus;
    } cases[] = {{"1000 100000\n", 1},   {"100000 100000\n", 1},   {"100001 100000\n", 2},
                 {"150000 100000\n", 2}, {"6300000 100000\n", 63}, {"6300001 100000\n", 64},
                 {"5000 10000\n", 1},    {"9900000 100000\n", 64}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put("box/cpu.max", cases[i].quota);
        assert_limits("0::/box\n", cases[i].cpus, MEMORY);
    }
}

static void max_is_no_limit(void **state)
{
    (void)state;
    put("box/cpu.max", "max 100000\n");
    put("box/memory.max", "max\n");
    put("box/memory.high", "max\n");
    assert_limits("0::/box\n", CPUS, MEMORY);
}

static void the_tightest_of_all_above_counts(void **state)
{
    (void)state;
    put("cpu.max", "800000 100000\n");
    put("a/memory.max", "1000000000\n");
    put("a/b/cpu.max", "300000 100000\n");
    put("a/b/memory.max", "2000000000\n");
    put("a/b/c/cpu.max", "max 100000\n");
    put("a/b/c/memory.high", "1500000000\n");
    assert_limits("0::/a/b/c\n", 3, 1000000000);
    assert_limits("0::/a/b/c/d\n", 3, 1000000000); /* which has no files of its own */
    assert_limits("0::/a\n", 8, 1000000000);
    assert_limits("0::/\n", 8, MEMORY);
    put("a/b/c/memory.high", "999\n"); /* past it everything is throttled */
    assert_limits("0::/a/b/c\n", 3, 999);
}

static void a_hierarchy_for_each_controller_is_understood(void **state)
{
    (void)state;
    put("cpu/box/cpu.cfs_quota_us", "250000\n");
    put("cpu/box/cpu.cfs_period_us", "100000\n");
    put("memory/box/memory.limit_in_bytes", "700000000\n");
    put("memory/box/inner/memory.limit_in_bytes", "9223372036854771712\n");
    put("cpuset/box/memory.limit_in_bytes", "5\n"); /* of no controller that counts */
    assert_limits("3:cpuset:/box\n2:cpuacct,cpu:/box\n1:memory:/box\n", 3, 700000000);
    assert_limits("1:memory:/box/inner\n", CPUS, 700000000);
    assert_limits("1:name=systemd:/box\n2:cpuset:/box\n", CPUS, MEMORY);
    put("cpu/box/cpu.cfs_quota_us", "-1\n");
    assert_limits("1:cpu:/box\n", CPUS, MEMORY);
}

static void limits_of_a_container_are_found_at_the_root_that_it_sees(void **state)
{
    (void)state;
    put("memory/memory.limit_in_bytes", "64000000\n");
    put("cpu/cpu.cfs_quota_us", "50000\n");
    put("cpu/cpu.cfs_period_us", "100000\n");
    assert_limits("4:memory:/docker/0123456789\n3:cpu,cpuacct:/docker/0123456789\n", 1, 64000000);
}

static void nonsense_is_no_limit(void **state)
{
    (void)state;
    put("box/cpu.max", "\n");
    put("box/memory.max", "");
    assert_limits("0::/box\n", CPUS, MEMORY);
    put("box/cpu.max", "100000\n");
    put("box/memory.max", "many\n");
    assert_limits("0::/box\n", CPUS, MEMORY);
    put("box/cpu.max", "100000 0\n");
    assert_limits("0::/box\n", CPUS, MEMORY);
    put("box/cpu.max", "-1 100000\n");
    assert_limits("0::/box\n", CPUS, MEMORY);
    assert_limits("", CPUS, MEMORY);
    assert_limits("nothing\n:\n0:\n", CPUS, MEMORY);
    int cpus = CPUS;
    uint64_t memory = MEMORY;
    machine_limit(&cpus, &memory, "/nothing/here", root);
    assert_int_equal(cpus, CPUS);
}

static void assert_commit(const char *mode, const char *meminfo, uint64_t left)
{
    put("sys/vm/overcommit_memory", mode);
    put("meminfo", meminfo);
    assert_int_equal(machine_commit(root), left);
}

static void memory_that_is_promised_is_a_limit_only_where_the_system_keeps_to_it(void **state)
{
    (void)state;
    static const char some[] = "MemTotal:  9000 kB\nCommitLimit:    5000 kB\nCommitted_AS:   1000 "
                               "kB\nVmallocTotal:  7 kB\n";
    assert_commit("2\n", some, UINT64_C(4000) * 1024);
    assert_commit("0\n", some, UINT64_MAX);
    assert_commit("1\n", some, UINT64_MAX);
    assert_commit("", some, UINT64_MAX);
    assert_commit("2\n", "CommitLimit: 1000 kB\nCommitted_AS: 1001 kB\n", 0);
    assert_commit("2\n", "CommitLimit: 1000 kB\n", UINT64_C(1000) * 1024);
    assert_commit("2\n", "Committed_AS: 1000 kB\n", UINT64_MAX);
    assert_int_equal(machine_commit("/nothing/here"), UINT64_MAX);
}

/* Sets the soft limit, and back. */
static uint64_t under(__rlimit_resource_t resource, rlim_t limit, uint64_t (*left)(void))
{
    struct rlimit before, low;
    assert_int_equal(getrlimit(resource, &before), 0);
    low = before;
    low.rlim_cur = limit;
    assert_int_equal(setrlimit(resource, &low), 0);
    uint64_t n = left();
    assert_int_equal(setrlimit(resource, &before), 0);
    return n;
}

static uint64_t left_of_99_files(void)
{
    return machine_descriptors(99);
}

static void of_a_limit_what_is_in_use_is_not_left(void **state)
{
    (void)state;
    const rlim_t limit = (rlim_t)1 << 44; /* more than sanitizers map */
    assert_int_equal(under(RLIMIT_DATA, RLIM_INFINITY, machine_private), UINT64_MAX);
    assert_in_range(under(RLIMIT_DATA, limit, machine_private), 1, limit - 4096);
#ifndef __SANITIZE_ADDRESS__ /* which needs memory of its own to look */
    assert_int_equal(under(RLIMIT_DATA, 4096, machine_private), 0);
    assert_int_equal(under(RLIMIT_AS, 4096, machine_addresses), 0);
#endif
    assert_in_range(under(RLIMIT_AS, (rlim_t)1 << 46, machine_addresses), 1,
                    ((rlim_t)1 << 46) - 4096);
    uint64_t before = under(RLIMIT_NOFILE, 50, left_of_99_files);
    int fd = dup(STDERR_FILENO);
    assert_true(fd >= 0);
    assert_int_equal(under(RLIMIT_NOFILE, 50, left_of_99_files), before - 1);
    close(fd);
    assert_int_equal(machine_descriptors(3), 3);
}

static void this_machine_has_a_cpu_and_memory(void **state)
{
    (void)state;
    assert_in_range(machine_cpus(), 1, sysconf(_SC_NPROCESSORS_CONF));
    assert_true(machine_memory() > 1 << 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_quota_and_the_memory_of_a_cgroup_are_the_limits),
        TEST(part_of_a_cpu_counts_as_one),
        TEST(max_is_no_limit),
        TEST(the_tightest_of_all_above_counts),
        TEST(a_hierarchy_for_each_controller_is_understood),
        TEST(limits_of_a_container_are_found_at_the_root_that_it_sees),
        TEST(nonsense_is_no_limit),
        TEST(memory_that_is_promised_is_a_limit_only_where_the_system_keeps_to_it),
        cmocka_unit_test(of_a_limit_what_is_in_use_is_not_left),
        TEST(this_machine_has_a_cpu_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
