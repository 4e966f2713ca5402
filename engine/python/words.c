/*
 * The words of a result or table. They come as lists of Python's objects, some thousand at a time,
 * or as columns that others read where they lie: NumPy by the buffer protocol, everything that
 * knows Arrow by a stream.
 */
#include "words.h"

#include <stdlib.h>

/* Words that become objects at a time. */
#define N_AT_ONCE 4096

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *stream, void *out);
    int (*get_next)(struct ArrowArrayStream *stream, void *out);
    const char *(*get_last_error)(struct ArrowArrayStream *stream);
    void (*release)(struct ArrowArrayStream *stream);
    void *private_data;
};

struct words {
    PyObject ob_base;
    wm_result *result;
    wm_table *table;
};

/* Goes through words in lists: of keys, of values, or of both. */
enum shape { KEYS, VALUES, ITEMS };

struct lists {
    PyObject ob_base;
    wm_cursor *cursor;
    unsigned n_values;
    enum shape shape;
};

/* All words in one block, and one of its arrays. */
struct block {
    PyObject ob_base;
    wm_cursor *cursor;
    const wm_block *block; /* NULL: there are no words */
};

struct column {
    PyObject ob_base;
    PyObject *block;
    const void *data;
    Py_ssize_t n;
    char format[2];
    Py_ssize_t item_size;
};

static PyTypeObject *words_type, *lists_type, *block_type, *column_type;

static unsigned n_values_of(const struct words *words)
{
    return words->result ? wm_result_n_values(words->result) : wm_table_n_values(words->table);
}

static const char *value_name(const struct words *words, unsigned i)
{
    return words->result ? wm_result_value_name(words->result, i)
                         : wm_table_value_name(words->table, i);
}

static const char *period_name(const struct words *words)
{
    return words->result ? wm_result_period_name(words->result) : NULL;
}

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

static void free_object(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
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

/* One count is a number, several are a tuple. */
static PyObject *value_of(const uint64_t *counts, unsigned n)
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
    return value_of(counts, n_values_of(words));
}

