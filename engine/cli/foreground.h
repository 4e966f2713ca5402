/* Runs jobs in the foreground, and makes signals end them cleanly. */
#ifndef ENGINE_CLI_FOREGROUND_H
#define ENGINE_CLI_FOREGROUND_H

#include <stddef.h>

#include <wordmill.h>

/*
 * Blocks until the job is done: 0 and *result, the caller's, or a WM_E code and *error. SIGINT,
 * SIGTERM and the like cancel it; its workers and temporary files are gone when this returns.
 */
int foreground_run(const wm_options *options, const char *const *paths, size_t n_paths,
                   wm_result **result, wm_error *error);

/* If a signal ended the last job, dies of that signal; returns if none did. */
void foreground_reraise(void);

/* Whether SIGUSR1 has asked, since the last call, how far the job is. */
int foreground_was_asked(void);

/* For many jobs, or files beside a job: notes these signals between jobs too, from now on, and
 * foreground_reraise dies of them. */
void foreground_watch(void);
/* Whether one came. */
int foreground_interrupted(void);

/* Files are put in their places in between: signals wait, and are forgotten. Hold returns what
 * foreground_interrupted does: then nothing is to be put anywhere. */
int foreground_hold_signals(void);
void foreground_forget_signals(void);

#endif
