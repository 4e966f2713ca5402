/*
 * Whatever the system refuses, and whenever: a job gives the right bytes or one clear error. It
 * never hangs, and holds no memory, descriptor, process or file afterwards. Every fault is tried in
 * every shape of job, at the n-th call and at all from the n-th on, in the coordinator and in the
 * workers; at every n if WORDMILL_LONG is set, else at some.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
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

#include "shapes.h"

/* What a fault may end a job with; 0 is always allowed. */
#define MAY(code) (1u << -(code))

enum { ONCE = 1, ALWAYS = 2, COORDINATOR = 4, WORKERS = 8, EVERYWHERE = COORDINATOR | WORKERS };

struct fault {
    const char *name;
    enum inject_call call;
    int how;
    unsigned when; /* ONCE, ALWAYS, COORDINATOR, WORKERS */
    unsigned codes;
};

static const struct fault faults[] = {
    {"memory_runs_out", INJECT_MEMORY, ENOMEM, ONCE | ALWAYS | EVERYWHERE, MAY(WM_ENOMEM)},
    {"mmap_gives_nothing", INJECT_MMAP, ENOMEM, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_ENOMEM) | MAY(WM_EFORK)},
    {"mremap_refuses", INJECT_MREMAP, ENOMEM, ONCE | ALWAYS | COORDINATOR, 0},
    {"madvise_refuses", INJECT_MADVISE, EINVAL, ONCE | ALWAYS | EVERYWHERE, 0},
    {"fopen_fails", INJECT_FOPEN, EMFILE, ONCE | ALWAYS | COORDINATOR, 0},
    {"open_finds_no_descriptor", INJECT_OPEN, EMFILE, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EWRITE)},
    {"open_has_no_memory", INJECT_OPEN, ENOMEM, ONCE | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EWRITE) | MAY(WM_ENOMEM)},
    {"stat_fails", INJECT_STAT, EIO, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EREAD) | MAY(WM_ECHANGED) | MAY(WM_EWRITE)},
    {"read_fails", INJECT_READ, EIO, ONCE | ALWAYS | COORDINATOR, MAY(WM_EREAD)},
    {"read_is_interrupted", INJECT_READ, EINTR, ONCE | COORDINATOR, 0},
    {"read_would_block", INJECT_READ, EAGAIN, ONCE | COORDINATOR, 0},
    {"read_is_short", INJECT_READ, INJECT_SHORT, ONCE | ALWAYS | COORDINATOR, 0},
    {"pread_fails", INJECT_PREAD, EIO, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EREAD)},
    {"pread_is_interrupted", INJECT_PREAD, EINTR, ONCE | EVERYWHERE, 0},
    {"pread_is_short", INJECT_PREAD, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"pread_finds_the_end", INJECT_PREAD, INJECT_END, ONCE | ALWAYS | EVERYWHERE, MAY(WM_ECHANGED)},
    {"write_finds_the_disk_full", INJECT_WRITE, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EWRITE)},
    {"write_finds_no_reader", INJECT_WRITE, EPIPE, ONCE | COORDINATOR, MAY(WM_EWRITE)},
    {"write_is_interrupted", INJECT_WRITE, EINTR, ONCE | COORDINATOR, 0},
    {"write_would_block", INJECT_WRITE, EAGAIN, ONCE | COORDINATOR, 0},
    {"write_is_short", INJECT_WRITE, INJECT_SHORT, ONCE | ALWAYS | COORDINATOR, 0},
    {"pwrite_finds_the_disk_full", INJECT_PWRITE, ENOSPC, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EWRITE)},
    {"pwrite_is_interrupted", INJECT_PWRITE, EINTR, ONCE | EVERYWHERE, 0},
    {"pwrite_is_short", INJECT_PWRITE, INJECT_SHORT, ONCE | EVERYWHERE, 0},
    {"ftruncate_finds_the_disk_full", INJECT_FTRUNCATE, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EWRITE)},
    {"close_fails", INJECT_CLOSE, EIO, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWRITE)},
    {"rename_is_denied", INJECT_RENAME, EACCES, ONCE | ALWAYS | COORDINATOR, MAY(WM_EWRITE)},
    {"fork_fails", INJECT_FORK, EAGAIN, ONCE | ALWAYS | COORDINATOR, 0},
    {"socketpair_finds_no_descriptor", INJECT_SOCKETPAIR, EMFILE, ONCE | ALWAYS | COORDINATOR, 0},
    {"pidfd_open_finds_no_descriptor", INJECT_PIDFD_OPEN, EMFILE, ONCE | ALWAYS | EVERYWHERE, 0},
    {"wait_is_interrupted", INJECT_WAIT, EINTR, ONCE | COORDINATOR, 0},
    {"poll_is_interrupted", INJECT_POLL, EINTR, ONCE | EVERYWHERE, 0},
    {"poll_has_no_memory", INJECT_POLL, ENOMEM, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"send_is_interrupted", INJECT_SEND, EINTR, ONCE | EVERYWHERE, 0},
    {"send_would_block", INJECT_SEND, EAGAIN, ONCE | COORDINATOR, 0},
    {"send_is_short", INJECT_SEND, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"send_has_no_memory", INJECT_SEND, ENOBUFS, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"send_finds_no_reader", INJECT_SEND, EPIPE, ONCE | EVERYWHERE, 0},
    {"recv_is_interrupted", INJECT_RECV, EINTR, ONCE | EVERYWHERE, 0},
    {"recv_is_short", INJECT_RECV, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"recv_finds_the_end", INJECT_RECV, INJECT_END, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"recv_fails", INJECT_RECV, ECONNRESET, ONCE | EVERYWHERE, 0},
    {"getrandom_would_block", INJECT_GETRANDOM, EAGAIN, ONCE | COORDINATOR, 0},
    {"getrandom_is_short", INJECT_GETRANDOM, INJECT_SHORT, ONCE | COORDINATOR, 0},
    {"no_loop_can_be_made", INJECT_UV_LOOP_INIT, EMFILE, ONCE | COORDINATOR, MAY(WM_EFORK)},
    {"no_loop_can_be_woken", INJECT_UV_ASYNC_INIT, EMFILE, ONCE | COORDINATOR, MAY(WM_EFORK)},
    {"nothing_more_can_be_waited_for", INJECT_UV_POLL_INIT, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EFORK)},
};

