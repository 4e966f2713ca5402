/* The words of a result or of a table file, and a selection of them, for all that read them. */
#ifndef ENGINE_PYTHON_SELECTION_H
#define ENGINE_PYTHON_SELECTION_H

#include "bindings.h"

/* As an object of Python, see words.c. */
struct words {
    PyObject ob_base;
    wm_result *result;
    wm_table *table;
};

/* What wm_result_n_values and the like say, of a table as well. */
unsigned words_n_values(const struct words *words);
const char *words_value_name(const struct words *words, unsigned i);
const char *words_period_name(const struct words *words);

/* n counts as a value of Python: one is a number, several are a tuple. NULL with an exception. */
PyObject *words_value(const uint64_t *counts, unsigned n);

/* A selection as the package gives it: prefix, limit, sort, reverse; then what is asked of it. */
struct asked {
    wm_selection selection;
    int more;
};

/* The arguments of a method. 0, or -1 with an exception. */
int selection_parse(PyObject *args, struct asked *asked);

/* A cursor before its first word. NULL with an exception. */
wm_cursor *selection_open(const struct words *words, const wm_selection *selection);

#endif
