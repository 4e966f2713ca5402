/*
 * The words of a result or table: lookups, figures, and streams of Arrow. Lists of Python's objects
 * are in lists.c, columns in columns.c.
 */
#include "words.h"

#include <stdlib.h>

#include "columns.h"
#include "lists.h"
#include "selection.h"

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *stream, void *out);
    int (*get_next)(struct ArrowArrayStream *stream, void *out);
    const char *(*get_last_error)(struct ArrowArrayStream *stream);
    void (*release)(struct ArrowArrayStream *stream);
    void *private_data;
};

static PyTypeObject *words_type;

PyObject *words_new(wm_result *result, wm_table *table)
{
    struct words *words = PyObject_New(struct words, words_type);
    if (words) {
        words->result = result;
        words->table = table;
        return (PyObject *)words;
    }
    wm_result_free(result);
    wm_table_close(table);
    return NULL;
}

static void words_dealloc(PyObject *self)
{
    struct words *words = (struct words *)self;
    wm_result_free(words->result);
    wm_table_close(words->table);
    free_object(self);
}

static Py_ssize_t words_length(PyObject *self)
{
    struct words *words = (struct words *)self;
    uint64_t n = words->result ? wm_result_size(words->result) : wm_table_size(words->table);
    return (Py_ssize_t)n;
}

static PyObject *words_get(PyObject *self, PyObject *key)
{
    struct words *words = (struct words *)self;
    uint64_t counts[16];
    wm_error error;
    char *word;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(key, &word, &size) < 0)
        return NULL;
    int rc;
    if (words->result)
        rc = wm_result_get_values(words->result, word, (size_t)size, counts);
    else
        rc = wm_table_get_values(words->table, word, (size_t)size, counts, &error);
    if (rc < 0)
        return raise_error(&error);
    if (rc == 0)
        Py_RETURN_NONE;
    return words_value(counts, words_n_values(words));
}

