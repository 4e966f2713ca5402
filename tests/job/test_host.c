/*
 * What a job does to its host: nothing. No descriptor, memory, process, signal handler, locale or
 * buffer is left or changed, whatever the host does with its children, its threads, its limits and
 * its descriptors, and however little of a system there is around it.
 */
#include "jobs.h"

#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <signal.h>
#include <stdio_ext.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "v2_map.h"

#ifdef __SANITIZE_ADDRESS__
#define MEMORY_GROWTH_MAX (64L << 20) /* freed memory is kept apart for a while */
#define N_RUNS 250
#else
#define MEMORY_GROWTH_MAX (4L << 20)
#define N_RUNS 1000
#endif

static long resident_size(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void a_thousand_runs_leave_nothing_behind(void **state)
{
    (void)state;
    long size = 0;
    int n_descriptors = 0;
    for (int i = 0; i < N_RUNS; i++) {
        wm_options o = job_options(2, 1000);
        wm_result *result;
        o.map = i % 2 ? v2_map : NULL;
        assert_int_equal(wm_run(&o, &files.small, 1, &result, NULL), 0);
        assert_int_equal(wm_result_stats(result)->retries, 0);
        assert_true(is_result(result, &files.small_sample.expected));
        wm_result_free(result);
        if (i == 100) { /* libuv keeps a pipe of its own from the first loop on */
            size = resident_size();
            n_descriptors = count_descriptors();
        }
    }
    assert_int_equal(count_descriptors(), n_descriptors);
    assert_true(resident_size() - size < MEMORY_GROWTH_MAX);
    assert_nothing_left();
}

static void assert_run_with_handler(struct sigaction action)
{
    struct sigaction before, after;
    sigaction(SIGCHLD, &action, &before);
    for (int i = 0; i < 8; i++) {
        wm_options o = job_options(3, 100000);
        wm_result *result;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
    sigaction(SIGCHLD, &before, &after);
    assert_true(after.sa_handler == action.sa_handler);
    assert_nothing_left();
}

static void reap_all(int number)
{
    int error = errno;
    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    errno = error;
}

static void the_host_may_ignore_or_reap_its_children(void **state)
{
    (void)state;
    assert_run_with_handler((struct sigaction){.sa_handler = SIG_IGN});
    assert_run_with_handler((struct sigaction){.sa_handler = reap_all});
    assert_run_with_handler((struct sigaction){.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT});
}

static void on_signal(int number)
{
    (void)number;
}

static void a_run_leaves_signals_as_they_were(void **state)
{
    (void)state;
    struct sigaction before[NSIG], after;
    sigset_t mask, mask_after;
    wm_result *result;
    signal(SIGTERM, on_signal);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&mask);
    sigaddset(&mask, SIGWINCH);
    sigaddset(&mask, SIGCHLD);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    for (int i = 1; i < NSIG; i++)
        sigaction(i, NULL, &before[i]);
    wm_options o = job_options(2, 100000);
    assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
    wm_result_free(result);
    pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
    for (int i = 1; i < NSIG; i++) {
        if (i != SIGKILL && sigaction(i, NULL, &after) == 0)
            assert_true(after.sa_handler == before[i].sa_handler);
        assert_int_equal(sigismember(&mask_after, i), sigismember(&mask, i));
    }
    sigemptyset(&mask);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    assert_nothing_left();
}

/* Each maps addresses for its memory and its spill file: there must be enough for all. */
static void many_jobs_fit_one_process(void **state)
{
    (void)state;
    wm_job *jobs[48];
    wm_options o = job_options(0, 100000);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        jobs[i] = start(&o, files.small);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        wm_result *result = NULL;
        assert_int_equal(turn_until_end(jobs[i]), 0);
        assert_int_equal(wm_job_result(jobs[i], &result, NULL), 0);
        assert_true(is_result(result, &files.small_sample.expected));
        wm_result_free(result);
        wm_job_free(jobs[i]);
    }
    assert_nothing_left();
}

