/*
 * The module: as much of wordmill.h as the package needs, in types of Python, and a function that
 * needs no object.
 */
#include "bindings.h"
#include "columns.h"
#include "job.h"
#include "lists.h"
#include "words.h"

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
    if (add_error_type(module) < 0 ||
        PyModule_AddStringConstant(module, "version", wm_version()) < 0 ||
        add_words_type(module) < 0 || add_lists_type(module) < 0 || add_columns_types(module) < 0 ||
        add_job_type(module) < 0)
        Py_CLEAR(module);
    return module;
}
