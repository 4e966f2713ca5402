/* What a job is, for all that know it. */
#ifndef ENGINE_PYTHON_JOB_STATE_H
#define ENGINE_PYTHON_JOB_STATE_H

#include <sys/types.h>

#include "bindings.h"

struct note;

struct job {
    PyObject ob_base;
    wm_job *job;
    pid_t pid;
    int has_started;
    int is_busy;                     /* a thread is in it, in this process or where it forked */
    PyObject *map, *init, *progress; /* callable, or NULL */
    PyObject *describe;              /* makes text of an exception */
    PyObject *kept;                  /* what strings, inputs and options point to */
    wm_input *inputs;
    Py_buffer *views; /* of the inputs that are memory; an obj of NULL: of none */
    size_t n_inputs;
    const char **words;
    int *keep_fds;
    struct note *note; /* what was raised in a worker, in memory that all share; NULL: no function
                          of Python runs in one */
    PyObject *raised;  /* by a function in this process */
};

#endif