static PyObject *words_names(PyObject *self, void *Py_UNUSED(closure))
{
    struct words *words = (struct words *)self;
    unsigned n = n_values_of(words);
    PyObject *tuple = PyTuple_New((Py_ssize_t)n);
    for (unsigned i = 0; i < n && tuple; i++) {
        PyObject *name = PyUnicode_FromString(value_name(words, i));
        if (!name || PyTuple_SetItem(tuple, (Py_ssize_t)i, name) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *words_period(PyObject *self, void *Py_UNUSED(closure))
{
    const char *name = period_name((struct words *)self);
    if (!name)
        Py_RETURN_NONE;
    return PyUnicode_FromString(name);
}

/* A selection as the package gives it: prefix, limit, sort, reverse; then what is asked of it. */
struct asked {
    wm_selection selection;
    int more;
};

static int parse(PyObject *args, struct asked *asked)
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

static wm_cursor *open_cursor(const struct words *words, const wm_selection *selection)
{
    wm_cursor *cursor = NULL;
    wm_error error;
    int rc = words->result ? wm_result_cursor(words->result, selection, &cursor, &error)
                           : wm_table_cursor(words->table, selection, &cursor, &error);
    if (rc < 0)
        raise_error(&error);
    return cursor;
}

static PyObject *words_lists(PyObject *self, PyObject *args)
{
    struct words *words = (struct words *)self;
    struct asked asked;
    if (parse(args, &asked) < 0)
        return NULL;
    struct lists *lists = PyObject_New(struct lists, lists_type);
    if (!lists)
        return NULL;
    lists->n_values = n_values_of(words);
    lists->shape = (enum shape)asked.more;
    lists->cursor = open_cursor(words, &asked.selection);
    if (!lists->cursor)
        Py_CLEAR(lists);
    return (PyObject *)lists;
}

static void lists_dealloc(PyObject *self)
{
    wm_cursor_free(((struct lists *)self)->cursor);
    free_object(self);
}

static PyObject *key_of(const wm_block *block, uint64_t i)
{
    const char *word = block->words + block->offsets[i];
    PyObject *key = PyUnicode_DecodeUTF8(
        word, (Py_ssize_t)(block->offsets[i + 1] - block->offsets[i]), "surrogateescape");
    if (!block->years || !key)
        return key;
    if (block->years[i] != UINT64_MAX)
        return Py_BuildValue("(NK)", key, (unsigned long long)block->years[i]);
    return Py_BuildValue("(NO)", key, Py_None);
}

static PyObject *value_at(const wm_block *block, uint64_t i, unsigned n)
{
    uint64_t counts[16];
    for (unsigned j = 0; j < n; j++)
        counts[j] = block->counts[j][i];
    return value_of(counts, n);
}

static PyObject *item_at(const struct lists *lists, const wm_block *block, uint64_t i)
{
    if (lists->shape == KEYS)
        return key_of(block, i);
    if (lists->shape == VALUES)
        return value_at(block, i, lists->n_values);
    PyObject *key = key_of(block, i);
    PyObject *value = key ? value_at(block, i, lists->n_values) : NULL;
    PyObject *item = value ? PyTuple_Pack(2, key, value) : NULL;
    Py_XDECREF(key);
    Py_XDECREF(value);
    return item;
}

static PyObject *lists_next(PyObject *self)
{
    struct lists *lists = (struct lists *)self;
    const wm_block *block;
    wm_error error;
    int rc = wm_cursor_block(lists->cursor, N_AT_ONCE, &block, &error);
    if (rc < 0)
        return raise_error(&error);
    if (rc == 0)
        return NULL;
    PyObject *list = PyList_New((Py_ssize_t)block->n_words);
    for (uint64_t i = 0; i < block->n_words && list; i++) {
        PyObject *item = item_at(lists, block, i);
        if (!item || PyList_SetItem(list, (Py_ssize_t)i, item) < 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *words_block(PyObject *self, PyObject *args)
{
    struct asked asked;
    wm_error error;
    int rc = 0;
    if (parse(args, &asked) < 0)
        return NULL;
    struct block *block = PyObject_New(struct block, block_type);
    if (!block)
        return NULL;
    block->block = NULL;
    block->cursor = open_cursor((struct words *)self, &asked.selection);
    if (!block->cursor) {
        Py_DECREF(block);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = wm_cursor_block(block->cursor, UINT64_MAX, &block->block, &error);
    Py_END_ALLOW_THREADS if (rc >= 0) return (PyObject *)block;
    Py_DECREF(block);
    return raise_error(&error);
}

static void block_dealloc(PyObject *self)
{
    wm_cursor_free(((struct block *)self)->cursor);
    free_object(self);
}

static int add_column(PyObject *columns, PyObject *block, const char *name, char format,
                      const void *data, uint64_t n)
{
    struct column *column = PyObject_New(struct column, column_type);
    if (!column)
        return -1;
    column->block = Py_NewRef(block);
    column->data = data;
    column->n = (Py_ssize_t)n;
    column->format[0] = format;
    column->format[1] = '\0';
    column->item_size = format == 'B' ? 1 : 8;
    int rc = PyDict_SetItemString(columns, name, (PyObject *)column);
    Py_DECREF(column);
    return rc;
}

/* Columns of a block by their names, those of no words too: given are the words that it is of. */
static PyObject *block_columns(PyObject *self, PyObject *given)
{
    static const wm_block nothing;
    static const int64_t no_offsets[1];
    static const uint64_t *const no_counts[16];
    struct words *words = (struct words *)given;
    if (!PyObject_TypeCheck(given, words_type))
        return PyErr_Format(PyExc_TypeError, "not words");
    const wm_block *block = ((struct block *)self)->block;
    const wm_block *b = block ? block : &nothing;
    const int64_t *offsets = block ? b->offsets : no_offsets;
    const uint64_t *const *counts = block ? b->counts : no_counts;
    uint64_t n = b->n_words;
    PyObject *columns = PyDict_New();
    if (!columns)
        return NULL;
    int rc = add_column(columns, self, "bytes", 'B', b->words, (uint64_t)offsets[n]);
    rc |= add_column(columns, self, "offsets", 'q', offsets, n + 1);
    if (period_name(words))
        rc |= add_column(columns, self, period_name(words), 'Q', b->years, n);
    for (unsigned i = 0; i < n_values_of(words); i++)
        rc |= add_column(columns, self, value_name(words, i), 'Q', counts[i], n);
    if (b->ranks) {
        rc |= add_column(columns, self, "rank", 'Q', b->ranks, n);
        rc |= add_column(columns, self, "percent", 'd', b->percents, n);
        rc |= add_column(columns, self, "cumulative", 'd', b->cumulatives, n);
    }
    if (b->per_million)
        rc |= add_column(columns, self, "per_million", 'd', b->per_million, n);
    if (rc < 0)
        Py_CLEAR(columns);
    return columns;
}

static void column_dealloc(PyObject *self)
{
    Py_DECREF(((struct column *)self)->block);
    free_object(self);
}

static int column_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    struct column *column = (struct column *)self;
    if (flags & PyBUF_WRITABLE) {
        PyErr_SetString(PyExc_BufferError, "a column can only be read");
        return -1;
    }
    static char nothing[8];
    *view = (Py_buffer){.buf = column->data ? (void *)(uintptr_t)column->data : nothing,
                        .obj = Py_NewRef(self),
                        .len = column->n * column->item_size,
                        .itemsize = column->item_size,
                        .readonly = 1,
                        .ndim = 1,
                        .format = flags & PyBUF_FORMAT ? column->format : NULL,
                        .shape = flags & PyBUF_ND ? &column->n : NULL,
                        .strides =
                            (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? &column->item_size : NULL};
    return 0;
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
    if (parse(args, &asked) < 0)
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
    {"lists", words_lists, METH_VARARGS, "An iterator of lists of words, of a selection."},
    {"block", words_block, METH_VARARGS, "All words of a selection as columns."},
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

static PyMethodDef block_methods[] = {
    {"columns", block_columns, METH_O, "The columns by their names."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot words_slots[] = {SLOT(Py_tp_dealloc, words_dealloc),
                                    SLOT(Py_mp_length, words_length),
                                    SLOT(Py_tp_methods, words_methods),
                                    SLOT(Py_tp_getset, words_getset),
                                    {0, NULL}};
static PyType_Slot lists_slots[] = {SLOT(Py_tp_dealloc, lists_dealloc),
                                    SLOT(Py_tp_iter, PyObject_SelfIter),
                                    SLOT(Py_tp_iternext, lists_next),
                                    {0, NULL}};
static PyType_Slot block_slots[] = {
    SLOT(Py_tp_dealloc, block_dealloc), SLOT(Py_tp_methods, block_methods), {0, NULL}};
static PyType_Slot column_slots[] = {
    SLOT(Py_tp_dealloc, column_dealloc), SLOT(Py_bf_getbuffer, column_getbuffer), {0, NULL}};

#define FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION)

int add_words_types(PyObject *module)
{
    static PyType_Spec words = {"wordmill._wordmill.Words", sizeof(struct words), 0, FLAGS,
                                words_slots};
    static PyType_Spec lists = {"wordmill._wordmill.Lists", sizeof(struct lists), 0, FLAGS,
                                lists_slots};
    static PyType_Spec block = {"wordmill._wordmill.Block", sizeof(struct block), 0, FLAGS,
                                block_slots};
    static PyType_Spec column = {"wordmill._wordmill.Column", sizeof(struct column), 0, FLAGS,
                                 column_slots};
    words_type = add_type(module, &words);
    lists_type = add_type(module, &lists);
    block_type = add_type(module, &block);
    column_type = add_type(module, &column);
    return words_type && lists_type && block_type && column_type ? 0 : -1;
}
