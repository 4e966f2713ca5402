/* Runs jobs in the foreground, and makes signals end them cleanly. */
#ifndef JOB_H
#define JOB_H

#include <stddef.h>

#include <wordmill.h>

/*
 * Blocks until the job is done: 0 and *result, the caller's, or a WM_E code and *error. SIGINT,
 * SIGTERM and SIGHUP cancel it; its workers and temporary files are gone when this returns.
 */
int job_run(const wm_options *options, const char *const *paths, size_t n_paths, wm_result **result,
            wm_error *error);

/* If a signal ended the last job, dies of that signal; returns if none did. */
void job_reraise(void);

/* For many jobs: notes these signals between jobs too, from now on, and job_reraise dies of them.
 */
void job_watch(void);
/* Whether one came. */
int job_interrupted(void);

#endif
