/*
 * Jobs in the foreground, one at a time. A signal only cancels the job; once its workers are reaped
 * and its temporary files removed, the process dies of the same signal, so that the shell sees
 * 128+n. The library makes an error of a pipe that nobody reads any more; if it was standard
 * output, that ends the process as SIGPIPE would have.
 */
#include "foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static _Atomic(wm_job *) job_running;
static volatile sig_atomic_t job_signal; /* the first that came, or 0 */
static volatile sig_atomic_t job_asked;  /* how far it is */
static int job_death;                    /* the signal that ended the last job, or 0 */
static int job_is_watched;               /* foreground_watch was called */

/* All that would end the process and leave a file behind that has a name already. */
static const int signals[] = {SIGINT,  SIGTERM, SIGHUP, SIGQUIT,   SIGXCPU, SIGUSR2,   SIGALRM,
                              SIGPIPE, SIGPWR,  SIGIO,  SIGVTALRM, SIGPROF, SIGSTKFLT, SIGABRT};
enum { N_SIGNALS = sizeof signals / sizeof signals[0] };

/* What asks for a line of progress. SIGINFO is what Ctrl-T sends, where there is such a thing. */
static const int questions[] = {SIGUSR1,
#if defined(SIGINFO) && SIGINFO != SIGPWR
                                SIGINFO
#endif
};
enum { N_QUESTIONS = sizeof questions / sizeof questions[0] };

static void question_note(int number)
{
    (void)number;
    job_asked = 1;
}

static void signal_note(int number)
{
    if (job_signal == 0)
        job_signal = number;
    int error = errno;
    wm_job *job = atomic_load(&job_running);
    if (job)
        wm_job_cancel(job);
    errno = error;
}

static void signals_catch(struct sigaction *saved)
{
    /* No SA_RESTART: to open a FIFO that nobody reads must come back. */
    struct sigaction action = {.sa_handler = signal_note};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < N_SIGNALS; i++) {
        sigaction(signals[i], NULL, &saved[i]);
        if (saved[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
    action.sa_handler = question_note;
    action.sa_flags = SA_RESTART;
    for (int i = 0; i < N_QUESTIONS; i++)
        sigaction(questions[i], &action, NULL);
}

static void signals_restore(const struct sigaction *saved)
{
    for (int i = 0; i < N_SIGNALS; i++)
        sigaction(signals[i], &saved[i], NULL);
}

static int job_loop(wm_job *job)
{
    for (;;) {
        int rc = wm_job_step(job);
        if (rc != WM_RUNNING)
            return rc;
        struct pollfd ready = {.fd = wm_job_fd(job), .events = POLLIN};
        poll(&ready, 1, wm_job_timeout(job));
    }
}

/* Nobody reads it, and that is to end us: whoever ignores SIGPIPE wants to be told. */
static int pipe_is_broken(int fd)
{
    struct pollfd state = {.fd = fd};
    struct sigaction action;
    return poll(&state, 1, 0) > 0 && state.revents & POLLERR &&
           sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler != SIG_IGN;
}

int foreground_run(const wm_options *options, const char *const *paths, size_t n_paths,
                   wm_result **result, wm_error *error)
{
    struct sigaction saved[N_SIGNALS];
    wm_job *job = NULL;

    job_death = 0;
    signals_catch(saved);

    int rc = wm_job_start(options, paths, n_paths, &job, error);
    if (rc == 0) {
        atomic_store(&job_running, job);
        /* A signal that came before had no job to cancel. */
        if (job_signal != 0)
            wm_job_cancel(job);
        job_loop(job);
        rc = wm_job_result(job, result, error);
        atomic_store(&job_running, NULL);
        wm_job_free(job);
    }
    if (rc != 0 && job_signal != 0)
        job_death = job_signal;
    else if (rc == WM_EWRITE && options->output_fd >= 0 && pipe_is_broken(options->output_fd))
        job_death = SIGPIPE;
    signals_restore(saved);
    return rc;
}

void foreground_watch(void)
{
    struct sigaction saved[N_SIGNALS];
    signals_catch(saved);
    job_is_watched = 1;
}

int foreground_interrupted(void)
{
    return job_signal != 0;
}

int foreground_hold_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return foreground_interrupted();
}

void foreground_forget_signals(void)
{
    sigset_t none;
    for (int i = 0; i < N_SIGNALS; i++) {
        struct sigaction now;
        sigaction(signals[i], NULL, &now);
        /* What waits goes with this: it came too late. */
        signal(signals[i], SIG_IGN);
        if (now.sa_handler != SIG_IGN)
            signal(signals[i], SIG_DFL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int foreground_was_asked(void)
{
    int asked = job_asked;
    job_asked = 0;
    return asked;
}

void foreground_reraise(void)
{
    int number = job_is_watched && job_signal != 0 ? job_signal : job_death;
    sigset_t none;
    if (number == 0)
        return;
    signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    raise(number);
    _exit(128 + number);
}
