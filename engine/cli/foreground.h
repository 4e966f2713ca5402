/* Runs jobs in the foreground, and makes signals end them cleanly. */
#ifndef ENGINE_CLI_FOREGROUND_H
#define ENGINE_CLI_FOREGROUND_H

#include <stddef.h>

#include <wordmill.h>

/*
 * Blocks until the job is done: 0 and *result, the caller's, or a WM_E code and *error. SIGINT,
 * SIGTERM and SIGHUP cancel it; its workers and temporary files are gone when this returns.
 */
int foreground_run(const wm_options *options, const char *const *paths, size_t n_paths,
                   wm_result **result, wm_error *error);

/* If a signal ended the last job, dies of that signal; returns if none did. */
void foreground_reraise(void);

/*
 * For many jobs: notes these signals between jobs too, from now on, and
 * foreground_reraise dies of them.
 */
void foreground_watch(void);
/* Whether one came. */
int foreground_interrupted(void);

#endif
