/* A column keeps its block, and that its cursor, so the memory stays while anybody reads it. */
#include "columns.h"

#include "selection.h"

/* All words in one block, and one of its arrays. */
struct block {
    PyObject ob_base;
    wm_cursor *cursor;
    const wm_block *block; /* NULL: there are no words */
    PyObject *words;       /* that it is of */
};

struct column {
    PyObject ob_base;
    PyObject *block;
    const void *data;
    Py_ssize_t n;
    char format[2];
    Py_ssize_t item_size;
};

static PyTypeObject *block_type, *column_type;

PyObject *block_new(PyObject *self, PyObject *args)
{
    struct asked asked;
    wm_error error;
    int rc = 0;
    if (selection_parse(args, &asked) < 0)
        return NULL;
    struct block *block = PyObject_New(struct block, block_type);
    if (!block)
        return NULL;
    block->block = NULL;
    block->words = Py_NewRef(self);
    block->cursor = selection_open((struct words *)self, &asked.selection);
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
    Py_DECREF(((struct block *)self)->words);
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

/* Columns of a block by their names, those of no words too. */
static PyObject *block_columns(PyObject *self, PyObject *Py_UNUSED(unused))
{
    static const wm_block nothing;
    static const int64_t no_offsets[1];
    static const uint64_t *const no_counts[16];
    const struct words *words = (const struct words *)((struct block *)self)->words;
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
    if (words_period_name(words))
        rc |= add_column(columns, self, words_period_name(words), 'Q', b->years, n);
    for (unsigned i = 0; i < words_n_values(words); i++)
        rc |= add_column(columns, self, words_value_name(words, i), 'Q', counts[i], n);
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

static PyMethodDef block_methods[] = {
    {"columns", block_columns, METH_NOARGS, "The columns by their names."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot block_slots[] = {
    SLOT(Py_tp_dealloc, block_dealloc), SLOT(Py_tp_methods, block_methods), {0, NULL}};
static PyType_Slot column_slots[] = {
    SLOT(Py_tp_dealloc, column_dealloc), SLOT(Py_bf_getbuffer, column_getbuffer), {0, NULL}};

int add_columns_types(PyObject *module)
{
    static PyType_Spec block = {"wordmill._wordmill.Block", sizeof(struct block), 0, TYPE_FLAGS,
                                block_slots};
    static PyType_Spec column = {"wordmill._wordmill.Column", sizeof(struct column), 0, TYPE_FLAGS,
                                 column_slots};
    block_type = add_type(module, &block);
    column_type = add_type(module, &column);
    return block_type && column_type ? 0 : -1;
}
