/* The module: what raises errors, and functions that need no object. */
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
    if (type && PyModule_AddType(module, (PyTypeObject *)type) < 0)
        Py_CLEAR(type);
    return (PyTypeObject *)type;
}

static PyObject *open_table(PyObject *Py_UNUSED(module), PyObject *path)
{
    PyObject *bytes;
    wm_table *table = NULL;
    wm_error error;
    if (!PyUnicode_FSConverter(path, (void *)&bytes))
        return NULL;
    int rc = wm_table_open(PyBytes_AsString(bytes), &table, &error);
    Py_DECREF(bytes);
    return rc < 0 ? raise_error(&error) : words_new(NULL, table);
}

static PyMethodDef functions[] = {
    {"open_table", open_table, METH_O, "The words of a table file."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "wordmill._wordmill",
                                        .m_size = -1, .m_methods = functions};

PyMODINIT_FUNC PyInit__wordmill(void);

PyMODINIT_FUNC PyInit__wordmill(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (!module)
        return NULL;
    error_type = PyErr_NewExceptionWithDoc(
        "wordmill.Error", "What failed, in words; code is one of wordmill.Code.", NULL, NULL);
    if (!error_type || PyModule_AddObjectRef(module, "Error", error_type) < 0 ||
        PyModule_AddStringConstant(module, "version", wm_version()) < 0 ||
        add_words_types(module) < 0 || add_job_type(module) < 0)
        Py_CLEAR(module);
    return module;
}
