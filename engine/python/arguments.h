/* What a job is given by Python: words, inputs, options and descriptors. */
#ifndef ENGINE_PYTHON_ARGUMENTS_H
#define ENGINE_PYTHON_ARGUMENTS_H

#include "job_state.h"

/* The words of a list of bytes, which must live as long as the job. 0, or -1 with an exception, as
 * the others. */
int arguments_set_words(struct job *job, wm_options *o, PyObject *list);

/* A list of inputs: see take_input. */
int arguments_take_inputs(struct job *job, PyObject *list);

/* Sets options by a list of pairs, of bytes or None. */
int arguments_set_options(wm_options *o, PyObject *pairs);

int arguments_set_keep_fds(struct job *job, wm_options *o, PyObject *fds);

#endif
