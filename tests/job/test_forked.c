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
/* What a job has that its host's fork has, too. It is stepped as often as the number says. */
enum kind { PLAIN, MAP_AND_OUTPUT = 4, REJECTS, PIPE, OUTPUT, N_KINDS };

static wm_options options_of(enum kind kind)
{
    wm_options o = job_options((int)kind % 3, 100000);
    o.map = kind == MAP_AND_OUTPUT ? v2_map : NULL;
    o.output = kind >= MAP_AND_OUTPUT ? files.output : NULL;
    o.rejects = kind == REJECTS ? files.output : NULL;
    o.output = kind == REJECTS ? "/dev/null" : o.output;
    o.on_bad_line = kind == REJECTS ? WM_SKIP : WM_FAIL;
    return o;
}

/* Writes the big input to the pipe, in a process of its own. */
static pid_t feed(int fd)
{
    pid_t pid = fork();
    if (pid == 0) {
        const struct bytes *input = &files.big_sample.input;
        for (size_t at = 0; at < input->size;)
            at += (size_t)write(fd, input->data + at, input->size - at);
        _exit(0);
    }
    close(fd);
    return pid;
}

static void assert_job_is_right(enum kind kind)
{
    wm_result *result = NULL;
    struct bytes output = {0};
    assert_int_equal(wm_job_result(inherited, &result, NULL), 0);
    assert_int_equal(wm_result_stats(result)->deaths, 0);
    assert_true(is_result(result, &files.big_sample.expected));
    if (kind == MAP_AND_OUTPUT || kind == OUTPUT) {
        assert_int_equal(bytes_load(&output, files.output), 0);
        assert_true(bytes_equal(&output, &files.big_sample.expected));
    }
    bytes_release(&output);
    wm_result_free(result);
}

static void a_fork_of_the_host_may_free_the_job(void **state)
{
    (void)state;
    for (int kind = PLAIN; kind < N_KINDS; kind++) {
        wm_options o = options_of((enum kind)kind);
        int fds[2] = {-1, -1}, status = 0;
        char path[32];
        if (kind == PIPE) {
            assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
            snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
        }
        inherited = start(&o, kind == PIPE ? path : files.big);
        for (int i = 0; i < kind; i++)
            wm_job_step(inherited);
        pid_t pid = fork();
        if (pid == 0)
            _exit(use_inherited_job());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        pid = kind == PIPE ? feed(fds[1]) : -1;
        assert_int_equal(turn_until_end(inherited), 0);
        if (kind == PIPE) {
            assert_int_equal(waitpid(pid, &status, 0), pid);
            close(fds[0]);
        }
        assert_job_is_right((enum kind)kind);
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
