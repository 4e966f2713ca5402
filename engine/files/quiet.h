/*
 * Writing to a pipe that nobody reads, or past the limit of file sizes, raises a signal that ends
 * the process. Between begin and end it is an error of the call instead, and nothing but that.
 */
#ifndef ENGINE_FILES_QUIET_H
#define ENGINE_FILES_QUIET_H

#include <signal.h>

struct quiet {
    sigset_t before;  /* the caller's mask */
    sigset_t pending; /* what waited for the caller to unblock it */
};

void quiet_begin(struct quiet *quiet);

/* error: the errno of what was done in between, 0 if it went well; errno is that afterwards. */
void quiet_end(const struct quiet *quiet, int error);

#endif
