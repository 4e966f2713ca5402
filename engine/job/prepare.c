/*
 * Inputs and outputs are opened, sizes chosen, everything shared is mapped and everything known
 * written down; then workers are forked.
 */
#include "job/prepare.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "dispatch/dispatch.h"
#include "dispatch/failure.h"
#include "dispatch/watchdog.h"
#include "error.h"
#include "files/descriptor.h"
#include "files/file.h"
#include "job/parts.h"
#include "plan/formats.h"
#include "plan/spec.h"
#include "plan/values.h"
#include "plan/words.h"
#include "output/formats.h"

/* The parts find each other. */
static void wire(struct wm_job *job)
{
    struct flow *flow = &job->flow;
    wm_error *error = &job->outcome.error;
    wm_stats *stats = &job->outcome.stats;
    job->plan.spill.arena = &job->plan.arena;
    job->plan.spill.stats = stats;
    job->plan.spill.folder = job->plan.options.spill_dir;
    job->plan.spill.output = job->plan.options.output;
    job->crew.plan = flow->plan = flow->blocks.plan = &job->plan;
    job->crew.flow = flow;
    job->crew.error = flow->error = flow->blocks.error = error;
    job->crew.stats = flow->stats = stats;
    flow->crew = flow->blocks.crew = &job->crew;
    flow->blocks.runs = &flow->runs;
    flow->periods = NO_PERIODS;
    flow->loop = &job->loop.uv;
    flow->envelope.format = output_format_at(job->plan.options.output_format);
    flow->start_time = flow->phase_time = uv_hrtime();
    job->crew.start_time = flow->start_time;
}

/* The turn that follows writes. */
static void on_room(uv_poll_t *handle, int status, int events)
{
    (void)handle;
    (void)status;
    (void)events;
}

static int open_output(struct flow *flow, struct output *output, const wm_file *file,
                       const char *path)
{
    if (!file)
        return output_open(output, path, -1, flow->error);
    output_borrow(output, &file->output);
    return 0;
}

/* What an input is read from must not be written to meanwhile; the output is only at the end. */
static int check_rejects(const struct plan *plan, const struct flow *flow)
{
    const struct target *rejects = &flow->rejects.output.target;
    if (plan->options.output && target_is_same(rejects, &flow->output.target))
        return error_set_option(flow->error, "rejects", "output and rejects are one file, '%s'",
                                plan->options.rejects);
    for (size_t i = 0; i < plan->inputs.n; i++) {
        const struct input *input = &plan->inputs.items[i];
        if (target_is_file(rejects, input->device, input->inode))
            return error_set_option(flow->error, "rejects",
                                    "rejects cannot go to '%s': it is an input",
                                    plan->options.rejects);
    }
    return 0;
}

/* Before anything is counted: a folder that is not there is better found out now. */
static int open_outputs(struct wm_job *job)
{
    const wm_options *options = &job->plan.options;
    struct flow *flow = &job->flow;
    int rc = 0;
    if (options->output)
        rc = open_output(flow, &flow->output, options->output_file, options->output);
    if (rc == 0 && options->rejects)
        rc = open_output(flow, &flow->rejects.output, options->rejects_file, options->rejects);
    if (rc == 0 && options->rejects)
        rc = check_rejects(&job->plan, flow);
    if (rc == 0)
        rc = output_watch(&flow->output, flow->loop, on_room, NULL, flow->error);
    if (rc == 0 && options->rejects)
        rc = output_watch(&flow->rejects.output, flow->loop, on_room, NULL, flow->error);
    return rc;
}

static int make_progress(struct wm_job *job)
{
    struct plan *plan = &job->plan;
    int known = plan->inputs.n_streams == 0 && plan->options.partition_lines == 0;
    plan->spec.progress =
        progress_new(plan->n_workers, known ? plan->partitions.n : PARTITIONS_MAX);
    if (!plan->spec.progress)
        return error_set_system(&job->outcome.error, WM_EFORK, errno,
                                "cannot map shared memory: " SYSTEM);
    /* With a line for each year they are known without a look at each line of the input. */
    plan->spec.wants_years = plan->options.totals != NULL;
    if (plan->spec.wants_years && plan->options.by != WM_BY_YEAR)
        plan->spec.query.seen = &plan->spec.progress->years;
    return 0;
}

static int cut_partitions(struct wm_job *job)
{
    struct plan *plan = &job->plan;
    uint64_t size = plan->options.partition_size;
    job->outcome.stats.workers = plan->n_asked;
    job->outcome.stats.partition_size = size;
    if (plan->options.partition_lines > 0)
        return 0;
    if (size == 0)
        size = partitions_choose_size(&plan->inputs, plan->n_busy, !plan->options.map);
    job->outcome.stats.partition_size = size;
    return partitions_cut(&plan->partitions, &plan->inputs, size, plan->options.header,
                          &job->outcome.error);
}

