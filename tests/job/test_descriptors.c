/*
 * Descriptors: what workers find of those of the host, and how few of them a job makes do with.
 */
#include "jobs.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "children.h"
#include "v2_map.h"

/* How many of the descriptors that this process has its first worker has too. */
static int count_shared(void)
{
    pid_t children[N_CHILDREN_MAX];
    struct stat own, theirs;
    int n = 0;
    if (find_children(getpid(), children) == 0)
        return -1;
    for (int fd = 0; fd < 256; fd++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)children[0], fd);
        n += fstat(fd, &own) == 0 && stat(path, &theirs) == 0 && own.st_dev == theirs.st_dev &&
             own.st_ino == theirs.st_ino && !S_ISREG(own.st_mode);
    }
    return n;
}

/* Writes the input to a pipe whose reading end is a job's, and closes it. */
static void *feed(void *user)
{
    const struct bytes *input = &files.small_sample.input;
    int fd = *(int *)user;
    for (size_t at = 0; at < input->size;) {
        ssize_t n = write(fd, input->data + at, input->size - at);
        if (n < 0)
            break;
        at += (size_t)n;
    }
    close(fd);
    return NULL;
}

/* The pipe's name leads to its reading end, which this process has too. */
static void a_thread_can_feed_a_job_through_a_pipe(void **state)
{
    (void)state;
    for (int workers = 0; workers < 4; workers++) {
        int fds[2];
        char path[32];
        pthread_t thread;
        wm_result *result = NULL;
        wm_options o = job_options(workers, 1000);
        o.map = workers == 3 ? v2_map : NULL;
        assert_int_equal(pipe2(fds, workers % 2 ? O_CLOEXEC : 0), 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
        wm_job *job = start(&o, path);
        assert_int_equal(pthread_create(&thread, NULL, feed, &fds[1]), 0);
        assert_int_equal(turn_until_end(job), 0);
        pthread_join(thread, NULL);
        assert_int_equal(wm_job_result(job, &result, NULL), 0);
        wm_job_free(job);
        assert_true(is_result(result, &files.small_sample.expected));
        wm_result_free(result);
        close(fds[0]);
    }
    assert_nothing_left();
}

static int map_with_descriptor(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const int *fds = user;
    struct stat kept, closed;
    if (fstat(fds[0], &kept) < 0 || !S_ISFIFO(kept.st_mode) ||
        (fstat(fds[1], &closed) == 0 && S_ISFIFO(closed.st_mode)))
        return 1;
    return v2_map(mapper, record, size, NULL);
}

static void workers_have_only_descriptors_that_they_are_to_have(void **state)
{
    (void)state;
    int fds[2];
    wm_stats stats;
    assert_int_equal(pipe2(fds, 0), 0);
    wm_options o = job_options(1, 0);
    /* Not even the standard ones, nor what another job has. */
    wm_job *first = start(&o, files.big), *job = start(&o, files.big);
    while (count_shared() > 0) /* it has only just been forked */
        sched_yield();
    assert_int_equal(count_shared(), 0);
    wm_job_free(job);
    wm_job_free(first);
    o.keep_fds = fds;
    o.n_keep_fds = 1;
    assert_int_equal(run_is_right(&o, files.big, &stats), 2);
    for (int workers = 1; workers < 3; workers++) {
        o = job_options(workers, 100000);
        o.map = map_with_descriptor;
        o.map_user = fds;
        o.keep_fds = fds;
        o.n_keep_fds = 1;
        o.max_tasks_per_worker = 4;
        assert_int_equal(run_is_right(&o, files.big, &stats), 0);
    }
    close(fds[0]);
    close(fds[1]);
    assert_nothing_left();
}

/* Of a regular file, which workers open anew. */
static void an_input_may_be_the_name_of_a_descriptor(void **state)
{
    (void)state;
    wm_stats stats;
    char path[32];
    int fd = open(files.big, O_RDONLY);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 100000);
        o.max_tasks_per_worker = 3;
        snprintf(path, sizeof path, "/dev/fd/%d", fd);
        assert_int_equal(run_is_right(&o, path, &stats), 0);
    }
    close(fd);
    assert_nothing_left();
}

