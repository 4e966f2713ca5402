/*
 * The life of a job. A job is in one thread at a time, and only in this process: in a fork of the
 * host it gives back memory and does nothing else.
 */
#include "job.h"

#include <stdlib.h>
#include <unistd.h>

#include "arguments.h"
#include "functions.h"
#include "job_state.h"
#include "words.h"

static PyTypeObject *job_type;

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
    if (functions_run_in_workers(self)) {
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
    if (arguments_set_options(&o, options) < 0 || functions_set(self, &o, functions) < 0 ||
        arguments_set_keep_fds(self, &o, keep_fds) < 0 || arguments_take_inputs(self, inputs) < 0 ||
        arguments_set_words(self, &o, words) < 0)
        return -1;
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
    if (functions_run_in_workers(self)) {
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

static PyObject *job_note(PyObject *self, PyObject *Py_UNUSED(unused))
{
    return functions_note((struct job *)self);
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
    functions_release(self);
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