/* Workers die while there is something to send to them, and a reader goes away. */
static int run_with_sigpipe(void)
{
    int fds[2];
    wm_result *result;
    wm_error error;
    signal(SIGPIPE, SIG_DFL);
    setenv("WORDMILL_FAULT", "message:5", 1);
    for (int workers = 0; workers < 4; workers++) {
        wm_options o = job_options(workers, 20000);
        wm_stats stats;
        if (run_is_right(&o, files.big, &stats) != 0)
            return 1;
        if (pipe2(fds, O_CLOEXEC) < 0)
            return 2;
        close(fds[0]);
        o.output_fd = fds[1];
        if (wm_run(&o, &files.big, 1, &result, &error) != WM_EWRITE ||
            strcmp(error.message, "cannot write the output: broken pipe") != 0)
            return 3;
        close(fds[1]);
    }
    return 0;
}

static void sigpipe_never_comes(void **state)
{
    (void)state;
    in_child(run_with_sigpipe);
}

static char chroot_folder[300], chroot_input[320];

/* No /dev, /proc, /sys or /tmp, no HOME and no TMPDIR: nothing but the input. */
static int run_in_chroot(void)
{
    clearenv();
    if (chroot(chroot_folder) < 0 || chdir("/") < 0)
        return 1;
    for (int workers = -1; workers < 4; workers++) {
        wm_options o = job_options(workers, 100000);
        wm_stats stats;
        o.memory = workers == 2 ? UINT64_C(64) << 20 : 0;
        o.output = "/out";
        int rc = run_is_right(&o, "/input", &stats);
        if (rc != 0 || unlink("/out") < 0)
            return rc ? rc : 4;
        if (workers >= 0 && stats.workers_started != (unsigned)workers)
            return 5;
    }
    return 0;
}

static void nothing_of_the_system_is_needed_but_the_input(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    make_folder(chroot_folder, sizeof chroot_folder);
    snprintf(chroot_input, sizeof chroot_input, "%s/input", chroot_folder);
    assert_int_equal(bytes_save(&files.big_sample.input, chroot_input), 0);
    in_child(run_in_chroot);
    remove_folder(chroot_folder);
}

static rlim_t n_forks_allowed;

/* A user who has no other process, so that the limit says how many can be forked. */
static int run_with_few_processes(void)
{
    struct rlimit limit = {1 + n_forks_allowed, 1 + n_forks_allowed};
    uid_t nobody = 20000 + (uid_t)getpid() % 40000;
    if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(nobody) < 0 || setuid(nobody) < 0))
        return 1;
    if (setrlimit(RLIMIT_NPROC, &limit) < 0)
        return 1;
    wm_options o = job_options(3, 100000);
    wm_stats stats;
    o.max_tasks_per_worker = 5;
    int rc = run_is_right(&o, files.big, &stats);
    if (rc != 0)
        return rc;
    return stats.workers == 3 && stats.workers_started == n_forks_allowed ? 0 : 4;
}

static void a_job_says_how_few_processes_it_could_have(void **state)
{
    (void)state;
    chmod(files.folder, 0755);
    /* Of another user than root nobody knows how many there are; one more is one too many. */
    rlim_t most = geteuid() == 0 ? 3 : 0;
    for (n_forks_allowed = 0; n_forks_allowed <= most; n_forks_allowed++)
        in_child(run_with_few_processes);
}

static int map_and_say_so(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    printf("map\n");
    fflush(stdout);
    return wm_emit(mapper, record, size, 1);
}

static int run_with_full_buffers(void)
{
    char locale[200];
    int fd = open(files.output, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || dup2(fd, 1) < 0 || setvbuf(stdout, NULL, _IOFBF, 65536) != 0 ||
        !setlocale(LC_ALL, "C.UTF-8"))
        return 1;
    snprintf(locale, sizeof locale, "%s", setlocale(LC_ALL, NULL));
    printf("said before\n");
    size_t size = __fpending(stdout);
    wm_options o = job_options(3, 1000);
    wm_result *result;
    o.map = map_and_say_so;
    o.max_tasks_per_worker = 3;
    if (wm_run(&o, &files.small, 1, &result, NULL) != 0)
        return 2;
    wm_result_free(result);
    if (__fpending(stdout) != size || strcmp(setlocale(LC_ALL, NULL), locale) != 0)
        return 3;
    printf("said after\n");
    fflush(stdout);
    return 0;
}

static void what_the_host_has_printed_is_printed_once(void **state)
{
    (void)state;
    struct bytes printed = {0}, expected = {0}, none = {0};
    for (size_t i = 0; i < files.small_sample.input.size; i++)
        if (files.small_sample.input.data[i] == '\n')
            bytes_print(&expected, "map\n");
    bytes_print(&expected, "said before\nsaid after\n");
    assert_int_equal(bytes_save(&none, files.output), 0);
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_with_full_buffers());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(bytes_load(&printed, files.output), 0);
    assert_true(bytes_equal(&printed, &expected));
    bytes_release(&printed);
    bytes_release(&expected);
    unlink(files.output);
    assert_nothing_left();
}

