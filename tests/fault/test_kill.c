/*
 * Workers may die anywhere, by a fault point's or a stranger's kill -9, and the output is still the
 * oracle's; a task that kills every worker ends the job with its place in the input.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "children.h"
#include "oracle.h"
#include "random.h"
#include "v2_map.h"

#define SMALL_SIZE 1000000
#define SMALL_PARTITION 50000
#define BIG_SIZE 20000000
#define BIG_PARTITION 16384

static struct {
    char folder[256];
    char output[300];
    struct sample small, big;
} files;

static int make_files(void **state)
{
    (void)state;
    make_folder(files.folder, sizeof files.folder);
    snprintf(files.output, sizeof files.output, "%s/out", files.folder);
    sample_make(&files.small, files.folder, "small", SMALL_SIZE, 30000);
    sample_make(&files.big, files.folder, "big", BIG_SIZE, 100000);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    sample_release(&files.small);
    sample_release(&files.big);
    remove_folder(files.folder);
    return 0;
}

static void assert_nothing_left(void)
{
    assert_int_equal(count_files(files.folder), 2);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* The file is what it must be, and goes. */
static void assert_output(const struct sample *sample)
{
    struct bytes got = {0};
    assert_int_equal(bytes_load(&got, files.output), 0);
    assert_true(bytes_equal(&got, &sample->expected));
    bytes_release(&got);
    unlink(files.output);
    assert_nothing_left();
}

struct fault {
    const char *point;
    unsigned late;         /* a pass near the end */
    int big;               /* needs the larger file, cut by lines */
    const char *complaint; /* if the worker ends there at every pass; NULL: all is well */
    uint64_t memory;       /* 0: enough; else partitions are small, and their runs do not fit */
};

static uint64_t partition_size(const struct fault *fault)
{
    return fault->memory ? SMALL_PARTITION / 10 : SMALL_PARTITION;
}

static const struct fault faults[] = {
    {"start", 3, 0, "workers keep dying", 0},
    {"split", 4, 1, "/big' bytes ", 0},
    {"map", 17, 0, "/small' bytes ", 0},
    {"run", 18, 0, "/small' bytes ", 0},
    {"commit", 19, 0, "/small' bytes ", 0},
    {"mutex", 19, 0, NULL, 0}, /* the record is there by then: the second time it passes */
    {"reduce", 16, 0, "a reduce task killed 3 workers", 0},
    {"write", 4, 0, "a write task killed 3 workers", 0},
    {"message", 35, 0, "/small' bytes ", 0},
    {"spill", 9, 0, "/small' bytes ", 5 << 20},
};
#define N_FAULTS (sizeof faults / sizeof *faults)

static int run_with_fault(const struct fault *fault, const char *when, int workers,
                          wm_result **result, wm_error *error)
{
    const char *path = fault->big ? files.big.path : files.small.path;
    char value[64];
    wm_options o;
    wm_options_init(&o);
    o.workers = workers;
    o.fan_in = 2;
    o.memory = fault->memory;
    if (fault->big)
        o.partition_lines = 100000;
    else
        o.partition_size = partition_size(fault);
    o.output = files.output;
    snprintf(value, sizeof value, "%s:%s", fault->point, when);
    setenv("WORDMILL_FAULT", value, 1);
    int rc = wm_run(&o, &path, 1, result, error);
    unsetenv("WORDMILL_FAULT");
    return rc;
}

static void check_fault(const struct fault *fault, const char *when, unsigned n_deaths, int workers)
{
    wm_result *result;
    wm_error error = {0};
    int rc = run_with_fault(fault, when, workers, &result, &error);
    if (rc != 0)
        fail_msg("%s:%s with %d workers: %s", fault->point, when, workers, error.message);
    const wm_stats *stats = wm_result_stats(result);
    /* At its start it may have no task yet, or never start. On a busy machine a backup may be done
     * before the death is noticed. */
    if (strcmp(fault->point, "start") != 0) {
        assert_in_range(stats->retries + stats->backups, n_deaths, UINT64_MAX);
        assert_in_range(stats->retries, 0, n_deaths);
    }
    wm_result_free(result);
    assert_output(fault->big ? &files.big : &files.small);
}

