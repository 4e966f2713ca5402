/*
 * The whole protocol with threads for worker processes: the same engine, messages, shared regions
 * and worker body, but in one process, where ThreadSanitizer and helgrind see what each side
 * touches. What a process is to the pool is replaced here (the linker wraps the functions): fork,
 * the pidfd, whose part an eventfd has, the kill, which closes the socket, and the reaping.
 *
 * A thread waits until the job's address is known, since a child would find all of it in place.
 */
#include "jobs.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/calls.h"
#include "job/parts.h"
#include "pool/process.h"
#include "serve.h"
#include "v2_map.h"

#define N_THREADS_MAX 64

struct process *__wrap_process_start(uint32_t slot, int *child_fd, struct refusal *refusal);
enum process_end __wrap_process_reap(struct process *process);
void __wrap_process_bury(struct process *process, uint64_t start);
int __wrap_pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags);

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags);
ssize_t __real_send(int fd, const void *data, size_t size, int flags);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __real_recv(int fd, void *data, size_t size, int flags);

#if __has_include(<valgrind/helgrind.h>)
#include <valgrind/helgrind.h>
#else
#define ANNOTATE_HAPPENS_BEFORE(object) (void)(object)
#define ANNOTATE_HAPPENS_AFTER(object) (void)(object)
#define VALGRIND_HG_DISABLE_CHECKING(start, size) (void)(start)
#endif

#define N_DESCRIPTORS_MAX 1024

/* The other end of a socket, which stands for what is sent from there. */
static char ends[N_DESCRIPTORS_MAX];
static char *other_ends[N_DESCRIPTORS_MAX];

static struct worker_thread {
    pthread_t thread;
    uint32_t slot;
    int fd;    /* its end of the socket */
    int ended; /* an eventfd */
} threads[N_THREADS_MAX];
static unsigned n_threads;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const struct job_spec *spec; /* NULL: not known yet */

/* What helgrind does not know: what was done before a message was sent is done where it comes. */
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
    ANNOTATE_HAPPENS_BEFORE(&ends[fd]);
    return __real_send(fd, data, size, flags);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    ANNOTATE_HAPPENS_BEFORE(&ends[fd]);
    return __real_sendmsg(fd, message, flags);
}

ssize_t __wrap_recv(int fd, void *data, size_t size, int flags)
{
    ssize_t n = __real_recv(fd, data, size, flags);
    if (n > 0)
        ANNOTATE_HAPPENS_AFTER(other_ends[fd]);
    return n;
}

static void *run_worker(void *user)
{
    const struct worker_thread *self = user;
    pthread_mutex_lock(&lock);
    while (!spec)
        pthread_cond_wait(&changed, &lock);
    const struct job_spec *mine = spec;
    pthread_mutex_unlock(&lock);
    worker_main(mine, &mine->progress->slots[self->slot], self->fd, getppid());
    shutdown(self->fd, SHUT_RDWR);
    eventfd_write(self->ended, 1);
    return NULL;
}

struct process *__wrap_process_start(uint32_t slot, int *child_fd, struct refusal *refusal)
{
    int fds[2];
    struct worker_thread *thread = &threads[n_threads++];
    struct process *process = calloc(1, sizeof *process);
    (void)child_fd, (void)refusal;
    assert_true(n_threads <= N_THREADS_MAX);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    assert_true(fds[0] < N_DESCRIPTORS_MAX && fds[1] < N_DESCRIPTORS_MAX);
    other_ends[fds[0]] = &ends[fds[1]];
    other_ends[fds[1]] = &ends[fds[0]];
    *thread = (struct worker_thread){.slot = slot, .fd = fds[1], .ended = eventfd(0, EFD_CLOEXEC)};
    process->slot = slot;
    process->fd = fds[0];
    process->pidfd = thread->ended;
    assert_int_equal(pthread_create(&thread->thread, NULL, run_worker, thread), 0);
    return process;
}

