/*
 * A job, and functions of Python that run in its workers. Workers are forked by wm_job_start and by
 * wm_job_step. Where they are to run Python, the lock is held meanwhile, so the thread that forks
 * is the one that the child goes on with, and the interpreter is told of the fork as os.fork tells
 * it: before the C library is, since other threads may run and fork until the interpreter is ready.
 * Without such functions a child never touches the interpreter, and the lock is not held.
 */
#include "job.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "words.h"

#define NOTE_SIZE 16384

/* What the first exception in a worker was, for the process that has the job. */
struct note {
    atomic_int is_taken;
    atomic_int is_written;
    char text[NOTE_SIZE];
};

struct job {
    PyObject ob_base;
    wm_job *job;
    pid_t pid;
    int has_started;
    int is_busy;                     /* a thread is in it, in this process or where it forked */
    PyObject *map, *init, *progress; /* callable, or NULL */
    PyObject *describe;              /* makes text of an exception */
    PyObject *kept;                  /* what strings, inputs and options point to */
    wm_input *inputs;
    Py_buffer *views; /* of the inputs that are memory; an obj of NULL: of none */
    size_t n_inputs;
    const char **words;
    int *keep_fds;
    struct note *note;
    PyObject *raised; /* by a function in this process */
};

static PyTypeObject *job_type;

static void on_fork(enum wm_fork moment, void *Py_UNUSED(user))
{
    if (moment == WM_FORK_BEFORE)
        PyOS_BeforeFork();
    else if (moment == WM_FORK_PARENT)
        PyOS_AfterFork_Parent();
    else
        PyOS_AfterFork_Child();
}

/* The exception that is raised becomes this object's, and is raised no more. */
static PyObject *take_exception(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && traceback)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
}

static void write_note(struct job *self, PyObject *exception)
{
    int taken = 0;
    if (!atomic_compare_exchange_strong(&self->note->is_taken, &taken, 1))
        return;
    PyObject *text = PyObject_CallFunctionObjArgs(self->describe, exception, NULL);
    const char *bytes = text ? PyBytes_AsString(text) : NULL;
    if (bytes)
        strncpy(self->note->text, bytes, NOTE_SIZE - 1);
    Py_XDECREF(text);
    PyErr_Clear();
    atomic_store(&self->note->is_written, 1);
}

/* An exception left a function: in this process one that is no Exception, such as Ctrl-C, ends the
 * job and comes out of it. Any other is told when the job fails. */
static void note_exception(struct job *self)
{
    PyObject *exception = take_exception();
    if (getpid() == self->pid && !self->raised &&
        !PyErr_GivenExceptionMatches(exception, PyExc_Exception)) {
        self->raised = Py_NewRef(exception);
        if (self->job)
            wm_job_cancel(self->job);
    } else {
        write_note(self, exception);
    }
    Py_XDECREF(exception);
}

static int emit(wm_mapper *mapper, PyObject *key, uint64_t count)
{
    PyObject *bytes = NULL;
    char *data;
    Py_ssize_t size;
    if (PyUnicode_Check(key)) {
        bytes = PyUnicode_AsEncodedString(key, "utf-8", "surrogateescape");
        key = bytes;
    }
    int rc = key ? PyBytes_AsStringAndSize(key, &data, &size) : -1;
    if (rc == 0)
        rc = wm_emit(mapper, data, (size_t)size, count);
    Py_XDECREF(bytes);
    return rc;
}

static int emit_counted(wm_mapper *mapper, PyObject *key, PyObject *count)
{
    unsigned long long n = PyLong_AsUnsignedLongLong(count);
    if (n == (unsigned long long)-1 && PyErr_Occurred())
        return -1;
    return emit(mapper, key, n);
}

/* A key, or a pair of key and count. */
static int emit_item(wm_mapper *mapper, PyObject *item)
{
    if (!PyTuple_Check(item))
        return emit(mapper, item, 1);
    if (PyTuple_Size(item) == 2)
        return emit_counted(mapper, PyTuple_GetItem(item, 0), PyTuple_GetItem(item, 1));
    PyErr_SetString(PyExc_ValueError, "a tuple that is not a key and its count");
    return -1;
}

static int emit_dict(wm_mapper *mapper, PyObject *dict)
{
    PyObject *key, *count;
    Py_ssize_t at = 0;
    int rc = 0;
    while (rc == 0 && PyDict_Next(dict, &at, &key, &count))
        rc = emit_counted(mapper, key, count);
    return rc;
}

