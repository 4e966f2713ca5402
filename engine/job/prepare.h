/* All that comes before the first step of a job. */
#ifndef ENGINE_JOB_PREPARE_H
#define ENGINE_JOB_PREPARE_H

#include <stddef.h>

#include "wordmill.h"

struct wm_job;

/* 0 or a WM_E code with the job's error. */
int prepare(struct wm_job *job, const wm_input *given, size_t n_given);

#endif