static PyObject *words_names(PyObject *self, void *Py_UNUSED(closure))
{
    struct words *words = (struct words *)self;
    unsigned n = words_n_values(words);
    PyObject *tuple = PyTuple_New((Py_ssize_t)n);
    for (unsigned i = 0; i < n && tuple; i++) {
        PyObject *name = PyUnicode_FromString(words_value_name(words, i));
        if (!name || PyTuple_SetItem(tuple, (Py_ssize_t)i, name) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *words_period(PyObject *self, void *Py_UNUSED(closure))
{
    const char *name = words_period_name((struct words *)self);
    if (!name)
        Py_RETURN_NONE;
    return PyUnicode_FromString(name);
}

static void release_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream && stream->release)
        stream->release(stream);
    free(stream);
}

static PyObject *words_arrow(PyObject *self, PyObject *args)
{
    struct words *words = (struct words *)self;
    struct asked asked;
    wm_error error;
    if (selection_parse(args, &asked) < 0)
        return NULL;
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return PyErr_NoMemory();
    enum wm_arrow kind = asked.more ? WM_ARROW_TEXT : WM_ARROW_BYTES;
    int rc = words->result ? wm_result_arrow(words->result, &asked.selection, kind, stream, &error)
                           : wm_table_arrow(words->table, &asked.selection, kind, stream, &error);
    if (rc < 0) {
        free(stream);
        return raise_error(&error);
    }
    PyObject *capsule = PyCapsule_New(stream, "arrow_array_stream", release_stream);
    if (!capsule) {
        stream->release(stream);
        free(stream);
    }
    return capsule;
}

static int write_file(const wm_result *result, const char *path, enum wm_output format,
                      wm_error *error)
{
    wm_file *file;
    int rc = wm_file_open(path, &file, error);
    if (rc < 0)
        return rc;
    rc = wm_result_write(result, format, wm_file_fd(file), error);
    if (rc == 0)
        rc = wm_file_commit(file, error);
    wm_file_close(file);
    return rc;
}

static PyObject *words_write(PyObject *self, PyObject *args)
{
    struct words *words = (struct words *)self;
    PyObject *path;
    const char *name;
    wm_error error;
    int rc;
    if (!PyArg_ParseTuple(args, "O&s", PyUnicode_FSConverter, &path, &name))
        return NULL;
    int format = enum_value(WM_NAMES_OUTPUT, name);
    if (format < 0 || !words->result) {
        Py_DECREF(path);
        return format < 0 ? NULL : PyErr_Format(PyExc_TypeError, "a table is a file already");
    }
    Py_BEGIN_ALLOW_THREADS rc =
        write_file(words->result, PyBytes_AsString(path), (enum wm_output)format, &error);
    Py_END_ALLOW_THREADS Py_DECREF(path);
    if (rc < 0)
        return raise_error(&error);
    Py_RETURN_NONE;
}

#define NUMBER(name)                                                                               \
    {                                                                                              \
#name, offsetof(wm_stats, name), sizeof(((wm_stats *)NULL)->name)                          \
    }

static PyObject *words_stats(PyObject *self, void *Py_UNUSED(closure))
{
    static const struct {
        const char *name;
        size_t at, size;
    } numbers[] = {
        NUMBER(lines),          NUMBER(bytes),        NUMBER(words),        NUMBER(rejected),
        NUMBER(partition_size), NUMBER(partitions),   NUMBER(runs),         NUMBER(run_bytes),
        NUMBER(reduce_tasks),   NUMBER(retries),      NUMBER(peak_arena),   NUMBER(peak_rss),
        NUMBER(workers),        NUMBER(rounds),       NUMBER(fan_in),       NUMBER(forks),
        NUMBER(deaths),         NUMBER(timeouts),     NUMBER(backups),      NUMBER(counted),
        NUMBER(filtered),       NUMBER(invalid_utf8), NUMBER(spilled_runs), NUMBER(spilled_bytes),
        NUMBER(workers_started)};
    const wm_stats *stats = wm_result_stats(((struct words *)self)->result);
    PyObject *dict = PyDict_New();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && dict && stats; i++) {
        const char *at = (const char *)stats + numbers[i].at;
        PyObject *number = numbers[i].size == 8 ? PyLong_FromUnsignedLongLong(*(const uint64_t *)at)
                                                : PyLong_FromUnsignedLong(*(const unsigned *)at);
        if (!number || PyDict_SetItemString(dict, numbers[i].name, number) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(number);
    }
    PyObject *seconds = dict && stats ? PyFloat_FromDouble(stats->seconds) : NULL;
    if (dict && stats && (!seconds || PyDict_SetItemString(dict, "seconds", seconds) < 0))
        Py_CLEAR(dict);
    Py_XDECREF(seconds);
    return dict;
}

static PyMethodDef words_methods[] = {
    {"get", words_get, METH_O, "The value of a key, bytes; None: it is not there."},
    {"lists", lists_new, METH_VARARGS, "An iterator of lists of words, of a selection."},
    {"block", block_new, METH_VARARGS, "All words of a selection as columns."},
    {"arrow", words_arrow, METH_VARARGS, "The same as an Arrow C stream, in a capsule."},
    {"write", words_write, METH_VARARGS, "Writes a result to a file."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef words_getset[] = {
    {"names", words_names, NULL, "What the values are called.", NULL},
    {"period", words_period, NULL, "What stands behind the word: year, decade or None.", NULL},
    {"stats", words_stats, NULL, "Figures of the run.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot words_slots[] = {SLOT(Py_tp_dealloc, words_dealloc),
                                    SLOT(Py_mp_length, words_length),
                                    SLOT(Py_tp_methods, words_methods),
                                    SLOT(Py_tp_getset, words_getset),
                                    {0, NULL}};
int add_words_type(PyObject *module)
{
    static PyType_Spec spec = {"wordmill._wordmill.Words", sizeof(struct words), 0, TYPE_FLAGS,
                               words_slots};
    words_type = add_type(module, &spec);
    return words_type ? 0 : -1;
}