static int emit_list(wm_mapper *mapper, PyObject *list)
{
    int rc = 0;
    for (Py_ssize_t i = 0; i < PyList_Size(list) && rc == 0; i++)
        rc = emit_item(mapper, PyList_GetItem(list, i));
    return rc;
}

static int emit_each(wm_mapper *mapper, PyObject *items)
{
    PyObject *iterator = PyObject_GetIter(items), *item;
    int rc = iterator ? 0 : -1;
    while (rc == 0 && (item = PyIter_Next(iterator))) {
        rc = emit_item(mapper, item);
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    return rc;
}

/* Whatever a map function has returned. */
static int emit_all(wm_mapper *mapper, PyObject *result)
{
    if (result == Py_None)
        return 0;
    if (PyBytes_Check(result) || PyUnicode_Check(result) || PyTuple_Check(result))
        return emit_item(mapper, result);
    if (PyDict_Check(result))
        return emit_dict(mapper, result);
    return PyList_Check(result) ? emit_list(mapper, result) : emit_each(mapper, result);
}

static int call_map(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    struct job *self = user;
    if (self->raised)
        return -1;
    PyObject *line = PyBytes_FromStringAndSize(record, (Py_ssize_t)size);
    PyObject *result = line ? PyObject_CallFunctionObjArgs(self->map, line, NULL) : NULL;
    int rc = result ? emit_all(mapper, result) : -1;
    if (PyErr_Occurred()) {
        note_exception(self);
        rc = -1;
    }
    Py_XDECREF(line);
    Py_XDECREF(result);
    return rc;
}

static int call_init(unsigned worker, void *user)
{
    struct job *self = user;
    PyObject *result = PyObject_CallFunction(self->init, "I", worker);
    if (!result)
        note_exception(self);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

/* What it raises ends the job, and comes out of the step. */
static int call_progress(const wm_progress *p, void *user)
{
    struct job *self = user;
    const char *phase = wm_name(WM_NAMES_PHASE, (int)p->phase);
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *result = PyObject_CallFunction(
        self->progress, "siKKKKKdK", phase ? phase : "", p->workers,
        (unsigned long long)p->tasks_done, (unsigned long long)p->tasks,
        (unsigned long long)p->lines, (unsigned long long)p->bytes,
        (unsigned long long)p->bytes_total, p->seconds, (unsigned long long)p->words);
    if (!result) {
        PyObject *before = self->raised;
        self->raised = take_exception();
        Py_XDECREF(before);
    }
    Py_XDECREF(result);
    int rc = self->raised != NULL;
    PyGILState_Release(state);
    return rc;
}

/* Pointers to the bytes of a list, which must live as long; NULL with an exception. */
static const char **strings_of(PyObject *list, size_t *n)
{
    *n = (size_t)PyList_Size(list);
    const char **strings = malloc((*n + 1) * sizeof *strings);
    if (!strings) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < *n; i++) {
        char *at;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyList_GetItem(list, (Py_ssize_t)i), &at, &size) < 0 ||
            strlen(at) != (size_t)size) {
            free(strings);
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "a NUL in a name of a file or a word");
            return NULL;
        }
        strings[i] = at;
    }
    return strings;
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