enum { N_FAULTS = sizeof faults / sizeof *faults };

/* What is being tried, for whoever finds the process dead; in shared memory. */
static struct {
    char what[256];
    uint64_t n_calls; /* of the fault's function, in clean runs of all shapes */
    uint64_t n_runs;  /* with a fault */
} * now;

static int is_long;

/* NULL, or what is wrong about the outcome of a run with a fault. */
static const char *judge(const struct shape *shape, const struct fault *fault,
                         const struct outcome *clean, const struct outcome *outcome)
{
    int code = outcome->code;
    size_t n_wanted = (size_t)(shape->to == TO_FILE) + (shape->input == BAD);
    if (outcome->n_held != 0)
        return "memory is left";
    if (outcome->n_descriptors != 0)
        return "a descriptor is left, or gone";
    if (outcome->has_child)
        return "a process is left";
    if (code > 0)
        return "a result in spite of an error";
    if (code < 0) {
        /* A total-count file is read as a whole, and is no stream. */
        int is_totals = shape->columns && fault->call == INJECT_READ && fault->how == EAGAIN &&
                        code == WM_EREAD;
        if (-code > 31 || !(is_totals || fault->codes & (1u << -code)))
            return "this fault must not end the job so";
        if (outcome->error.code != code || outcome->error.message[0] == '\0' ||
            strchr(outcome->error.message, '\n'))
            return "the error is not clear";
        if (shape->to == TO_LINK && !bytes_equal(&outcome->output, &shape_old_output))
            return "the output was touched";
        /* Two files cannot be renamed at once: the rejects may be in place when that fails. */
        int renames = fault->call == INJECT_RENAME || fault->call == INJECT_CLOSE ||
                      fault->call == INJECT_STAT;
        int has_rejects =
            renames && outcome->rejects.size > 0 && bytes_equal(&outcome->rejects, &clean->rejects);
        return outcome->n_files == (size_t)has_rejects ? NULL : "a file is left";
    }
    if (!bytes_equal(&outcome->output, &clean->output))
        return "the output is wrong";
    if (!bytes_equal(&outcome->rejects, &clean->rejects))
        return "the rejects are wrong";
    if (outcome->n_files != n_wanted)
        return "more files than wanted";
    if (outcome->stats.lines != clean->stats.lines || outcome->stats.bytes != clean->stats.bytes ||
        outcome->stats.words != clean->stats.words ||
        outcome->stats.rejected != clean->stats.rejected)
        return "the figures are wrong";
    return NULL;
}

static int try_at(const struct shape *shape, const struct fault *fault, const struct outcome *clean,
                  struct injection injection)
{
    struct outcome outcome;
    uint64_t n_calls;
    snprintf(now->what, sizeof now->what, "%s, %s %llu in %s, '%s'", fault->name,
             injection.always ? "all from call" : "at call", (unsigned long long)injection.n,
             injection.in_worker ? "workers" : "the coordinator", shape->name);
    shape_run(shape, &injection, &outcome, &n_calls);
    now->n_runs++;
    const char *wrong = judge(shape, fault, clean, &outcome);
    if (wrong)
        fprintf(stderr, "%s: %s (code %d, '%s')\n", now->what, wrong, outcome.code,
                outcome.error.message);
    outcome_release(&outcome);
    return wrong != NULL;
}

