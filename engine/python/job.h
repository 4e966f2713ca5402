/* A job as an object of Python. */
#ifndef ENGINE_PYTHON_JOB_H
#define ENGINE_PYTHON_JOB_H

#include "bindings.h"

/* Adds its type to the module. 0 or -1. */
int add_job_type(PyObject *module);

#endif
