/*
 * Words that do not fit the memory limit, each there once, are counted, and all processes together
 * stay within the limit, 64 MiB, and PRIVATE_SIZE for each worker. What a process has of a shared
 * page is its share of it (PSS), so the sum is what the job has of the machine's memory. A look
 * every few milliseconds may miss the peak; it sees none that is not there.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "base/calls.h"
#include "children.h"
#include "oracle.h"

/* As engine/DESIGN.md says. */
#define FIXED_SIZE ((uint64_t)64 << 20)
#define PRIVATE_SIZE ((uint64_t)48 << 20)

static char folder[256], path[300], output[300];

static int set_up(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/words", folder);
    snprintf(output, sizeof output, "%s/output", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

/* In no order: an odd number times another takes each value once. */
static void make_words(uint32_t n)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    for (uint32_t i = 0; i < n; i++)
        fprintf(file, "word%08x\t2000\t%u\t1\n", (unsigned)(i * UINT32_C(2654435769)),
                (unsigned)i % 100);
    assert_int_equal(fclose(file), 0);
}

static int count_words(int workers, uint64_t memory, uint64_t n_words)
{
    const char *paths[] = {path};
    wm_options o;
    wm_result *result;
    wm_options_init(&o);
    o.workers = workers;
    o.memory = memory;
    o.output = output;
    o.spill_dir = folder;
    if (wm_run(&o, paths, 1, &result, NULL) < 0)
        return 1;
    const wm_stats *stats = wm_result_stats(result);
    return stats->words == n_words && stats->spilled_bytes > memory ? 0 : 2;
}

/* What the processes have together, in bytes, and of which kind it is. */
struct shares {
    uint64_t all, anon, file, shmem;
};

/* Adds those of a process; nothing if it is gone by now. */
static void add_shares(struct shares *sum, pid_t pid)
{
    char name[64], line[256];
    unsigned long long size;
    snprintf(name, sizeof name, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(name, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "Pss: %llu kB", &size) == 1)
            sum->all += size << 10;
        else if (sscanf(line, "Pss_Anon: %llu kB", &size) == 1)
            sum->anon += size << 10;
        else if (sscanf(line, "Pss_File: %llu kB", &size) == 1)
            sum->file += size << 10;
        else if (sscanf(line, "Pss_Shmem: %llu kB", &size) == 1)
            sum->shmem += size << 10;
    }
    if (file)
        fclose(file);
}

static void check(int workers, uint64_t memory, uint32_t n_words)
{
    pid_t pids[N_CHILDREN_MAX];
    struct shares peak = {0};
    uint64_t most = memory + FIXED_SIZE + (uint64_t)workers * PRIVATE_SIZE;
    int status;
    make_words(n_words);
    pid_t coordinator = fork();
    if (coordinator == 0)
        _exit(count_words(workers, memory, n_words));
    struct pollfd end = {pidfd_open(coordinator, 0), POLLIN, 0};
    assert_true(end.fd >= 0);
    unsigned n_looks = 0;
    for (; poll(&end, 1, 3) == 0; n_looks++) {
        struct shares sum = {0};
        add_shares(&sum, coordinator);
        for (size_t n = find_children(coordinator, pids); n > 0; n--)
            add_shares(&sum, pids[n - 1]);
        if (sum.all > peak.all)
            peak = sum;
    }
    close(end.fd);
    assert_int_equal(waitpid(coordinator, &status, 0), coordinator);
    print_message("%u words, %u MiB, %d workers: %u MiB at most (private %u, files %u, shared %u), "
                  "%u looks\n",
                  (unsigned)n_words, (unsigned)(memory >> 20), workers, (unsigned)(peak.all >> 20),
                  (unsigned)(peak.anon >> 20), (unsigned)(peak.file >> 20),
                  (unsigned)(peak.shmem >> 20), n_looks);
    assert_int_equal(status, 0);
    assert_true(n_looks > 0 && peak.all > memory / 4);
    assert_true(peak.all <= most);
    unlink(output);
}

static void all_processes_together_stay_within_the_limit(void **state)
{
    (void)state;
    if (getenv("WORDMILL_LONG")) {
        check(2, 256 << 20, 20000000);
        return;
    }
    check(1, 32 << 20, 2000000);
    check(2, 32 << 20, 2000000);
    check(4, 32 << 20, 2000000);
}

int main(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    puts("skipped: a sanitizer has memory of its own");
    return 77;
#endif
    struct shares own = {0};
    add_shares(&own, getpid());
    if (own.all == 0) {
        puts("skipped: no /proc/PID/smaps_rollup");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_processes_together_stay_within_the_limit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
