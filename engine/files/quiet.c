#include "files/quiet.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static void quiet_fill(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
    sigaddset(set, SIGXFSZ);
}

void quiet_begin(struct quiet *quiet)
{
    sigset_t both;
    quiet_fill(&both);
    pthread_sigmask(SIG_BLOCK, &both, &quiet->before);
    sigpending(&quiet->pending);
}

/* Takes the signal that came with the error, but none that waited before. */
static void quiet_take(const struct quiet *quiet, int number)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    if (!sigismember(&quiet->pending, number))
        sigtimedwait(&one, NULL, &(struct timespec){0, 0});
}

void quiet_end(const struct quiet *quiet, int error)
{
    if (error == EPIPE)
        quiet_take(quiet, SIGPIPE);
    if (error == EFBIG)
        quiet_take(quiet, SIGXFSZ);
    pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
    errno = error;
}
