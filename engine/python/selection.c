/* A result and a table have the same functions under other names. */
#include "selection.h"

unsigned words_n_values(const struct words *words)
{
    return words->result ? wm_result_n_values(words->result) : wm_table_n_values(words->table);
}

const char *words_value_name(const struct words *words, unsigned i)
{
    return words->result ? wm_result_value_name(words->result, i)
                         : wm_table_value_name(words->table, i);
}

const char *words_period_name(const struct words *words)
{
    return words->result ? wm_result_period_name(words->result)
                         : wm_table_period_name(words->table);
}

PyObject *words_value(const uint64_t *counts, unsigned n)
{
    if (n == 1)
        return PyLong_FromUnsignedLongLong(counts[0]);
    PyObject *tuple = PyTuple_New((Py_ssize_t)n);
    for (unsigned i = 0; i < n && tuple; i++) {
        PyObject *count = PyLong_FromUnsignedLongLong(counts[i]);
        if (!count || PyTuple_SetItem(tuple, (Py_ssize_t)i, count) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

int selection_parse(PyObject *args, struct asked *asked)
{
    const char *prefix, *sort;
    Py_ssize_t prefix_size;
    unsigned long long limit;
    int is_reversed, order;
    asked->more = 0;
    if (!PyArg_ParseTuple(args, "y#Ksp|i", &prefix, &prefix_size, &limit, &sort, &is_reversed,
                          &asked->more))
        return -1;
    order = enum_value(WM_NAMES_SORT, sort);
    if (order < 0)
        return -1;
    wm_selection_init(&asked->selection);
    asked->selection.prefix = prefix;
    asked->selection.prefix_size = (size_t)prefix_size;
    asked->selection.limit = limit;
    asked->selection.sort = (enum wm_sort)order;
    asked->selection.is_reversed = is_reversed;
    return 0;
}

wm_cursor *selection_open(const struct words *words, const wm_selection *selection)
{
    wm_cursor *cursor = NULL;
    wm_error error;
    int rc = words->result ? wm_result_cursor(words->result, selection, &cursor, &error)
                           : wm_table_cursor(words->table, selection, &cursor, &error);
    if (rc < 0)
        raise_error(&error);
    return cursor;
}
