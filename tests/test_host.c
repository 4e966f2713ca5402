/*
 * What a job does to its host: nothing. No descriptor, memory, process or signal handler is left or
 * changed, whatever the host does with its children, its threads and its limits.
 */
#include "jobs.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

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

static void *run_some(void *user)
{
    long n_good = 0;
    for (int i = 0; i < 10; i++) {
        wm_options o = job_options(2, 100000);
        wm_result *result;
        if (wm_run(&o, user ? &files.big : &files.small, 1, &result, NULL) != 0)
            break;
        n_good +=
            is_result(result, user ? &files.big_sample.expected : &files.small_sample.expected);
        wm_result_free(result);
    }
    return (void *)n_good;
}

static void jobs_can_run_in_many_threads_at_once(void **state)
{
    (void)state;
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_some, i > 0 ? &files : NULL), 0);
    for (int i = 0; i < 3; i++) {
        void *n_good = NULL;
        pthread_join(threads[i], &n_good);
        assert_int_equal((long)n_good, 10);
    }
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

struct watch {
    wm_progress last;
    int n;
    int broken;
};

static void on_progress(const wm_progress *progress, void *user)
{
    struct watch *watch = user;
    watch->broken |= progress->tasks_done < watch->last.tasks_done ||
                     progress->lines < watch->last.lines || progress->phase < watch->last.phase ||
                     progress->tasks_done > progress->tasks || progress->workers > 2 ||
                     progress->seconds < watch->last.seconds;
    watch->last = *progress;
    watch->n++;
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
        cmocka_unit_test(jobs_can_run_in_many_threads_at_once),
        cmocka_unit_test(a_job_makes_do_with_the_processes_it_can_have),
        cmocka_unit_test(progress_only_grows_and_ends_with_all_done),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