static void a_worker_that_dies_at_any_point_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_FAULTS; i++) {
        for (int workers = 1; workers <= 4; workers *= 2) {
            char late[32];
            snprintf(late, sizeof late, "%u", faults[i].late);
            check_fault(&faults[i], "1", 1, workers);
            check_fault(&faults[i], "2", 1, workers);
            check_fault(&faults[i], late, 1, workers);
        }
    }
}

/* The one killed at the start is often a replacement. */
static void strangers_may_kill_a_few_workers_of_the_same_task(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_FAULTS; i++)
        for (int workers = 1; workers <= 2; workers++)
            check_fault(&faults[i], "2-6", 5, workers);
}

static void strangers_that_kill_every_worker_end_the_job(void **state)
{
    (void)state;
    static const struct fault all = {"map", 0, 0, NULL, 0};
    wm_result *result = NULL;
    wm_error error = {0};
    assert_int_equal(run_with_fault(&all, "all", 1, &result, &error), WM_EWORKER);
    assert_non_null(strstr(error.message, "/small' bytes 0 to 50000 cannot be done"));
    assert_null(result);
    assert_nothing_left();
}

/* The message has the place in the input of one of the tasks. */
static void assert_named(const struct fault *fault, const char *message)
{
    unsigned long long start, end;
    const char *range = strstr(message, fault->complaint);
    if (!range)
        fail_msg("%s:all:exit: '%s' is not in '%s'", fault->point, fault->complaint, message);
    if (strcmp(fault->complaint, "/small' bytes ") != 0)
        return;
    assert_int_equal(sscanf(range + 14, "%llu to %llu killed 3", &start, &end), 2);
    assert_int_equal(start % partition_size(fault), 0);
    assert_true(end == start + partition_size(fault) || end == files.small.input.size);
}

static void check_killing_every_worker(const struct fault *fault, int workers)
{
    wm_result *result = NULL;
    wm_error error = {0};
    int rc = run_with_fault(fault, "all:exit", workers, &result, &error);
    if (rc != (fault->complaint ? WM_EWORKER : 0))
        fail_msg("%s:all:exit with %d workers: %d, %s", fault->point, workers, rc, error.message);
    if (rc == 0) {
        assert_true(wm_result_stats(result)->retries >= 10);
        wm_result_free(result);
        assert_output(&files.small);
        return;
    }
    assert_named(fault, error.message);
    assert_null(result);
    assert_nothing_left();
}

static void a_task_that_kills_every_worker_ends_the_job_and_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_FAULTS; i++)
        for (int workers = 1; workers <= 4; workers *= 2)
            check_killing_every_worker(&faults[i], workers);
}

/* A killer of random workers, every 5 to 50 milliseconds. */
struct killer {
    uint64_t random;
    int stop; /* an eventfd */
    atomic_int phase;
    unsigned n_kills[WM_N_PHASES];
};

/* Where workers hardly get a CPU, so many may die in a row that the job is given up, rightly. */
static int is_busy(void)
{
    double load;
    return getloadavg(&load, 1) == 1 && load > 2.0 * (double)sysconf(_SC_NPROCESSORS_ONLN);
}

static void *kill_now_and_then(void *user)
{
    struct killer *killer = user;
    struct pollfd stop = {killer->stop, POLLIN, 0};
    pid_t children[N_CHILDREN_MAX];
    int rest = is_busy() ? 500 : 0;
    for (unsigned i = 1;; i++) {
        int delay = 5 + (int)random_below(&killer->random, 46) + (i % 8 == 0 ? rest : 0);
        if (poll(&stop, 1, delay) != 0)
            return NULL;
        size_t n = find_children(getpid(), children);
        if (n > 0 && kill(children[random_below(&killer->random, n)], SIGKILL) == 0)
            killer->n_kills[atomic_load(&killer->phase)]++;
    }
}

