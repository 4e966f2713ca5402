/*
 * What all of the extension module wordmill._wordmill needs of Python. Only the limited API is
 * used, so one build is for all versions from 3.11 on.
 */
#ifndef ENGINE_PYTHON_BINDINGS_H
#define ENGINE_PYTHON_BINDINGS_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>

#include <wordmill.h>

/* Raises wordmill.Error with the code. Returns NULL. */
PyObject *raise_error(const wm_error *error);

/* The value that has this name in the list of an enum, or -1 with ValueError. */
int enum_value(enum wm_names list, const char *name);

/* Adds wordmill.Error to the module. 0 or -1. */
int add_error_type(PyObject *module);

/* A type of the module, under the name that stands behind the last dot. */
PyTypeObject *add_type(PyObject *module, PyType_Spec *spec);

/* What a type does in a slot: a function, or an array of the type's. */
#define SLOT(slot, what)                                                                           \
    {                                                                                              \
        slot, (void *)(uintptr_t)(what)                                                            \
    }

#endif
