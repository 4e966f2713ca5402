/*
 * Sandboxes and old kernels refuse calls of the system, as a filter of seccomp does here. Either
 * the result is right all the same, or there is a clear error. Where no worker can be started, the
 * library and the command say which call was refused, and why.
 */
#include "jobs.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HALF_LOW 0
#else
#define HALF_LOW 4
#endif
#define LARGE (64u << 20) /* bytes that mmap is asked for */

/* A call that is refused. On some machines another one is made in its place, which is as well. */
struct call {
    const char *name;
    long numbers[3]; /* those behind the first may be 0: none */
    uint32_t least;  /* only with a second argument of so many, or it does not fit 32 bits */
};

static struct call call; /* what a child is to do without, and how it is told */
static int call_error;

/* What a child found out. */
static struct found {
    int code; /* of wm_run */
    unsigned workers_started;
    uint64_t warnings;
    char refused_call[32];
    uint64_t refused_errno;
    char message[512];
} * found;

static int can_filter(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) == 0 || errno == EFAULT);
}

/* From now on the calling process and its children have no such call. 0 or -1. */
static int refuse(long number, uint32_t least, int error)
{
    const unsigned second = offsetof(struct seccomp_data, args) + 8;
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, second + (4 - HALF_LOW)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 0, 2, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, second + HALF_LOW),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, least, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof steps / sizeof *steps, steps};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

static int refuse_call(void)
{
    if (!can_filter())
        return -1;
    for (size_t i = 0; i < 3; i++)
        if ((i == 0 || call.numbers[i] > 0) && refuse(call.numbers[i], call.least, call_error) < 0)
            return -1;
    return 0;
}

static int run_refused(void)
{
    wm_options o = job_options(2, 100000);
    wm_result *result = NULL;
    wm_error error = {0};
    o.output = files.output;
    o.memory = 4 * LARGE;
    if (refuse_call() < 0)
        return 1;
    found->code = wm_run(&o, &files.big, 1, &result, &error);
    strcpy(found->message, error.message);
    if (found->code == 0) {
        const wm_stats *stats = wm_result_stats(result);
        found->workers_started = stats->workers_started;
        found->warnings = stats->warnings;
        snprintf(found->refused_call, sizeof found->refused_call, "%s",
                 stats->refused_call ? stats->refused_call : "");
        found->refused_errno = stats->refused_errno;
        wm_result_free(result);
    }
    /* Nothing is left to be reaped. */
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 2;
}

/* The output is right, and goes. */
static void assert_output(void)
{
    struct bytes output = {0};
    assert_int_equal(bytes_load(&output, files.output), 0);
    assert_true(bytes_equal(&output, &files.big_sample.expected));
    bytes_release(&output);
    assert_int_equal(unlink(files.output), 0);
}

/* Runs a job without the call. */
static void run_without(const struct call *refused, int error)
{
    int status = 0;
    call = *refused;
    call_error = error;
    *found = (struct found){.code = 1};
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_refused());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("without %s (error %d) the child ended with status %x", call.name, error,
                 (unsigned)status);
}

static const int errors[] = {ENOSYS, EPERM};
enum { N_ERRORS = sizeof errors / sizeof *errors };

/* 0 stands for none. */
#ifdef SYS_fork
#define FORK SYS_fork
#else
#define FORK 0
#endif
#ifdef SYS_epoll_wait
#define EPOLL_WAIT SYS_epoll_wait
#else
#define EPOLL_WAIT SYS_epoll_pwait
#endif

static const struct call for_workers[] = {
    {"fork", {SYS_clone, SYS_clone3, FORK}, 0},
    {"pidfd_open", {SYS_pidfd_open}, 0},
    {"socketpair", {SYS_socketpair}, 0},
    {"ioctl or epoll_ctl", {SYS_ioctl}, 0},
};

static void one_process_does_all_and_it_says_what_was_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof for_workers / sizeof *for_workers; i++)
        for (size_t j = 0; j < N_ERRORS; j++) {
            run_without(&for_workers[i], errors[j]);
            assert_string_equal(found->message, "");
            assert_int_equal(found->code, 0);
            assert_output();
            assert_int_equal(found->workers_started, 0);
            assert_int_equal(found->warnings, WM_WARN_ONE_PROCESS);
            assert_string_equal(found->refused_call, call.name);
            assert_int_equal(found->refused_errno, (uint64_t)errors[j]);
        }
    assert_nothing_left();
}

