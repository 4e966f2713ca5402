/* The functions of Python that a job calls: in its workers, and for progress. */
#ifndef ENGINE_PYTHON_FUNCTIONS_H
#define ENGINE_PYTHON_FUNCTIONS_H

#include "job_state.h"

/* Sets those of the options: (map, init, progress, describe), of which None is none. 0, or -1 with
 * an exception. */
int functions_set(struct job *job, wm_options *o, PyObject *functions);

/* Whether workers may run Python, so that the lock has to be held. */
int functions_run_in_workers(const struct job *job);

/* What the first exception in a worker was, as text, or None. */
PyObject *functions_note(const struct job *job);

/* Gives the memory of the note back. */
void functions_release(struct job *job);

#endif
