/*
 * Backup tasks: if a worker is slow, a second one starts the same task. The first result is used,
 * and the other worker is replaced. The task timeout is off, so nothing else can help.
 */
#include "jobs.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

#include "children.h"
#include "random.h"
#include "v2_map.h"

#define N_WORKERS 4
#define N_TRIES 40 /* at most */

static wm_result *run_big(const wm_options *o)
{
    wm_result *result = NULL;
    wm_error error = {0};
    if (wm_run(o, &files.big, 1, &result, &error) != 0)
        fail_msg("%s", error.message);
    assert_true(is_result(result, &files.big_sample.expected));
    return result;
}

#ifdef WORDMILL_FAULTS
static void a_worker_stopped_for_good_holds_nothing_up(void **state)
{
    (void)state;
    static const char *const faults[] = {"map:20:stop",    "run:20:stop",    "mutex:9:stop",
                                         "commit:20:stop", "reduce:12:stop", "write:3:stop"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        wm_options o = job_options(2, 100000);
        o.fan_in = 8;
        o.task_timeout = 0;
        o.output = files.output;
        setenv("WORDMILL_FAULT", faults[i], 1);
        wm_result *result = run_big(&o);
        unsetenv("WORDMILL_FAULT");
        const wm_stats *stats = wm_result_stats(result);
        if (stats->backups < 1 || stats->deaths != 0 || stats->retries != 0)
            fail_msg("%s: %u backups, %u deaths, %u retries", faults[i], (unsigned)stats->backups,
                     (unsigned)stats->deaths, (unsigned)stats->retries);
        wm_result_free(result);
        unlink(files.output);
        assert_nothing_left();
    }
}
#endif

static int map_slowly(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    for (int i = 0; i < 8000; i++)
        __asm__ volatile("");
    return v2_map(mapper, record, size, user);
}

/* Disturbs the workers of this process until it is told to stop. */
struct nuisance {
    pthread_t thread;
    int stop; /* an eventfd */
    uint64_t random;
};

static void rest(const struct nuisance *nuisance, int milliseconds)
{
    struct pollfd stop = {nuisance->stop, POLLIN, 0};
    poll(&stop, 1, milliseconds);
}

static int is_over(const struct nuisance *nuisance)
{
    struct pollfd stop = {nuisance->stop, POLLIN, 0};
    return poll(&stop, 1, 0) != 0;
}

/* One worker has a tenth of the time; if it is replaced, then another one. */
static void *slow_one_down(void *user)
{
    const struct nuisance *nuisance = user;
    pid_t children[N_CHILDREN_MAX], slow = -1;
    while (!is_over(nuisance)) {
        if (slow < 0 || kill(slow, SIGSTOP) < 0)
            slow = find_children(getpid(), children) == N_WORKERS ? children[0] : -1;
        rest(nuisance, 18);
        if (slow > 0)
            kill(slow, SIGCONT);
        rest(nuisance, 2);
    }
    return NULL;
}

/* Some workers stop now and then, some of them for long. */
static void *stop_at_random(void *user)
{
    struct nuisance *nuisance = user;
    pid_t children[N_CHILDREN_MAX];
    while (!is_over(nuisance)) {
        size_t n = find_children(getpid(), children);
        if (n > 0)
            kill(children[random_below(&nuisance->random, n)],
                 random_below(&nuisance->random, 3) ? SIGSTOP : SIGCONT);
        rest(nuisance, 1 + (int)random_below(&nuisance->random, 60));
    }
    return NULL;
}

static void nuisance_start(struct nuisance *nuisance, void *(*fn)(void *), uint64_t seed)
{
    *nuisance = (struct nuisance){.stop = eventfd(0, EFD_CLOEXEC), .random = seed};
    assert_int_equal(pthread_create(&nuisance->thread, NULL, fn, nuisance), 0);
}

static void nuisance_end(struct nuisance *nuisance)
{
    assert_int_equal(eventfd_write(nuisance->stop, 1), 0);
    pthread_join(nuisance->thread, NULL);
    close(nuisance->stop);
}

static wm_options slow_job(void)
{
    wm_options o = job_options(N_WORKERS, 100000);
    o.map = map_slowly;
    o.task_timeout = 0;
    return o;
}

static double run_timed(uint64_t *n_backups)
{
    wm_options o = slow_job();
    wm_result *result = run_big(&o);
    double seconds = wm_result_stats(result)->seconds;
    *n_backups += wm_result_stats(result)->backups;
    wm_result_free(result);
    return seconds;
}

/* What else runs on the machine may disturb both jobs of a pair, but hardly of all pairs. */
static void a_job_with_a_slow_worker_takes_little_longer(void **state)
{
    (void)state;
    uint64_t n_none = 0, n_backups = 0;
    double best = 1e9;
    for (int i = 0; i < N_TRIES && best > 1.5; i++) {
        struct nuisance nuisance;
        double undisturbed = run_timed(&n_none);
        nuisance_start(&nuisance, slow_one_down, 0);
        double disturbed = run_timed(&n_backups);
        nuisance_end(&nuisance);
        print_message("%.2f s; with one worker ten times slower %.2f s, %.2f times, %u backups\n",
                      undisturbed, disturbed, disturbed / undisturbed, (unsigned)n_backups);
        if (disturbed / undisturbed < best)
            best = disturbed / undisturbed;
    }
    assert_true(best <= 1.5);
    assert_nothing_left();
}

static void workers_stopped_at_random_change_nothing(void **state)
{
    (void)state;
    uint64_t n_backups = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct nuisance nuisance;
        wm_options o = slow_job();
        o.fan_in = 2;
        nuisance_start(&nuisance, stop_at_random, seed);
        wm_result *result = run_big(&o);
        nuisance_end(&nuisance);
        const wm_stats *stats = wm_result_stats(result);
        assert_int_equal(stats->deaths, 0);
        assert_int_equal(stats->bytes, files.big_sample.input.size);
        n_backups += stats->backups;
        wm_result_free(result);
        assert_nothing_left();
    }
    print_message("%u backups\n", (unsigned)n_backups);
    assert_true(n_backups > 0);
}

/* No backup is made while more than half of the memory is in use:
 * most of the time there is none. */
static void workers_stopped_at_random_while_runs_spill_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct nuisance nuisance;
        wm_options o = slow_job();
        o.partition_size = 25000;
        o.fan_in = 2;
        o.memory = (16 + seed) << 18;
        nuisance_start(&nuisance, stop_at_random, seed);
        wm_result *result = run_big(&o);
        nuisance_end(&nuisance);
        const wm_stats *stats = wm_result_stats(result);
        assert_int_equal(stats->deaths, 0);
        assert_true(stats->spilled_runs > 0);
        wm_result_free(result);
        assert_nothing_left();
    }
}

static void a_job_that_nothing_disturbs_has_no_backups(void **state)
{
    (void)state;
    uint64_t fewest = UINT64_MAX;
    for (int i = 0; i < N_TRIES && fewest > 0; i++) {
        wm_options o = job_options(2, 0);
        wm_result *result = run_big(&o);
        if (wm_result_stats(result)->backups < fewest)
            fewest = wm_result_stats(result)->backups;
        wm_result_free(result);
    }
    assert_int_equal(fewest, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(a_worker_stopped_for_good_holds_nothing_up),
#endif
        cmocka_unit_test(a_job_with_a_slow_worker_takes_little_longer),
        cmocka_unit_test(workers_stopped_at_random_change_nothing),
        cmocka_unit_test(workers_stopped_at_random_while_runs_spill_change_nothing),
        cmocka_unit_test(a_job_that_nothing_disturbs_has_no_backups),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