static struct worker_thread *thread_of(int pidfd)
{
    for (unsigned i = n_threads; i > 0; i--)
        if (threads[i - 1].ended == pidfd)
            return &threads[i - 1];
    fail();
    return NULL;
}

enum process_end __wrap_process_reap(struct process *process)
{
    struct worker_thread *thread = thread_of(process->pidfd);
    pthread_join(thread->thread, NULL);
    close(thread->fd);
    thread->ended = -1;
    return PROCESS_FAILED;
}

void __wrap_process_bury(struct process *process, uint64_t start)
{
    (void)start;
    __wrap_process_reap(process);
    process_close(process);
}

int __wrap_pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags)
{
    (void)number, (void)info, (void)flags;
    return shutdown(thread_of(pidfd)->fd, SHUT_RDWR);
}

static void set_spec(const struct job_spec *now)
{
    pthread_mutex_lock(&lock);
    spec = now;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static wm_result *run_with_threads(const wm_options *o)
{
    wm_result *result = NULL;
    wm_error error = {0};
    n_threads = 0;
    set_spec(NULL);
    wm_job *job = start(o, files.big);
    /* Behind the mutex are atomics alone, whose plain loads and stores helgrind takes for races. */
    struct progress *progress = job->plan.spec.progress;
    VALGRIND_HG_DISABLE_CHECKING(&progress->totals,
                                 progress->size - offsetof(struct progress, totals));
    set_spec(&job->plan.spec);
    int rc = turn_until_end(job);
    if (rc == 0)
        rc = wm_job_result(job, &result, &error);
    else
        wm_job_result(job, &result, &error);
    wm_job_free(job);
    if (rc != 0)
        fail_msg("%s", error.message);
    return result;
}

static void check(const wm_options *o)
{
    wm_result *result = run_with_threads(o);
    assert_true(n_threads >= (unsigned)o->workers);
    assert_true(is_result(result, &files.big_sample.expected));
    wm_result_free(result);
}

static int keep_tasks_done(const wm_progress *progress, void *user)
{
    *(uint64_t *)user = progress->tasks_done;
    return 0;
}

static void jobs_of_threads_are_right(void **state)
{
    (void)state;
    uint64_t n_done = 0;
    wm_options o = job_options(4, 100000);
    o.fan_in = 4;
    o.on_progress = keep_tasks_done;
    o.progress_user = &n_done;
    o.output = files.output;
    check(&o);
    o.map = v2_map;
    check(&o);
    o = job_options(3, 0);
    o.partition_lines = 10000;
    check(&o);
}

/* Each thread is replaced many times, while others work. */
static void threads_can_be_replaced(void **state)
{
    (void)state;
    wm_options o = job_options(2, 200000);
    o.max_tasks_per_worker = 2;
    check(&o);
    assert_true(n_threads > 2);
}

/* For helgrind, which keeps account of every byte that is mapped, be it touched or not. */
static void a_small_job_of_threads_is_right(void **state)
{
    (void)state;
    uint64_t n_done = 0;
    wm_options o = job_options(2, 4000);
    o.fan_in = 2;
    o.on_progress = keep_tasks_done;
    o.progress_user = &n_done;
    o.max_tasks_per_worker = 4;
    o.memory = 8 << 20;
    o.output = files.output;
    check(&o);
}

static int make_small_files(void **state)
{
    const struct rlimit largest = {16 << 20, 16 << 20}; /* of the spill file */
    setrlimit(RLIMIT_FSIZE, &largest);
    make_files(state);
    sample_release(&files.big_sample);
    sample_make(&files.big_sample, files.folder, "big", 40000, 500);
    return 0;
}

static int remove_all(void **state)
{
    unlink(files.output);
    return remove_files(state);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest small[] = {cmocka_unit_test(a_small_job_of_threads_is_right)};
    if (argc > 1 && strcmp(argv[1], "small") == 0)
        return cmocka_run_group_tests(small, make_small_files, remove_all);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_of_threads_are_right),
        cmocka_unit_test(threads_can_be_replaced),
    };
    return cmocka_run_group_tests(tests, make_files, remove_all);
}