static int take_inputs(struct job *self, PyObject *list)
{
    size_t n = (size_t)PyList_Size(list);
    self->inputs = calloc(n + 1, sizeof *self->inputs);
    self->views = calloc(n + 1, sizeof *self->views);
    if (!self->inputs || !self->views) {
        PyErr_NoMemory();
        return -1;
    }
    self->n_inputs = n;
    for (size_t i = 0; i < n; i++)
        if (take_input(PyList_GetItem(list, (Py_ssize_t)i), &self->inputs[i], &self->views[i]) < 0)
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

/* Sets options by a list of pairs, of bytes or None. 0 or -1. */
static int set_options(wm_options *o, PyObject *pairs)
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

static int set_keep_fds(struct job *self, wm_options *o, PyObject *fds)
{
    size_t n = (size_t)PyList_Size(fds);
    self->keep_fds = malloc((n + 1) * sizeof *self->keep_fds);
    if (!self->keep_fds) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        self->keep_fds[i] = (int)PyLong_AsLong(PyList_GetItem(fds, (Py_ssize_t)i));
    o->keep_fds = self->keep_fds;
    o->n_keep_fds = n;
    return PyErr_Occurred() ? -1 : 0;
}

/* Functions, of which None is none. */
static int set_functions(struct job *self, wm_options *o, PyObject *functions)
{
    PyObject *map, *init, *progress;
    if (!PyArg_ParseTuple(functions, "OOOO", &map, &init, &progress, &self->describe))
        return -1;
    Py_INCREF(self->describe);
    if (map != Py_None) {
        self->map = Py_NewRef(map);
        o->map = call_map;
    }
    if (init != Py_None) {
        self->init = Py_NewRef(init);
        o->worker_init = call_init;
    }
    if (progress != Py_None) {
        self->progress = Py_NewRef(progress);
        o->on_progress = call_progress;
        o->progress_user = self;
    }
    o->map_user = self;
    if (!o->map && !o->worker_init)
        return 0;
    o->on_fork = on_fork;
    void *note =
        mmap(NULL, sizeof *self->note, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (note == MAP_FAILED) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    self->note = note;
    return 0;
}

/* Whether workers may run Python, so that the lock has to be held. */
static int runs_python(const struct job *self)
{
    return self->map || self->init;
}

/* Raises what ended the job. Returns NULL. */
static PyObject *raise_failure(struct job *self, const wm_error *error)
{
    if (!self->raised)
        return raise_error(error);
    PyErr_SetObject((PyObject *)Py_TYPE(self->raised), self->raised);
    Py_CLEAR(self->raised);
    return NULL;
}

static int start(struct job *self, const wm_options *o, wm_error *error)
{
    int rc;
    self->pid = getpid();
    self->is_busy = 1;
    if (runs_python(self)) {
        rc = wm_job_start_inputs(o, self->inputs, self->n_inputs, &self->job, error);
    } else {
        Py_BEGIN_ALLOW_THREADS rc =
            wm_job_start_inputs(o, self->inputs, self->n_inputs, &self->job, error);
        Py_END_ALLOW_THREADS
    }
    self->is_busy = 0;
    return rc;
}

/* Job(inputs, options, words, keep_fds, (map, init, progress, describe)) */
static int job_init(PyObject *object, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    struct job *self = (struct job *)object;
    PyObject *inputs, *options, *words, *keep_fds, *functions;
    wm_options o;
    wm_error error;
    size_t n_words;
    if (self->has_started) {
        PyErr_SetString(PyExc_TypeError, "a job starts once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!", &PyList_Type, &inputs, &PyList_Type, &options,
                          &PyList_Type, &words, &PyList_Type, &keep_fds, &PyTuple_Type, &functions))
        return -1;
    self->has_started = 1;
    self->kept = Py_NewRef(args);
    wm_options_init(&o);
    if (set_options(&o, options) < 0 || set_functions(self, &o, functions) < 0 ||
        set_keep_fds(self, &o, keep_fds) < 0 || take_inputs(self, inputs) < 0)
        return -1;
    self->words = strings_of(words, &n_words);
    if (!self->words)
        return -1;
    o.words = self->words;
    o.n_words = n_words;
    if (start(self, &o, &error) == 0)
        return 0;
    raise_failure(self, &error);
    return -1;
}

static wm_job *job_of(PyObject *object)
{
    struct job *self = (struct job *)object;
    if (!self->job)
        PyErr_SetString(PyExc_ValueError, "the job was closed");
    return self->job;
}

/* 0, or -1 with an exception: another thread steps the job, or a function of its own asks. */
static int check_idle(const struct job *self)
{
    if (self->is_busy)
        PyErr_SetString(PyExc_ValueError, "the job is being stepped");
    return self->is_busy ? -1 : 0;
}

static PyObject *job_fileno(PyObject *self, PyObject *Py_UNUSED(unused))
{
    wm_job *job = job_of(self);
    return job ? PyLong_FromLong(wm_job_fd(job)) : NULL;
}

static PyObject *job_timeout(PyObject *self, PyObject *Py_UNUSED(unused))
{
    wm_job *job = job_of(self);
    return job ? PyLong_FromLong(wm_job_timeout(job)) : NULL;
}

/* True: it is done. */
static PyObject *job_step(PyObject *object, PyObject *Py_UNUSED(unused))
{
    struct job *self = (struct job *)object;
    wm_job *job = job_of(object);
    wm_error error;
    int rc;
    if (!job || check_idle(self) < 0)
        return NULL;
    self->is_busy = 1;
    if (runs_python(self)) {
        rc = wm_job_step(job);
    } else {
        Py_BEGIN_ALLOW_THREADS rc = wm_job_step(job);
        Py_END_ALLOW_THREADS
    }
    self->is_busy = 0;
    if (rc >= 0)
        return PyBool_FromLong(rc == 0);
    wm_job_result(job, &(wm_result *){NULL}, &error);
    return raise_failure(self, &error);
}

static PyObject *job_cancel(PyObject *self, PyObject *Py_UNUSED(unused))
{
    wm_job *job = job_of(self);
    if (!job)
        return NULL;
    wm_job_cancel(job);
    Py_RETURN_NONE;
}

static PyObject *job_result(PyObject *self, PyObject *Py_UNUSED(unused))
{
    wm_job *job = job_of(self);
    wm_result *result = NULL;
    wm_error error;
    if (!job || check_idle((struct job *)self) < 0)
        return NULL;
    if (wm_job_result(job, &result, &error) < 0)
        return raise_error(&error);
    return words_new(result, NULL);
}

/* What the first exception in a worker was, or None. */
static PyObject *job_note(PyObject *object, PyObject *Py_UNUSED(unused))
{
    const struct job *self = (struct job *)object;
    if (!self->note || !atomic_load(&self->note->is_written))
        Py_RETURN_NONE;
    const char *text = self->note->text;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strnlen(text, NOTE_SIZE), "replace");
}

/* Inputs are there until the job is gone, and no longer. One that another thread was in when this
 * process was forked may be half changed, so it is left alone. */
static void close_job(struct job *self)
{
    wm_job *job = self->job;
    self->job = NULL;
    if (job && !self->is_busy) {
        Py_BEGIN_ALLOW_THREADS wm_job_free(job);
        Py_END_ALLOW_THREADS
    }
    size_t n = self->n_inputs;
    self->n_inputs = 0;
    for (size_t i = 0; i < n; i++)
        PyBuffer_Release(&self->views[i]);
    Py_CLEAR(self->kept);
}

static PyObject *job_close(PyObject *self, PyObject *Py_UNUSED(unused))
{
    if (check_idle((struct job *)self) < 0)
        return NULL;
    close_job((struct job *)self);
    Py_RETURN_NONE;
}

static int job_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct job *self = (struct job *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->map);
    Py_VISIT(self->init);
    Py_VISIT(self->progress);
    Py_VISIT(self->describe);
    Py_VISIT(self->kept);
    Py_VISIT(self->raised);
    return 0;
}

