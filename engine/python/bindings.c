/* Errors, names and types, as Python has them. */
#include "bindings.h"

#include <string.h>

static PyObject *error_type;

PyObject *raise_error(const wm_error *error)
{
    PyObject *exception = PyObject_CallFunction(error_type, "s", error->message);
    PyObject *code = exception ? PyLong_FromLong(error->code) : NULL;
    if (code && PyObject_SetAttrString(exception, "code", code) == 0)
        PyErr_SetObject(error_type, exception);
    Py_XDECREF(code);
    Py_XDECREF(exception);
    return NULL;
}

int add_error_type(PyObject *module)
{
    error_type = PyErr_NewExceptionWithDoc(
        "wordmill.Error", "What failed, in words; code is one of wordmill.Code.", NULL, NULL);
    return error_type ? PyModule_AddObject(module, "Error", Py_NewRef(error_type)) : -1;
}

int enum_value(enum wm_names list, const char *name)
{
    const char *at;
    for (int i = 0; (at = wm_name(list, i)); i++)
        if (strcmp(at, name) == 0)
            return i;
    PyErr_Format(PyExc_ValueError, "there is no '%s'", name);
    return -1;
}

PyTypeObject *add_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
#if PY_VERSION_HEX < 0x030A0000
    if (type && spec->flags & Py_TPFLAGS_DISALLOW_INSTANTIATION)
        ((PyTypeObject *)type)->tp_new = NULL;
#endif
    if (type && PyModule_AddType(module, (PyTypeObject *)type) < 0)
        Py_CLEAR(type);
    return (PyTypeObject *)type;
}

void free_object(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}
