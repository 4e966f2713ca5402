/*
 * If it is the coordinator that dies, by a stranger's kill -9, its workers are gone within a
 * second. It leaves no spilled runs, and no half of an output under the name that anybody waits
 * for.
 */
#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "base/calls.h"
#include "children.h"
#include "oracle.h"
#include "v2_map.h"

#define SIZE 20000000
#define PARTITION 16384

static struct {
    char folder[256];
    char output[300];
    struct sample sample;
} files;

static int make_files(void **state)
{
    (void)state;
    make_folder(files.folder, sizeof files.folder);
    snprintf(files.output, sizeof files.output, "%s/out", files.folder);
    sample_make(&files.sample, files.folder, "in", SIZE, 100000);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    sample_release(&files.sample);
    remove_folder(files.folder);
    return 0;
}

struct endless {
    uint64_t partition_size;
    uint64_t memory; /* 0: enough; else runs spill to the folder */
    wm_map_fn *map;
    char output[320];
    pthread_t thread;
};

/* Two milliseconds a line. */
static int map_very_slowly(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    poll(NULL, 0, 2);
    return v2_map(mapper, record, size, user);
}

static void *run_for_ever(void *user)
{
    const struct endless *endless = user;
    const char *path = files.sample.path;
    for (;;) {
        wm_options o;
        wm_result *result;
        wm_options_init(&o);
        o.workers = 3;
        o.partition_size = endless->partition_size;
        o.map = endless->map;
        o.memory = endless->memory;
        o.spill_dir = files.folder;
        o.output = endless->output;
        unlink(o.output);
        if (wm_run(&o, &path, 1, &result, NULL) != 0)
            _exit(1);
        wm_result_free(result);
    }
    return NULL;
}

static pid_t start_coordinator(int n_jobs, wm_map_fn *map, uint64_t memory)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct endless jobs[2] = {
        {.partition_size = memory ? PARTITION : SIZE, .map = map, .memory = memory},
        {.partition_size = PARTITION}};
    alarm(600);
    for (int i = 0; i < n_jobs; i++)
        snprintf(jobs[i].output, sizeof jobs[i].output, "%s%d", files.output, i);
    for (int i = 1; i < n_jobs; i++)
        if (pthread_create(&jobs[i].thread, NULL, run_for_ever, &jobs[i]) != 0)
            _exit(1);
    run_for_ever(&jobs[0]);
    _exit(1);
}

static int64_t milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Whether the process has a file without a name in the folder that has something in it. */
static int has_spilled(pid_t pid)
{
    char path[64], target[PATH_MAX];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    struct dirent *item;
    while (folder && !found && (item = readdir(folder))) {
        struct stat status;
        ssize_t n = readlinkat(dirfd(folder), item->d_name, target, sizeof target - 1);
        target[n > 0 ? n : 0] = '\0';
        found = strncmp(target, files.folder, strlen(files.folder)) == 0 &&
                strstr(target, "(deleted)") &&
                fstatat(dirfd(folder), item->d_name, &status, 0) == 0 && status.st_nlink == 0 &&
                status.st_blocks > 0;
    }
    if (folder)
        closedir(folder);
    return found;
}

/* Returns how many of the coordinator's workers outlive it by a second, or -1: nothing started. */
static int kill_coordinator(int n_jobs, int delay, wm_map_fn *map, uint64_t memory)
{
    pid_t pids[N_CHILDREN_MAX];
    struct pollfd fds[N_CHILDREN_MAX];
    size_t n = 0;
    int64_t deadline = milliseconds() + 20000;
    pid_t coordinator = start_coordinator(n_jobs, map, memory);
    while (n < 3 * (size_t)n_jobs && milliseconds() < deadline) {
        n = find_children(coordinator, pids);
        if (memory && !has_spilled(coordinator))
            n = 0;
        poll(NULL, 0, 1);
    }
    poll(NULL, 0, delay); /* so that they are anywhere in their work */
    kill(coordinator, SIGSTOP);
    waitpid(coordinator, NULL, WUNTRACED);
    size_t n_workers = find_children(coordinator, pids);
    size_t n_open = 0;
    for (size_t i = 0; i < n_workers; i++) {
        fds[n_open] = (struct pollfd){pidfd_open(pids[i], 0), POLLIN, 0};
        n_open += fds[n_open].fd >= 0;
    }
    kill(coordinator, SIGKILL);
    waitpid(coordinator, NULL, 0);

    int n_alive = 0;
    deadline = milliseconds() + 10000;
    for (size_t i = 0; i < n_open; i++) {
        int64_t left = deadline - milliseconds();
        if (poll(&fds[i], 1, left > 0 ? (int)left : 0) != 1) {
            pidfd_send_signal(fds[i].fd, SIGKILL, NULL, 0);
            n_alive++;
        }
        close(fds[i].fd);
    }
    return n < 3 * (size_t)n_jobs ? -1 : n_alive;
}

/* 1 if there is a file under the name, which then is whole. */
static int has_output(int job)
{
    struct bytes got = {0};
    char path[320];
    snprintf(path, sizeof path, "%s%d", files.output, job);
    if (bytes_load(&got, path) != 0)
        return 0;
    assert_true(bytes_equal(&got, &files.sample.expected));
    bytes_release(&got);
    return 1;
}

/* What it was writing is still there, but under no name that anybody waits for;
 * no other file is. */
static void remove_leftovers(void)
{
    struct dirent *item;
    DIR *folder = opendir(files.folder);
    while ((item = readdir(folder))) {
        if (item->d_type == DT_DIR || strcmp(item->d_name, "in") == 0)
            continue;
        assert_true(strncmp(item->d_name, "out", 3) == 0 || strncmp(item->d_name, ".out", 4) == 0);
        unlinkat(dirfd(folder), item->d_name, 0);
    }
    closedir(folder);
}

static void neither_workers_nor_half_an_output_outlive_their_coordinator(void **state)
{
    (void)state;
    int n_outputs = 0;
    for (int delay = 0; delay < 40; delay += 5) {
        for (int n_jobs = 1; n_jobs <= 2; n_jobs++) {
            assert_int_equal(kill_coordinator(n_jobs, delay, NULL, 0), 0);
            for (int i = 0; i < n_jobs; i++)
                n_outputs += has_output(i);
            remove_leftovers();
        }
    }
    assert_true(n_outputs < 24); /* or none was killed in the middle */
    assert_int_equal(kill_coordinator(1, 50, map_very_slowly, 0), 0);
    assert_false(has_output(0));
    remove_leftovers();
}

static void no_spilled_runs_outlive_their_coordinator_either(void **state)
{
    (void)state;
    for (int delay = 0; delay < 100; delay += 10) {
        assert_int_equal(kill_coordinator(1, delay, NULL, 5 << 20), 0);
        has_output(0);
        remove_leftovers();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_workers_nor_half_an_output_outlive_their_coordinator),
        cmocka_unit_test(no_spilled_runs_outlive_their_coordinator_either),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