static void a_job_makes_do_with_the_processes_it_can_have(void **state)
{
    (void)state;
    struct rlimit limit, low;
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int spare = 6; spare < 22; spare += 3) {
        wm_options o = job_options(7, 100000);
        wm_result *result;
        low = limit;
        low.rlim_cur = (rlim_t)(count_descriptors() + spare);
        setrlimit(RLIMIT_NOFILE, &low);
        int rc = wm_run(&o, &files.big, 1, &result, NULL);
        setrlimit(RLIMIT_NOFILE, &limit);
        if (rc == WM_EFORK) /* not even an event loop */
            continue;
        assert_int_equal(rc, 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
        assert_nothing_left();
    }
}

static int map_and_print(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    static const char text[] = "written to where standard output would be";
    if (size % 8 == 0 && (write(1, text, sizeof text) >= 0 || write(2, text, sizeof text) >= 0))
        return 1;
    return v2_map(mapper, record, size, user);
}

static int run_without_standard_descriptors(void)
{
    for (int workers = 1; workers < 4; workers++) {
        wm_options o = job_options(workers, 100000);
        wm_stats stats;
        o.output = files.output;
        o.map = map_and_print;
        o.max_tasks_per_worker = 4;
        for (int fd = 0; fd < 3; fd++)
            close(fd);
        int rc = run_is_right(&o, files.big, &stats);
        for (int fd = 0; fd < 3; fd++)
            if (fcntl(fd, F_GETFD) >= 0)
                rc = 4;
        unlink(files.output);
        if (rc != 0 || stats.deaths > 0)
            return rc ? rc : 5;
    }
    const char *paths[] = {"-"};
    wm_options o = job_options(2, 0);
    wm_result *result;
    if (wm_run(&o, paths, 1, &result, NULL) != WM_EREAD)
        return 6;
    o.output_fd = 1;
    return wm_run(&o, &files.big, 1, &result, NULL) == WM_EWRITE ? 0 : 7;
}

static void standard_descriptors_may_be_closed(void **state)
{
    (void)state;
    in_child(run_without_standard_descriptors);
}

static int run_with_16_descriptors(void)
{
    struct rlimit limit = {16, 16};
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1;
    wm_options o = job_options(20, 100000);
    wm_stats stats;
    o.max_tasks_per_worker = 5;
    o.output = files.output;
    int rc = run_is_right(&o, files.big, &stats);
    unlink(files.output);
    if (rc != 0)
        return rc;
    return stats.workers_started > 0 && stats.workers_started < 20 && stats.deaths == 0 ? 0 : 4;
}

static void sixteen_descriptors_are_enough_for_twenty_workers(void **state)
{
    (void)state;
    in_child(run_with_16_descriptors);
}

static int n_spare;

/* In a process that has never had a loop of libuv, which would have descriptors of its own. */
static int run_with_spare_descriptors(void)
{
    struct rlimit limit, low;
    wm_options o = job_options(2, 100000);
    wm_result *result = NULL;
    wm_error error = {0};
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    getrlimit(RLIMIT_NOFILE, &limit);
    low = limit;
    low.rlim_cur = (rlim_t)(3 + n_spare);
    if (setrlimit(RLIMIT_NOFILE, &low) < 0)
        return 1;
    int rc = wm_run(&o, &files.big, 1, &result, &error);
    setrlimit(RLIMIT_NOFILE, &limit);
    int right = rc == 0 ? is_result(result, &files.big_sample.expected)
                        : strstr(error.message, "too many open files") != NULL;
    wm_result_free(result);
    if (!right || (rc < 0 && n_spare >= 12))
        fprintf(stderr, "%d spare: %d %s\n", n_spare, rc, error.message);
    return !right || (rc < 0 && n_spare >= 12) ? 2 : 0;
}

static void too_few_descriptors_are_an_error_and_no_abort(void **state)
{
    (void)state;
    for (n_spare = 0; n_spare <= 16; n_spare++)
        in_child(run_with_spare_descriptors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_few_descriptors_are_an_error_and_no_abort),
        cmocka_unit_test(a_thread_can_feed_a_job_through_a_pipe),
        cmocka_unit_test(workers_have_only_descriptors_that_they_are_to_have),
        cmocka_unit_test(an_input_may_be_the_name_of_a_descriptor),
        cmocka_unit_test(a_job_makes_do_with_the_processes_it_can_have),
        cmocka_unit_test(standard_descriptors_may_be_closed),
        cmocka_unit_test(sixteen_descriptors_are_enough_for_twenty_workers),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