/* The command, with its standard error to the output file. */
static int command_refused(void)
{
    int fd = open(files.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* which would need a process of its own */
    if (fd < 0 || dup2(fd, 2) < 0 || refuse_call() < 0)
        return 100;
    execl(COMMAND, "wordmill", "count", "-j", "2", "-o", "/dev/null", files.big, NULL);
    return 101;
}

static void the_command_says_so_in_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof for_workers / sizeof *for_workers; i++) {
        struct bytes said = {0}, expected = {0};
        call = for_workers[i];
        call_error = EPERM;
        int status = 0;
        pid_t pid = fork();
        if (pid == 0)
            _exit(command_refused());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        bytes_print(&expected,
                    "wordmill: no worker could be started, so one process did all: %s: "
                    "operation not permitted\n",
                    call.name);
        assert_int_equal(bytes_load(&said, files.output), 0);
        if (!bytes_equal(&said, &expected))
            fail_msg("the command said: %.*s", (int)said.size, said.data);
        bytes_release(&said);
        bytes_release(&expected);
        unlink(files.output);
    }
    assert_nothing_left();
}

/* Calls there is another way without, or that are only there to be fast. */
static void a_job_does_without(void **state)
{
    (void)state;
    static const struct call calls[] = {
        {"close_range", {SYS_close_range}, 0},
        {"preadv2", {SYS_preadv2}, 0},
        {"sched_getaffinity", {SYS_sched_getaffinity}, 0},
        {"getrandom", {SYS_getrandom}, 0},
        {"madvise", {SYS_madvise}, 0},
        {"memfd_create", {SYS_memfd_create}, 0},
        {"userfaultfd", {SYS_userfaultfd}, 0},
        {"io_uring_setup", {SYS_io_uring_setup}, 0},
        {"waitid", {SYS_waitid}, 0},
        {"pidfd_send_signal", {SYS_pidfd_send_signal}, 0},
        {"prlimit64", {SYS_prlimit64}, 0},
        {"getrusage", {SYS_getrusage}, 0},
        {"fallocate", {SYS_fallocate}, 0},
        {"mmap of much", {SYS_mmap}, LARGE},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (size_t j = 0; j < N_ERRORS; j++) {
            run_without(&calls[i], errors[j]);
            if (found->code != 0)
                fail_msg("without %s: %s", call.name, found->message);
            assert_output();
            assert_int_equal(found->workers_started, 2);
            assert_int_equal(found->warnings, 0);
            assert_string_equal(found->refused_call, "");
        }
    assert_nothing_left();
}

static void an_error_says_what_the_system_refused(void **state)
{
    (void)state;
    static const struct {
        struct call call;
        int error;
        const char *message;
    } rows[] = {
        {{"epoll_create1", {SYS_epoll_create1}, 0}, ENOSYS, "cannot make an event loop: "},
        {{"epoll_create1", {SYS_epoll_create1}, 0}, EPERM, "cannot make an event loop: "},
        {{"epoll_ctl", {SYS_epoll_ctl}, 0}, ENOSYS, "cannot make an event loop: "},
        {{"epoll_ctl", {SYS_epoll_ctl}, 0}, EPERM, "cannot make an event loop: "},
        {{"epoll_wait", {EPOLL_WAIT}, 0}, EPERM, "cannot make an event loop: "},
        {{"pipe2", {SYS_pipe2}, 0}, ENOSYS, "cannot make an event loop: "},
        {{"pipe2", {SYS_pipe2}, 0}, EPERM, "cannot make an event loop: "},
        {{"eventfd2", {SYS_eventfd2}, 0}, EPERM, "cannot make an event loop: "},
        {{"mmap", {SYS_mmap}, 1u << 20}, ENOSYS, "cannot map 256 MiB of shared memory: "},
        {{"mmap", {SYS_mmap}, 1u << 20}, EPERM, "cannot map 256 MiB of shared memory: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char expected[200];
        run_without(&rows[i].call, rows[i].error);
        assert_true(found->code < 0);
        snprintf(expected, sizeof expected, "%s%s", rows[i].message,
                 rows[i].error == EPERM ? "operation not permitted" : "function not implemented");
        if (strcmp(found->message, expected) != 0)
            fail_msg("without %s: %s", call.name, found->message);
    }
    assert_nothing_left();
}

static int has_filters(void)
{
    return can_filter() ? 0 : 77;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_process_does_all_and_it_says_what_was_refused),
        cmocka_unit_test(the_command_says_so_in_one_line),
        cmocka_unit_test(a_job_does_without),
        cmocka_unit_test(an_error_says_what_the_system_refused),
    };
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(has_filters());
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        puts("skipped: no filters of seccomp");
        return 77;
    }
    found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
