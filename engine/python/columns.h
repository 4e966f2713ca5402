/* Words as columns that others read where they lie: NumPy, by the buffer protocol. */
#ifndef ENGINE_PYTHON_COLUMNS_H
#define ENGINE_PYTHON_COLUMNS_H

#include "bindings.h"

/* A method of words: all words of a selection in one block, which has columns. */
PyObject *block_new(PyObject *words, PyObject *args);

/* Adds the types of both to the module. 0 or -1. */
int add_columns_types(PyObject *module);

#endif
