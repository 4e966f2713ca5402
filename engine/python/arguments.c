/* Strings stay the objects' of Python, which the job keeps. */
#include "arguments.h"

#include <stdlib.h>
#include <string.h>

/* Bytes without a NUL inside, or NULL with an exception. */
static const char *word_of(PyObject *bytes)
{
    char *at;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(bytes, &at, &size) < 0)
        return NULL;
    if (strlen(at) == (size_t)size)
        return at;
    PyErr_SetString(PyExc_ValueError, "a NUL in a word");
    return NULL;
}

int arguments_set_words(struct job *job, wm_options *o, PyObject *list)
{
    size_t n = (size_t)PyList_Size(list);
    job->words = malloc((n + 1) * sizeof *job->words);
    if (!job->words) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        job->words[i] = word_of(PyList_GetItem(list, (Py_ssize_t)i));
        if (!job->words[i])
            return -1;
    }
    o->words = job->words;
    o->n_words = n;
    return 0;
}

/* None is NULL. 0, or -1 with an exception. */
static int string_of(PyObject *bytes, const char **string)
{
    char *at = NULL;
    if (bytes != Py_None && PyBytes_AsStringAndSize(bytes, &at, NULL) < 0)
        return -1;
    *string = at;
    return 0;
}

/* (name, path, descriptor, data, owner): a path, or data, or else a descriptor of the owner. */
static int take_input(PyObject *given, wm_input *input, Py_buffer *view)
{
    PyObject *name, *path, *data, *owner;
    if (!PyArg_ParseTuple(given, "OOiOO", &name, &path, &input->fd, &data, &owner) ||
        string_of(name, &input->name) < 0 || string_of(path, &input->path) < 0)
        return -1;
    input->kind = path != Py_None ? WM_INPUT_PATH : WM_INPUT_FD;
    if (data == Py_None)
        return 0;
    if (PyObject_GetBuffer(data, view, PyBUF_SIMPLE) < 0)
        return -1;
    input->kind = WM_INPUT_DATA;
    input->data = view->buf;
    input->size = (size_t)view->len;
    return 0;
}

int arguments_take_inputs(struct job *job, PyObject *list)
{
    size_t n = (size_t)PyList_Size(list);
    job->inputs = calloc(n + 1, sizeof *job->inputs);
    job->views = calloc(n + 1, sizeof *job->views);
    if (!job->inputs || !job->views) {
        PyErr_NoMemory();
        return -1;
    }
    job->n_inputs = n;
    for (size_t i = 0; i < n; i++)
        if (take_input(PyList_GetItem(list, (Py_ssize_t)i), &job->inputs[i], &job->views[i]) < 0)
            return -1;
    return 0;
}

/* Those that wm_options_set does not know, since they are no options of the command's count. 1: it
 * was one of them; -1 with an exception. */
static int set_own(wm_options *o, const char *name, const char *value)
{
    int choice = 0;
    if (strcmp(name, "reduce") == 0 && value) {
        choice = enum_value(WM_NAMES_REDUCE, value);
        o->reduce = (enum wm_reduce)choice;
    } else if (strcmp(name, "format") == 0 && value && strcmp(value, "counts") == 0) {
        o->format = WM_FORMAT_COUNTS;
    } else if (strcmp(name, "output-only") == 0 && !value) {
        o->output_only = 1;
    } else if (strcmp(name, "max-tasks-per-worker") == 0 && value) {
        o->max_tasks_per_worker = (unsigned)strtoul(value, NULL, 10);
    } else {
        return 0;
    }
    return choice < 0 ? -1 : 1;
}

int arguments_set_options(wm_options *o, PyObject *pairs)
{
    for (Py_ssize_t i = 0; i < PyList_Size(pairs); i++) {
        const char *name;
        PyObject *given;
        char *value = NULL;
        wm_error error;
        if (!PyArg_ParseTuple(PyList_GetItem(pairs, i), "yO", &name, &given))
            return -1;
        if (given != Py_None && PyBytes_AsStringAndSize(given, &value, NULL) < 0)
            return -1;
        int rc = set_own(o, name, value);
        if (rc < 0)
            return -1;
        if (rc == 0 && wm_options_set(o, name, value, &error) < 0) {
            raise_error(&error);
            return -1;
        }
    }
    return 0;
}

int arguments_set_keep_fds(struct job *job, wm_options *o, PyObject *fds)
{
    size_t n = (size_t)PyList_Size(fds);
    job->keep_fds = malloc((n + 1) * sizeof *job->keep_fds);
    if (!job->keep_fds) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        job->keep_fds[i] = (int)PyLong_AsLong(PyList_GetItem(fds, (Py_ssize_t)i));
    o->keep_fds = job->keep_fds;
    o->n_keep_fds = n;
    return PyErr_Occurred() ? -1 : 0;
}