/* Names are those in the folder in which the job was started. */
static void the_host_may_go_to_another_folder(void **state)
{
    (void)state;
    char before[400];
    assert_non_null(getcwd(before, sizeof before));
    for (int workers = 0; workers < 4; workers++) {
        wm_options o = job_options(workers, 50000);
        wm_result *result = NULL;
        struct bytes output = {0};
        o.max_tasks_per_worker = 1;
        o.output = "out";
        o.on_bad_line = WM_SKIP;
        o.rejects = "rejects";
        o.spill_dir = ".";
        assert_int_equal(chdir(files.folder), 0);
        wm_job *job = start(&o, workers == 3 ? "./big" : "big");
        assert_int_equal(chdir("/"), 0);
        assert_int_equal(turn_until_end(job), 0);
        assert_int_equal(wm_job_result(job, &result, NULL), 0);
        wm_job_free(job);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
        assert_int_equal(chdir(files.folder), 0);
        assert_int_equal(bytes_load(&output, "out"), 0);
        assert_true(bytes_equal(&output, &files.big_sample.expected));
        bytes_release(&output);
        assert_int_equal(unlink("out"), 0);
        assert_int_equal(unlink("rejects"), 0);
        assert_int_equal(chdir(before), 0);
    }
    assert_nothing_left();
}

struct watch {
    wm_progress last;
    int n;
    int broken;
};

static int on_progress(const wm_progress *progress, void *user)
{
    struct watch *watch = user;
    watch->broken |= progress->tasks_done < watch->last.tasks_done ||
                     progress->lines < watch->last.lines || progress->phase < watch->last.phase ||
                     progress->tasks_done > progress->tasks || progress->workers > 2 ||
                     progress->seconds < watch->last.seconds;
    watch->last = *progress;
    watch->n++;
    return 0;
}

/* Of the host's own memory, what it has and what it had before, nothing is the job's. */
static void memory_of_the_host_is_not_that_of_the_job(void **state)
{
    (void)state;
    const size_t size = 200u << 20;
    for (int is_kept = 0; is_kept < 2; is_kept++) {
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(memory != MAP_FAILED);
        memset(memory, 1, size);
        if (!is_kept)
            munmap(memory, size);
        for (int workers = 0; workers < 3; workers++) {
            wm_options o = job_options(workers, 100000);
            wm_stats stats;
            assert_int_equal(run_is_right(&o, files.big, &stats), 0);
            assert_in_range(stats.peak_rss, 100u << 10, 100u << 20);
        }
        if (is_kept)
            munmap(memory, size);
    }
    assert_nothing_left();
}

static void progress_only_grows_and_ends_with_all_done(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        struct watch watch = {.n = 0};
        wm_options o = job_options(workers, 1000);
        wm_result *result;
        o.on_progress = on_progress;
        o.progress_user = &watch;
        o.output = "/dev/null";
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_false(watch.broken);
        assert_true(watch.n >= 3);
        assert_int_equal(watch.last.phase, WM_PHASE_DONE);
        assert_int_equal(watch.last.tasks_done, wm_result_stats(result)->partitions);
        assert_int_equal(watch.last.tasks, watch.last.tasks_done);
        assert_int_equal(watch.last.lines, wm_result_stats(result)->lines);
        assert_int_equal(watch.last.bytes, watch.last.bytes_total);
        wm_result_free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_runs_leave_nothing_behind),
        cmocka_unit_test(the_host_may_ignore_or_reap_its_children),
        cmocka_unit_test(a_run_leaves_signals_as_they_were),
        cmocka_unit_test(many_jobs_fit_one_process),
        cmocka_unit_test(sigpipe_never_comes),
        cmocka_unit_test(nothing_of_the_system_is_needed_but_the_input),
        cmocka_unit_test(a_job_says_how_few_processes_it_could_have),
        cmocka_unit_test(what_the_host_has_printed_is_printed_once),
        cmocka_unit_test(the_host_may_go_to_another_folder),
        cmocka_unit_test(memory_of_the_host_is_not_that_of_the_job),
        cmocka_unit_test(progress_only_grows_and_ends_with_all_done),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
