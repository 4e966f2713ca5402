/*
 * Functions of Python in workers. Workers are forked by wm_job_start and by wm_job_step. Where they
 * are to run Python, the lock is held meanwhile. So the thread that forks is the one that the child
 * goes on with. The interpreter is told of the fork as os.fork tells it, and before the C library
 * is: other threads may run and fork until the interpreter is ready. Without such functions a child
 * never touches the interpreter, and the lock is not held.
 */
#include "functions.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOTE_SIZE 16384

/* What the first exception in a worker was, for the process that has the job. */
struct note {
    atomic_int is_taken;
    atomic_int is_written;
    char text[NOTE_SIZE];
};

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

static void write_note(struct job *job, PyObject *exception)
{
    int taken = 0;
    if (!atomic_compare_exchange_strong(&job->note->is_taken, &taken, 1))
        return;
    PyObject *text = PyObject_CallFunctionObjArgs(job->describe, exception, NULL);
    const char *bytes = text ? PyBytes_AsString(text) : NULL;
    if (bytes)
        strncpy(job->note->text, bytes, NOTE_SIZE - 1);
    Py_XDECREF(text);
    PyErr_Clear();
    atomic_store(&job->note->is_written, 1);
}

/* An exception left a function: in this process one that is no Exception, such as Ctrl-C, ends the
 * job and comes out of it. Any other is told when the job fails. */
static void note_exception(struct job *job)
{
    PyObject *exception = take_exception();
    if (getpid() == job->pid && !job->raised &&
        !PyErr_GivenExceptionMatches(exception, PyExc_Exception)) {
        job->raised = Py_NewRef(exception);
        if (job->job)
            wm_job_cancel(job->job);
    } else {
        write_note(job, exception);
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
    struct job *job = user;
    if (job->raised)
        return -1;
    PyObject *line = PyBytes_FromStringAndSize(record, (Py_ssize_t)size);
    PyObject *result = line ? PyObject_CallFunctionObjArgs(job->map, line, NULL) : NULL;
    int rc = result ? emit_all(mapper, result) : -1;
    if (PyErr_Occurred()) {
        note_exception(job);
        rc = -1;
    }
    Py_XDECREF(line);
    Py_XDECREF(result);
    return rc;
}

static int call_init(unsigned worker, void *user)
{
    struct job *job = user;
    PyObject *result = PyObject_CallFunction(job->init, "I", worker);
    if (!result)
        note_exception(job);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

/* What it raises ends the job, and comes out of the step. */
static int call_progress(const wm_progress *p, void *user)
{
    struct job *job = user;
    const char *phase = wm_name(WM_NAMES_PHASE, (int)p->phase);
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *result = PyObject_CallFunction(
        job->progress, "siKKKKKdK", phase ? phase : "", p->workers,
        (unsigned long long)p->tasks_done, (unsigned long long)p->tasks,
        (unsigned long long)p->lines, (unsigned long long)p->bytes,
        (unsigned long long)p->bytes_total, p->seconds, (unsigned long long)p->words);
    if (!result) {
        PyObject *before = job->raised;
        job->raised = take_exception();
        Py_XDECREF(before);
    }
    Py_XDECREF(result);
    int rc = job->raised != NULL;
    PyGILState_Release(state);
    return rc;
}

int functions_set(struct job *job, wm_options *o, PyObject *functions)
{
    PyObject *map, *init, *progress;
    if (!PyArg_ParseTuple(functions, "OOOO", &map, &init, &progress, &job->describe))
        return -1;
    Py_INCREF(job->describe);
    if (map != Py_None) {
        job->map = Py_NewRef(map);
        o->map = call_map;
    }
    if (init != Py_None) {
        job->init = Py_NewRef(init);
        o->worker_init = call_init;
    }
    if (progress != Py_None) {
        job->progress = Py_NewRef(progress);
        o->on_progress = call_progress;
        o->progress_user = job;
    }
    o->map_user = job;
    if (!o->map && !o->worker_init)
        return 0;
    o->on_fork = on_fork;
    void *note =
        mmap(NULL, sizeof *job->note, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (note == MAP_FAILED) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    job->note = note;
    return 0;
}

int functions_run_in_workers(const struct job *job)
{
    return job->map || job->init;
}

PyObject *functions_note(const struct job *job)
{
    if (!job->note || !atomic_load(&job->note->is_written))
        Py_RETURN_NONE;
    const char *text = job->note->text;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strnlen(text, NOTE_SIZE), "replace");
}

void functions_release(struct job *job)
{
    if (job->note)
        munmap(job->note, sizeof *job->note);
    job->note = NULL;
}