/* At how many of the calls a fault is tried. */
static uint64_t n_tries(const struct fault *fault, int always)
{
    /* Workers that die whenever they are replaced end the job only after seconds. */
    if (always && fault->codes == MAY(WM_EWORKER))
        return is_long ? 4 : 0;
    if (is_long)
        return UINT64_MAX;
    return fault->call == INJECT_MEMORY ? 64 : 3;
}

/* Tries the fault in one shape of job; the number of those that went wrong. */
static int try_shape(const struct shape *shape, const struct fault *fault)
{
    int n_wrong = 0;
    for (int in_worker = 0; in_worker < 2; in_worker++) {
        if (!(fault->when & (in_worker ? WORKERS : COORDINATOR)) ||
            (in_worker && shape->workers == 0))
            continue;
        struct injection injection = {fault->call, fault->how, 0, 0, in_worker};
        struct outcome clean;
        uint64_t n_calls;
        snprintf(now->what, sizeof now->what, "a clean run, '%s'", shape->name);
        /* libuv keeps something from its first loop. */
        shape_run(shape, &injection, &clean, &n_calls);
        outcome_release(&clean);
        shape_run(shape, &injection, &clean, &n_calls);
        now->n_calls += n_calls;
        for (int always = 0; always < 2; always++) {
            injection.always = always;
            uint64_t n = n_tries(fault, always);
            if (!(fault->when & (always ? ALWAYS : ONCE)))
                continue;
            if (n > n_calls)
                n = n_calls;
            for (uint64_t i = 0; i < n; i++) {
                injection.n = n > 1 ? 1 + i * (n_calls - 1) / (n - 1) : 1;
                n_wrong += try_at(shape, fault, &clean, injection);
            }
        }
        outcome_release(&clean);
    }
    return n_wrong;
}

/* In a process of its own, so that it may die. */
static void a_job_survives(void **state)
{
    const struct fault *fault = *state;
    int n_wrong = 0;
    now->n_calls = 0;
    for (int i = 0; i < N_SHAPES; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            for (int number = 1; number < NSIG; number++)
                signal(number, SIG_DFL); /* cmocka would go on with its tests here */
            _exit(try_shape(&shapes[i], fault) > 0);
        }
        int status;
        waitpid(pid, &status, 0);
        if (WIFSIGNALED(status))
            fprintf(stderr, "%s: killed by signal %d%s\n", now->what, WTERMSIG(status),
                    WTERMSIG(status) == SIGALRM ? ": it hung" : "");
        else if (WEXITSTATUS(status) > 1)
            fprintf(stderr, "%s: exit %d\n", now->what, WEXITSTATUS(status));
        n_wrong += status != 0;
    }
    assert_int_equal(n_wrong, 0);
    assert_true(now->n_calls > 0);
}

/* What faults are measured against is right. */
static void a_clean_run_equals_the_oracle(void **state)
{
    (void)state;
    for (int i = 0; i < N_SHAPES; i++) {
        const struct shape *shape = &shapes[i];
        const struct injection nothing = {.call = INJECT_NOTHING};
        struct outcome outcome;
        struct oracle oracle;
        struct bytes expected = {0}, lines = {0};
        uint64_t n_calls;
        shape_run(shape, &nothing, &outcome, &n_calls);
        shape_count(shape, &oracle);
        oracle_write(&oracle, &expected);
        assert_int_equal(outcome.code, 0);
        assert_int_equal(shape_lines(shape, &outcome.output, &lines), 0);
        assert_true(bytes_equal(&lines, &expected));
        assert_int_equal(outcome.stats.rejected, oracle.n_bad);
        assert_int_equal(outcome.stats.spilled_runs > 0, shape->memory > 0);
        assert_int_equal(outcome.rejects.size > 0, oracle.n_bad > 0);
        oracle_release(&oracle);
        bytes_release(&expected);
        bytes_release(&lines);
        outcome_release(&outcome);
    }
}

static int make_files(void **state)
{
    (void)state;
    is_long = getenv("WORDMILL_LONG") != NULL;
    now = mmap(NULL, sizeof *now, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return now == MAP_FAILED ? -1 : shapes_make();
}

static int remove_files(void **state)
{
    (void)state;
    print_message("%llu runs with a fault\n", (unsigned long long)now->n_runs);
    shapes_remove();
    return 0;
}

/* An argument is the name of the only fault to try. */
int main(int argc, char **argv)
{
    struct CMUnitTest tests[1 + N_FAULTS] = {cmocka_unit_test(a_clean_run_equals_the_oracle)};
    for (int i = 0; i < N_FAULTS; i++)
        tests[1 + i] = (struct CMUnitTest){faults[i].name, a_job_survives, NULL, NULL,
                                           (void *)(size_t)&faults[i]};
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
