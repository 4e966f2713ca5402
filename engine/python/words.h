/* The words of a result or of a table file, as an object of Python. */
#ifndef ENGINE_PYTHON_WORDS_H
#define ENGINE_PYTHON_WORDS_H

#include "bindings.h"

/* Words that own the result or the table, of which one is NULL; NULL: it was given back. */
PyObject *words_new(wm_result *result, wm_table *table);

/* Adds their type to the module. 0 or -1. */
int add_words_type(PyObject *module);

#endif