static int compare_descriptors(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/*
 * What workers keep of the descriptors: those that inputs are read from, and the spill file. If
 * they run the host's functions, also the standard ones and those that it wants to have there.
 */
static int keep_descriptors(struct wm_job *job)
{
    const struct plan *plan = &job->plan;
    const wm_options *options = &plan->options;
    struct pool *pool = &job->crew.pool;
    size_t n = 0, most = plan->inputs.n + options->n_keep_fds + 5;
    int *keep = malloc(most * sizeof *keep);
    if (!keep)
        return error_memory(&job->outcome.error);
    for (size_t i = 0; i < plan->inputs.n; i++) {
        const struct input *input = &plan->inputs.items[i];
        int fd = input->fd >= 0 || input->data ? input->fd : descriptor_named(input->path);
        if (!plan->inputs.is_stream[i] && fd >= 0)
            keep[n++] = fd;
    }
    if (plan->arena.spill.map)
        keep[n++] = plan->arena.spill.fd;
    if (options->map || options->worker_init)
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
            keep[n++] = fd;
    for (size_t i = 0; i < options->n_keep_fds; i++)
        keep[n++] = options->keep_fds[i];
    qsort(keep, n, sizeof *keep, compare_descriptors);
    pool->keep = keep;
    pool->n_keep = n;
    return 0;
}

static int start_workers(struct wm_job *job)
{
    struct pool *pool = &job->crew.pool;
    pool->events = &dispatch_events;
    pool->user = &job->crew;
    pool->is_canceled = &job->loop.canceled;
    int rc = keep_descriptors(job);
    if (rc < 0)
        return rc;
    rc = pool_start(pool, &job->loop.uv, &job->plan.spec, job->plan.n_asked);
    if (rc == WM_EWORKER)
        return failure_refused(&job->plan, 0, &job->outcome.error);
    return rc < 0 ? error_memory(&job->outcome.error) : 0;
}

static int open_loop(struct wm_job *job)
{
    int rc = loop_open(&job->loop, &job->flow, &job->outcome.error);
    if (rc == 0)
        watchdog_open(&job->crew, &job->loop.uv);
    return rc;
}

static int prepare_tasks(struct wm_job *job)
{
    struct plan *plan = &job->plan;
    wm_error *error = &job->outcome.error;
    int rc = formats_make_query(plan, error);
    if (rc == 0 && !plan->options.map)
        rc = formats_see_files(plan, error);
    if (rc < 0)
        return rc;
    spec_choose_workers(plan);
    rc = cut_partitions(job);
    if (rc == 0)
        rc = spec_make(plan, error);
    if (rc == 0)
        rc = spec_make_columns(plan, error);
    if (rc == 0)
        rc = make_progress(job);
    if (rc == 0)
        rc = words_add_run(plan, &job->flow.runs, error);
    if (rc == 0)
        rc = spill_open(&plan->spill, error);
    if (rc == 0)
        rc = open_loop(job);
    if (rc == 0)
        rc = open_outputs(job);
    if (rc < 0)
        return rc;
    spec_choose_reduce(plan);
    rc = crew_init(&job->crew, plan->n_workers);
    if (rc == 0)
        rc = blocks_open(&job->flow.blocks, &job->loop.uv);
    if (rc == 0)
        rc = pipeline_begin(&job->pipeline, &job->flow);
    return rc < 0 ? rc : start_workers(job);
}

/* The same for sorted inputs: there are no tasks and no workers. */
static int prepare_merge(struct wm_job *job)
{
    struct plan *plan = &job->plan;
    wm_error *error = &job->outcome.error;
    plan->spec.reduce = (enum reduce_op)plan->options.reduce;
    plan->spec.format = job->flow.envelope.format;
    int rc = formats_make_query(plan, error);
    if (rc == 0)
        rc = values_see_files(plan, error);
    plan->spec.n_more = query_n_values(&plan->spec.query) - 1;
    if (rc == 0)
        rc = words_make(plan, error);
    if (rc == 0)
        rc = spec_make_columns(plan, error);
    if (rc == 0)
        rc = open_loop(job);
    if (rc == 0)
        rc = open_outputs(job);
    if (rc == 0)
        rc = crew_init(&job->crew, 0);
    return rc < 0 ? rc : pipeline_begin(&job->pipeline, &job->flow);
}

/* What the caller has: looked at before anything is opened that could be taken for it. */
static int take_descriptors(struct wm_job *job, const wm_input *given, size_t n_given)
{
    const wm_options *options = &job->plan.options;
    struct inputs *inputs = &job->plan.inputs;
    wm_error *error = &job->outcome.error;
    if (n_given == 0)
        return error_set(error, WM_EINVAL, "no input is given");
    int may_be_utf16 =
        !options->map && (options->format == WM_FORMAT_AUTO || options->format == WM_FORMAT_TEXT);
    spec_make_splitter(&job->plan);
    int rc = inputs_open(inputs, given, n_given, may_be_utf16, options->header,
                         job->plan.spec.splitter, error);
    if (rc == 0 && !options->sorted)
        inputs_place(inputs, options->partition_lines > 0);
    if (rc == 0 && options->n_shards > 0)
        inputs_share(inputs, options->shard, options->n_shards);
    if (rc == 0 && !options->output)
        rc = output_open(&job->flow.output, NULL, options->output_fd, error);
    return rc;
}

int prepare(struct wm_job *job, const wm_input *given, size_t n_given)
{
    wire(job);
    int rc = take_descriptors(job, given, n_given);
    if (rc < 0)
        return rc;
    struct stdio_hold hold;
    stdio_hold(&hold);
    rc = job->plan.options.sorted ? prepare_merge(job) : prepare_tasks(job);
    stdio_let_go(&hold);
    return rc;
}
