/*
 * What all of the extension module wordmill._wordmill needs of Python. From 3.11 on only the
 * limited API is used, so one build is for all later versions. It had no buffers before.
 */
#ifndef ENGINE_PYTHON_BINDINGS_H
#define ENGINE_PYTHON_BINDINGS_H

#define PY_SSIZE_T_CLEAN
#include <patchlevel.h>
#if PY_VERSION_HEX >= 0x030B0000
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#include <stdint.h>

#include <wordmill.h>

#if PY_VERSION_HEX < 0x030A0000
#define Py_TPFLAGS_DISALLOW_INSTANTIATION (1UL << 7) /* for add_type */

static inline PyObject *Py_NewRef(PyObject *object)
{
    Py_INCREF(object);
    return object;
}
#endif

/* Raises wordmill.Error with the code. Returns NULL. */
PyObject *raise_error(const wm_error *error);

/* The value that has this name in the list of an enum, or -1 with ValueError. */
int enum_value(enum wm_names list, const char *name);

/* Adds wordmill.Error to the module. 0 or -1. */
int add_error_type(PyObject *module);

/* A type of the module, under the name that stands behind the last dot. */
PyTypeObject *add_type(PyObject *module, PyType_Spec *spec);

/* Deletes an object that has no members of Python left. */
void free_object(PyObject *self);

/* Of types whose objects this module alone makes. */
#define TYPE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION)

/* What a type does in a slot: a function, or an array of the type's. */
#define SLOT(slot, what)                                                                           \
    {                                                                                              \
        slot, (void *)(uintptr_t)(what)                                                            \
    }

#endif
