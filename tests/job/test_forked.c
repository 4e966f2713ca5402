/*
 * Hosts that are not what they were when they started a job: of another user, or another process.
 */
#include "jobs.h"

#include <fcntl.h>
#include <grp.h>
#include <time.h>

#include "v2_map.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Goes on until the host is gone, and takes a second's notice. */
static int map_for_ever(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const pid_t *host = user;
    while (getppid() == *host)
        poll(NULL, 0, 10);
    return v2_map(mapper, record, size, NULL);
}

/* Frees a job whose workers it may not kill any more. */
static int free_as_another_user(wm_map_fn *map, double least, double most)
{
    pid_t self = getpid();
    wm_options o = job_options(2, 100000);
    o.map = map;
    o.map_user = &self;
    wm_job *job = NULL;
    if (wm_job_start(&o, &files.big, 1, &job, NULL) != 0)
        return 1;
    if (setgroups(0, NULL) < 0 || setgid(20000) < 0 || setuid(20000) < 0)
        return 2;
    double start = seconds();
    wm_job_free(job);
    double took = seconds() - start;
    if (took < least || took > most)
        fprintf(stderr, "%.1f s\n", took);
    return took < least || took > most ? 3 : 0;
}

static int free_workers_that_get_on(void)
{
    int rc = free_as_another_user(v2_map, 0, 60);
    return rc ? rc : waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 4;
}

static int free_workers_that_do_not(void)
{
    return free_as_another_user(map_for_ever, 0.9, 60);
}

static void workers_that_cannot_be_killed_do_not_hold_up_their_host(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    in_child(free_workers_that_get_on);
    in_child(free_workers_that_do_not);
}

static wm_job *inherited;

static int use_inherited_job(void)
{
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    int n = count_descriptors();
    wm_job_cancel(inherited);
    if (wm_job_step(inherited) != WM_EINVAL || wm_job_fd(inherited) != WM_EINVAL ||
        wm_job_timeout(inherited) != WM_EINVAL)
        return 1;
    if (wm_job_result(inherited, &result, &error) != WM_EINVAL || error.code != WM_EINVAL ||
        result != UNTOUCHED || !strstr(error.message, "another process"))
        return 2;
    wm_job_free(inherited);
    /* What it closes could be another's by now. */
    if (count_descriptors() != n)
        return 3;
    /* And a job of its own is as good as any. */
    wm_options o = job_options(2, 100000);
    wm_stats stats;
    return run_is_right(&o, files.big, &stats);
}

/* Whatever it is at, and however it reads and writes: for the host nothing has happened. */
static void a_fork_of_the_host_may_free_the_job(void **state)
{
    (void)state;
    const char *pipe_path = "/proc/self/fd/0";
    for (int kind = 0; kind < 8; kind++) {
        wm_options o = job_options(kind % 3, 100000);
        wm_result *result = NULL;
        struct bytes output = {0};
        int fds[2] = {-1, -1};
        char path[32];
        o.map = kind == 4 ? v2_map : NULL;
        o.output = kind >= 4 ? files.output : NULL;
        o.rejects = kind == 5 ? files.output : NULL;
        o.output = kind == 5 ? "/dev/null" : o.output;
        o.on_bad_line = kind == 5 ? WM_SKIP : WM_FAIL;
        if (kind == 6) {
            assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
            snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
            pipe_path = path;
        }
        inherited = start(&o, kind == 6 ? pipe_path : files.big);
        for (int i = 0; i < kind; i++)
            wm_job_step(inherited);
        int status = 0;
        pid_t pid = fork();
        if (pid == 0)
            _exit(use_inherited_job());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        if (kind == 6) {
            pid = fork();
            if (pid == 0) {
                const struct bytes *input = &files.big_sample.input;
                for (size_t at = 0; at < input->size;)
                    at += (size_t)write(fds[1], input->data + at, input->size - at);
                _exit(0);
            }
            close(fds[1]);
        }
        assert_int_equal(turn_until_end(inherited), 0);
        if (kind == 6) {
            assert_int_equal(waitpid(pid, &status, 0), pid);
            close(fds[0]);
        }
        assert_int_equal(wm_job_result(inherited, &result, NULL), 0);
        assert_int_equal(wm_result_stats(result)->deaths, 0);
        assert_true(is_result(result, &files.big_sample.expected));
        if (kind == 4 || kind == 7) {
            assert_int_equal(bytes_load(&output, files.output), 0);
            assert_true(bytes_equal(&output, &files.big_sample.expected));
        }
        bytes_release(&output);
        wm_result_free(result);
        wm_job_free(inherited);
        unlink(files.output);
        assert_nothing_left();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_of_the_host_may_free_the_job),
        cmocka_unit_test(workers_that_cannot_be_killed_do_not_hold_up_their_host),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
