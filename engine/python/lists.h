/* Words as lists of Python's objects, some thousand at a time. */
#ifndef ENGINE_PYTHON_LISTS_H
#define ENGINE_PYTHON_LISTS_H

#include "bindings.h"

/* A method of words: an iterator of lists of a selection's keys, values, or both. */
PyObject *lists_new(PyObject *words, PyObject *args);

/* Adds its type to the module. 0 or -1. */
int add_lists_type(PyObject *module);

#endif