/* The job must not call functions that are gone. */
static int job_clear(PyObject *object)
{
    struct job *self = (struct job *)object;
    close_job(self);
    Py_CLEAR(self->map);
    Py_CLEAR(self->init);
    Py_CLEAR(self->progress);
    Py_CLEAR(self->describe);
    Py_CLEAR(self->raised);
    return 0;
}

static void job_dealloc(PyObject *object)
{
    struct job *self = (struct job *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    job_clear(object);
    free(self->inputs);
    free(self->views);
    free(self->words);
    free(self->keep_fds);
    if (self->note)
        munmap(self->note, sizeof *self->note);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyMethodDef job_methods[] = {
    {"fileno", job_fileno, METH_NOARGS, "To be polled for reading."},
    {"timeout", job_timeout, METH_NOARGS, "Milliseconds to poll; -1: for ever."},
    {"step", job_step, METH_NOARGS, "Does what can be done now. True: the job is done."},
    {"cancel", job_cancel, METH_NOARGS, "Wakes whoever polls; the next step fails."},
    {"result", job_result, METH_NOARGS, "The words, once it is done."},
    {"note", job_note, METH_NOARGS, "The first exception of a function in a worker, as text."},
    {"close", job_close, METH_NOARGS, "Ends the job and its workers."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot job_slots[] = {
    SLOT(Py_tp_init, job_init),         SLOT(Py_tp_dealloc, job_dealloc),
    SLOT(Py_tp_traverse, job_traverse), SLOT(Py_tp_clear, job_clear),
    SLOT(Py_tp_methods, job_methods),   {0, NULL}};

int add_job_type(PyObject *module)
{
    static PyType_Spec spec = {"wordmill._wordmill.Job", sizeof(struct job), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, job_slots};
    job_type = add_type(module, &spec);
    return job_type ? 0 : -1;
}
