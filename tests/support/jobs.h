/*
 * What the tests of whole jobs share: a folder with a small and a big input, what they must give,
 * and a host's loop around a job.
 */
#ifndef TESTS_SUPPORT_JOBS_H
#define TESTS_SUPPORT_JOBS_H

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"

#define BIG_SIZE 2500000
#define UNTOUCHED ((wm_result *)(void *)&files)

static struct {
    char folder[256], output[300];
    struct sample small_sample, big_sample;
    const char *small, *big; /* their paths */
} files;

static inline int make_files(void **state)
{
    (void)state;
    make_folder(files.folder, sizeof files.folder);
    snprintf(files.output, sizeof files.output, "%s/out", files.folder);
    sample_make(&files.small_sample, files.folder, "small", 5000, 100);
    sample_make(&files.big_sample, files.folder, "big", BIG_SIZE, 50000);
    files.small = files.small_sample.path;
    files.big = files.big_sample.path;
    return 0;
}

static inline int remove_files(void **state)
{
    (void)state;
    sample_release(&files.small_sample);
    sample_release(&files.big_sample);
    remove_folder(files.folder);
    return 0;
}

/* After a test that changed it. */
static inline void restore_big(void)
{
    assert_int_equal(bytes_save(&files.big_sample.input, files.big), 0);
}

static inline int count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static inline void assert_nothing_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    assert_int_equal(count_files(files.folder), 2);
}

/* Appends the lines of a result. 0, or it cannot be written. */
static inline int result_load(const wm_result *result, struct bytes *lines)
{
    int fd = memfd_create("result", MFD_CLOEXEC);
    int rc = wm_result_write(result, WM_OUTPUT_TSV, fd, NULL);
    lseek(fd, 0, SEEK_SET);
    if (rc == 0)
        rc = bytes_read(lines, fd);
    close(fd);
    return rc;
}

static inline int is_result(const wm_result *result, const struct bytes *expected)
{
    struct bytes got = {0};
    int equal = result_load(result, &got) == 0 && bytes_equal(&got, expected);
    bytes_release(&got);
    return equal;
}

static inline wm_options job_options(int workers, uint64_t partition_size)
{
    wm_options o;
    wm_options_init(&o);
    o.workers = workers;
    o.partition_size = partition_size;
    return o;
}

/* One turn of a host's loop. */
static inline int turn(wm_job *job)
{
    struct pollfd fd = {wm_job_fd(job), POLLIN, 0};
    poll(&fd, 1, wm_job_timeout(job));
    return wm_job_step(job);
}

static inline int turn_until_end(wm_job *job)
{
    int rc;
    while ((rc = turn(job)) == WM_RUNNING)
        continue;
    return rc;
}

static inline wm_job *start(const wm_options *o, const char *path)
{
    wm_job *job = NULL;
    assert_int_equal(wm_job_start(o, &path, 1, &job, NULL), 0);
    return job;
}

/* Runs body in a process of its own, where it may do to itself what it likes. */
static inline void in_child(int (*body)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(body());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("the child ended with status %x", (unsigned)status);
    assert_nothing_left();
}

/* 0 if a job gives the right result, whose statistics are stored. */
static inline int run_is_right(const wm_options *o, const char *path, wm_stats *stats)
{
    *stats = (wm_stats){0};
    wm_result *result;
    wm_error error = {0};
    if (wm_run(o, &path, 1, &result, &error) != 0) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    int right = is_result(result, &files.big_sample.expected);
    *stats = *wm_result_stats(result);
    wm_result_free(result);
    return right ? 0 : 3;
}

#endif
