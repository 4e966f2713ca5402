/* A list is made of a block of words, and each of its objects only when it is in the list. */
#include "lists.h"

#include "selection.h"

/* Words that become objects at a time. */
#define N_AT_ONCE 4096

/* Of keys, of values, or of both. */
enum shape { KEYS, VALUES, ITEMS };

struct lists {
    PyObject ob_base;
    wm_cursor *cursor;
    unsigned n_values;
    enum shape shape;
};

static PyTypeObject *lists_type;

PyObject *lists_new(PyObject *self, PyObject *args)
{
    struct words *words = (struct words *)self;
    struct asked asked;
    if (selection_parse(args, &asked) < 0)
        return NULL;
    struct lists *lists = PyObject_New(struct lists, lists_type);
    if (!lists)
        return NULL;
    lists->n_values = words_n_values(words);
    lists->shape = (enum shape)asked.more;
    lists->cursor = selection_open(words, &asked.selection);
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
    return words_value(counts, n);
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

static PyType_Slot lists_slots[] = {SLOT(Py_tp_dealloc, lists_dealloc),
                                    SLOT(Py_tp_iter, PyObject_SelfIter),
                                    SLOT(Py_tp_iternext, lists_next),
                                    {0, NULL}};

int add_lists_type(PyObject *module)
{
    static PyType_Spec spec = {"wordmill._wordmill.Lists", sizeof(struct lists), 0, TYPE_FLAGS,
                               lists_slots};
    lists_type = add_type(module, &spec);
    return lists_type ? 0 : -1;
}