static int note_phase(const wm_progress *progress, void *user)
{
    struct killer *killer = user;
    atomic_store(&killer->phase, (int)progress->phase);
    return 0;
}

/* Mappings of memory that others may share. */
static unsigned count_shared_mappings(void)
{
    char line[512];
    unsigned n = 0;
    FILE *file = fopen("/proc/self/maps", "re");
    while (fgets(line, sizeof line, file))
        n += strstr(line, " rw-s ") != NULL;
    fclose(file);
    return n;
}

static int map_slowly(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    for (int i = 0; i < 1000; i++)
        __asm__ volatile("");
    return v2_map(mapper, record, size, user);
}

static void run_among_kills(uint64_t seed, int workers, unsigned *n_kills)
{
    const char *path = files.big.path;
    struct killer killer = {.random = seed, .stop = eventfd(0, EFD_CLOEXEC)};
    pthread_t thread;
    wm_options o;
    wm_result *result;
    wm_error error = {0};
    wm_options_init(&o);
    o.workers = workers;
    o.partition_size = BIG_PARTITION;
    /* Most of the time goes to many rounds of reduce, or to a map that is slow. */
    o.fan_in = seed % 2 ? 2 : 16;
    o.map = seed % 2 ? NULL : map_slowly;
    o.output = files.output;
    o.on_progress = note_phase;
    o.progress_user = &killer;
    assert_int_equal(pthread_create(&thread, NULL, kill_now_and_then, &killer), 0);
    int rc = wm_run(&o, &path, 1, &result, &error);
    assert_int_equal(eventfd_write(killer.stop, 1), 0);
    pthread_join(thread, NULL);
    close(killer.stop);
    if (rc != 0)
        fail_msg("seed %llu, %d workers: %s", (unsigned long long)seed, workers, error.message);
    const wm_stats *stats = wm_result_stats(result);
    unsigned n = 0;
    for (int i = 0; i < WM_N_PHASES; i++) {
        n += killer.n_kills[i];
        n_kills[i] += killer.n_kills[i];
    }
    /* The last ones may have come when all was done. */
    assert_true(stats->deaths <= n);
    assert_true(stats->retries <= stats->deaths);
    wm_result_free(result);
    assert_output(&files.big);
}

static void workers_killed_at_random_change_nothing(void **state)
{
    (void)state;
    unsigned n_kills[WM_N_PHASES] = {0};
    uint64_t n_runs = getenv("WORDMILL_LONG") ? 200 : 16;
    run_among_kills(0, 2, n_kills);
    size_t n_descriptors = count_files("/proc/self/fd");
    unsigned n_mappings = count_shared_mappings();
    for (uint64_t seed = 1; seed < n_runs; seed++)
        run_among_kills(seed, 1 << (seed % 3), n_kills);
    assert_int_equal(count_files("/proc/self/fd"), n_descriptors);
    assert_int_equal(count_shared_mappings(), n_mappings);
    print_message("%u workers were killed in the map, %u in the reduce, %u while it was written\n",
                  n_kills[WM_PHASE_MAP], n_kills[WM_PHASE_REDUCE], n_kills[WM_PHASE_WRITE]);
    assert_true(n_kills[WM_PHASE_MAP] >= n_runs);
    assert_true(n_kills[WM_PHASE_REDUCE] >= n_runs / 8);
}

int main(void)
{
#ifndef WORDMILL_FAULTS
    return 77; /* skipped: the fault points are not built in */
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_that_dies_at_any_point_changes_nothing),
        cmocka_unit_test(strangers_may_kill_a_few_workers_of_the_same_task),
        cmocka_unit_test(strangers_that_kill_every_worker_end_the_job),
        cmocka_unit_test(a_task_that_kills_every_worker_ends_the_job_and_is_named),
        cmocka_unit_test(workers_killed_at_random_change_nothing),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
