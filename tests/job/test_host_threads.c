/*
 * Hosts with threads: whatever those do while workers are forked and end, a job is right. They may
 * reap children, allocate, hold locks, run jobs of their own, and have a small stack.
 */
#include "jobs.h"

#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "v2_map.h"

static atomic_int stop_threads;

/* Reaps all children there are, before those who wait for them can. */
static void *reap_in_thread(void *user)
{
    atomic_int *n_reaped = user;
    while (!atomic_load(&stop_threads)) {
        if (waitpid(-1, NULL, 0) > 0)
            atomic_fetch_add(n_reaped, 1);
        else
            sched_yield();
    }
    return NULL;
}

static void a_thread_of_the_host_may_reap_its_children(void **state)
{
    (void)state;
    atomic_int n_reaped = 0;
    pthread_t thread;
    atomic_store(&stop_threads, 0);
    assert_int_equal(pthread_create(&thread, NULL, reap_in_thread, &n_reaped), 0);
    for (int i = 0; i < 20; i++) {
        wm_options o = job_options(3, 100000);
        wm_result *result;
        o.max_tasks_per_worker = (unsigned)i % 4;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_int_equal(wm_result_stats(result)->deaths, 0);
        assert_true(wm_result_stats(result)->peak_rss > 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
    atomic_store(&stop_threads, 1);
    pthread_join(thread, NULL);
    assert_true(atomic_load(&n_reaped) > 0);
    assert_nothing_left();
}

static pthread_mutex_t busy_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Is in malloc, in stdio or under a lock of its own whenever the host forks. */
static void *be_busy(void *user)
{
    FILE *file = fopen("/dev/null", "we");
    while (file && !atomic_load(&stop_threads)) {
        pthread_mutex_lock(&busy_mutex);
        char *memory = malloc(1 + (size_t)rand() % 100000);
        if (memory)
            fprintf(file, "%p %d\n", (void *)memory, getenv("HOME") != NULL);
        free(memory);
        pthread_mutex_unlock(&busy_mutex);
        free(realloc(malloc(100), 10000));
    }
    if (file)
        fclose(file);
    return user;
}

static void threads_may_allocate_and_lock_while_workers_are_forked(void **state)
{
    (void)state;
    pthread_t threads[8];
    atomic_store(&stop_threads, 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, be_busy, NULL), 0);
    for (int i = 0; i < 20; i++) {
        wm_options o = job_options(4, 100000);
        wm_result *result;
        o.map = i % 2 ? v2_map : NULL;
        o.max_tasks_per_worker = 5;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
    atomic_store(&stop_threads, 1);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_nothing_left();
}

/* In memory that host and workers share. */
struct forks {
    atomic_int n_before, n_parent, n_child, n_wrong;
    pid_t host;
    pthread_t thread;
};

/* A lock that is taken before a fork is had in both processes after it. */
static void on_fork(enum wm_fork moment, void *user)
{
    struct forks *forks = user;
    int is_host = getpid() == forks->host;
    atomic_int *counters[] = {&forks->n_before, &forks->n_parent, &forks->n_child};
    atomic_fetch_add(counters[moment], 1);
    if (is_host != (moment != WM_FORK_CHILD) || !pthread_equal(pthread_self(), forks->thread) ||
        (moment == WM_FORK_BEFORE ? pthread_mutex_lock(&busy_mutex)
                                  : pthread_mutex_unlock(&busy_mutex)) != 0)
        atomic_fetch_add(&forks->n_wrong, 1);
}

static void be_told_of_forks(struct forks *forks)
{
    forks->thread = pthread_self();
    for (unsigned i = 0; i < 12; i++) {
        wm_options o = job_options((int)i % 4, 100000);
        wm_result *result;
        int n_before = atomic_load(&forks->n_before);
        o.map = v2_map;
        o.max_tasks_per_worker = i / 4;
        o.on_fork = on_fork;
        o.fork_user = forks;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_true(is_result(result, &files.big_sample.expected));
        int n = (int)wm_result_stats(result)->forks;
        assert_true(i % 4 == 0 ? n == 0 : n >= (int)i % 4);
        assert_int_equal(atomic_load(&forks->n_before) - n_before, n);
        wm_result_free(result);
    }
    assert_int_equal(atomic_load(&forks->n_parent), atomic_load(&forks->n_before));
    assert_true(atomic_load(&forks->n_child) > 0);
    assert_true(atomic_load(&forks->n_child) <= atomic_load(&forks->n_parent));
    assert_int_equal(atomic_load(&forks->n_wrong), 0);
}

static void forks_are_told_where_locks_can_be_taken(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct forks *forks =
        mmap(NULL, sizeof *forks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(forks != MAP_FAILED);
    forks->host = getpid();
    atomic_store(&stop_threads, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, be_busy, NULL), 0);
    be_told_of_forks(forks);
    atomic_store(&stop_threads, 1);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    munmap(forks, sizeof *forks);
    assert_nothing_left();
}

/* Also of one that fails. */
static int run_without_forks(void)
{
    struct forks *forks =
        mmap(NULL, sizeof *forks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct rlimit limit = {1, 1};
    wm_options o = job_options(3, 100000);
    wm_stats stats;
    if (forks == MAP_FAILED ||
        (geteuid() == 0 && (setgroups(0, NULL) < 0 || setuid(20000 + (uid_t)getpid()) < 0)) ||
        setrlimit(RLIMIT_NPROC, &limit) < 0)
        return 1;
    *forks = (struct forks){.host = getpid(), .thread = pthread_self()};
    o.on_fork = on_fork;
    o.fork_user = forks;
    int rc = run_is_right(&o, files.big, &stats);
    if (rc != 0)
        return rc;
    return forks->n_before == 1 && forks->n_parent == 1 && forks->n_wrong == 0 ? 0 : 4;
}

static void forks_that_fail_are_told(void **state)
{
    (void)state;
    chmod(files.folder, 0755);
    in_child(run_without_forks);
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

#define N_LONG 300

/* Of words that are alike for more than a lookup copies, and others between them. */
static void make_long_word(char *word, unsigned i, size_t *size)
{
    *size = i % 3 == 0 ? 1000 + i : i % 3 == 1 ? 65536 - 7 * i : i + 1;
    memset(word, 'x', *size);
    if (i % 3 == 1)
        word[*size - 1] = (char)('a' + i % 26);
}

struct lookups {
    const wm_result *result;
    char *word;
    int n_found, n_wrong;
};

/* In a thread with a small stack, as hosts in other languages have many. */
static void *look_up_all(void *user)
{
    struct lookups *lookups = user;
    for (unsigned i = 0; i < N_LONG; i++) {
        size_t size;
        uint64_t count = 0;
        make_long_word(lookups->word, i, &size);
        lookups->n_found +=
            wm_result_get(lookups->result, lookups->word, size, &count) == 1 && count == i + 1;
        lookups->word[size - 1] = '0';
        lookups->n_wrong += wm_result_get(lookups->result, lookups->word, size, &count);
    }
    return NULL;
}

static void long_words_are_looked_up_on_a_small_stack(void **state)
{
    (void)state;
    struct bytes input = {0};
    struct lookups lookups = {.word = malloc(65537)};
    char path[300];
    snprintf(path, sizeof path, "%s/long", files.folder);
    for (unsigned i = 0; i < N_LONG; i++) {
        size_t size;
        make_long_word(lookups.word, i, &size);
        bytes_add(&input, lookups.word, size);
        bytes_print(&input, "\t2000\t%u\t1\n", i + 1);
    }
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    for (int sort = WM_SORT_WORD; sort <= WM_SORT_COUNT; sort++) {
        wm_options o = job_options(3, 100000);
        wm_result *result = NULL;
        const char *paths[] = {path};
        pthread_attr_t attributes;
        pthread_t thread;
        o.sort = (enum wm_sort)sort;
        o.fan_in = 3;
        assert_int_equal(wm_run(&o, paths, 1, &result, NULL), 0);
        lookups.result = result;
        lookups.n_found = lookups.n_wrong = 0;
        pthread_attr_init(&attributes);
#ifndef __SANITIZE_ADDRESS__
        assert_int_equal(pthread_attr_setstacksize(&attributes, 16384), 0);
#endif
        assert_int_equal(pthread_create(&thread, &attributes, look_up_all, &lookups), 0);
        pthread_join(thread, NULL);
        pthread_attr_destroy(&attributes);
        assert_int_equal(lookups.n_found, N_LONG);
        assert_int_equal(lookups.n_wrong, 0);
        wm_result_free(result);
    }
    free(lookups.word);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_of_the_host_may_reap_its_children),
        cmocka_unit_test(threads_may_allocate_and_lock_while_workers_are_forked),
        cmocka_unit_test(forks_are_told_where_locks_can_be_taken),
        cmocka_unit_test(forks_that_fail_are_told),
        cmocka_unit_test(jobs_can_run_in_many_threads_at_once),
        cmocka_unit_test(long_words_are_looked_up_on_a_small_stack),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
