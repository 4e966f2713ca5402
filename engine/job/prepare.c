/*
 * What a job needs before its first step: inputs and outputs are opened, sizes chosen, everything
 * shared is mapped and everything known written down; then workers are forked.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "error.h"
#include "job/job.h"
#include "plan/machine.h"
#include "output/formats.h"
#include "words/entry.h"

/* Entries of a map task's table, and bytes of them: both fit a 512 KiB L2 beside the input. */
#define TABLE_ENTRIES 16384
#define TABLE_SIZE (512u << 10)
#define TABLE_SIZE_MAX (UINT64_C(512) << 20)
#define TABLE_SIZE_MIN (2u * WORD_SIZE_MAX)
#define CHUNK_SIZE (128u << 10)
#define SPILL_SIZE (8u << 20)

#define FAN_IN_MAX 4096 /* that is chosen */

/* Grants for all workers, the runs they make of them, and room to reduce those. */
static size_t least_memory(const struct job_spec *spec, uint32_t n_workers)
{
    return 4 * context_grant_size(spec) * n_workers + 16 * EXTENT_SIZE;
}

static int make_spec(struct wm_job *job, uint32_t n_workers)
{
    struct job_spec *spec = &job->spec;
    const wm_options *options = &job->options;
    uint64_t memory = options->memory ? options->memory : machine_memory() / 2;
    spec->inputs = job->inputs.items;
    spec->arena = &job->arena;
    spec->scan = scan_choose();
    spec->order = options_order(options);
    spec->reduce = (enum reduce_op)options->reduce;
    spec->map = options->map;
    spec->init = options->worker_init;
    spec->map_user = options->map_user;
    spec->format = job->envelope.format = output_format_at(options->output_format);
    spec->top = options->top > 0 && options->top < UINT64_MAX ? options->top + 1 : UINT64_MAX;
    if (options->rank) {
        spec->columns.which |= COLUMNS_OF_RANK;
        if (spec->order != ORDER_COUNT)
            spec->top = UINT64_MAX; /* all words count for the ranks of the first */
    }
    spec->min_count = options->min_count;
    spec->n_entries_max = TABLE_ENTRIES;
    spec->chunk_size = CHUNK_SIZE;
    spec->skip_bad_lines = options->on_bad_line == WM_SKIP;
    spec->keep_rejects = spec->skip_bad_lines && options->rejects;
    spec->table_size = TABLE_SIZE;
    while (spec->table_size > TABLE_SIZE_MIN && 2 * least_memory(spec, n_workers) > memory)
        spec->table_size /= 2;
    spec->spill_size = SPILL_SIZE;
    spec->table_size_max = memory / (4 * n_workers);
    if (spec->table_size_max > TABLE_SIZE_MAX)
        spec->table_size_max = TABLE_SIZE_MAX;
    if (spec->table_size_max < spec->spill_size)
        spec->table_size_max = spec->spill_size;
    /* A seed that nobody can know beforehand, so that no input can be made to collide. */
    if (getrandom(&spec->seed, sizeof spec->seed, GRND_NONBLOCK) != sizeof spec->seed)
        spec->seed = uv_hrtime();

    size_t minimum = least_memory(spec, n_workers);
    char words[64];
    if (memory < minimum)
        return error_set(
            &job->error, WM_EINVAL,
            "a memory limit of %llu KiB is too small for %u worker%s: at least %zu KiB",
            (unsigned long long)(memory >> 10), (unsigned)n_workers, n_workers == 1 ? "" : "s",
            minimum >> 10);
    int rc = arena_init(&job->arena, memory, minimum);
    if (rc < 0)
        return error_set(&job->error, rc, "cannot map %llu MiB of shared memory: %s",
                         (unsigned long long)(memory >> 20),
                         error_system(errno, words, sizeof words));
    return words_make(job);
}

/* The totals are those of what is counted, in the same years. */
static int make_columns(struct wm_job *job)
{
    static const enum totals_column totals[] = {
        [WM_MATCHES] = TOTALS_MATCHES, [WM_VOLUMES] = TOTALS_VOLUMES, [WM_PAGES] = TOTALS_PAGES};
    const wm_options *options = &job->options;
    struct columns *columns = &job->spec.columns;
    if (options->by != WM_BY_WORD)
        columns->period = options->by == WM_BY_YEAR ? "year" : "decade";
    if (!options->totals)
        return 0;
    if (options->value == WM_RECORDS)
        return error_set(&job->error, WM_EINVAL,
                         "records have no totals: count matches, volumes or pages");
    struct totals_query query = {.column = totals[options->value],
                                 .first = options->first_year,
                                 .last = options->last_year ? options->last_year : UINT64_MAX,
                                 .period = options->by == WM_BY_DECADE ? 10 : 1};
    int rc = totals_read(&job->totals, options->totals, &query, &job->error);
    columns->which |= 1u << COLUMN_PER_MILLION;
    columns->total_count = job->totals.sum;
    if (options->by != WM_BY_WORD) {
        columns->years = job->totals.years;
        columns->n_years = job->totals.n;
    }
    return rc;
}

static int make_progress(struct wm_job *job, uint32_t n_workers)
{
    int known = job->inputs.n_streams == 0 && job->options.partition_lines == 0;
    char words[64];
    job->spec.progress = progress_new(n_workers, known ? job->partitions.n : PARTITIONS_MAX);
    if (!job->spec.progress)
        return error_set(&job->error, WM_EFORK, "cannot map shared memory: %s",
                         error_system(errno, words, sizeof words));
    return 0;
}

static uint32_t choose_workers(const struct wm_job *job)
{
    int n = job->options.workers < 0 ? machine_cpus() : job->options.workers;
    /* More processes than pieces of a tenth of a megabyte only cost their start. */
    uint64_t useful = job->inputs.size / (128 << 10) + 1;
    if (job->options.workers < 0 && job->inputs.n_streams == 0 && useful < (uint64_t)n)
        n = (int)useful;
    return (uint32_t)n;
}

/* Whether the last round can make the output. */
static int is_direct(const struct wm_job *job)
{
    const wm_options *options = &job->options;
    return options->output_only && (options->output || options->output_fd >= 0) &&
           job->spec.order == job->spec.run_order && !options->rank && options->top == 0;
}

/* Before anything is counted: a folder that is not there is better found out now. */
static int open_outputs(struct wm_job *job)
{
    const wm_options *options = &job->options;
    int rc = 0;
    if (options->output)
        rc = output_open(&job->output, options->output, -1, &job->error);
    if (rc == 0 && options->rejects)
        rc = output_open(&job->rejects.output, options->rejects, -1, &job->error);
    if (rc == 0)
        rc = output_watch(&job->output, &job->loop, stage_on_room, job, &job->error);
    if (rc == 0 && options->rejects)
        rc = output_watch(&job->rejects.output, &job->loop, stage_on_room, job, &job->error);
    return rc;
}

static int prepare_tasks(struct wm_job *job)
{
    int rc = formats_make_query(job);
    if (rc == 0 && !job->options.map)
        rc = formats_see_files(job);
    if (rc < 0)
        return rc;
    uint32_t asked = choose_workers(job);
    job->n_workers = asked ? asked : 1;
    uint32_t n_cpus = (uint32_t)machine_cpus();
    job->n_busy = job->n_workers < n_cpus ? job->n_workers : n_cpus;
    job->stats.workers = asked;
    job->stats.partition_size = job->options.partition_size;
    if (job->options.partition_lines == 0) {
        if (job->stats.partition_size == 0)
            job->stats.partition_size =
                partitions_choose_size(&job->inputs, job->n_busy, !job->options.map);
        rc = partitions_cut(&job->partitions, &job->inputs, job->stats.partition_size, &job->error);
    }
    if (rc == 0)
        rc = make_spec(job, job->n_workers);
    if (rc == 0)
        rc = make_columns(job);
    if (rc == 0)
        rc = make_progress(job, job->n_workers);
    if (rc == 0)
        rc = words_add_run(job);
    if (rc == 0)
        rc = spill_open(job);
    if (rc == 0)
        rc = job_open_loop(job);
    if (rc == 0)
        rc = open_outputs(job);
    if (rc < 0)
        return rc;

    job->is_direct = is_direct(job);
    job->fan_in = job->options.fan_in ? job->options.fan_in : FAN_IN_MAX;
    job->hands = calloc(job->n_workers, sizeof *job->hands);
    if (!job->hands || schedule_init(&job->schedule, job->n_workers) < 0)
        return error_memory(&job->error);
    job->events = dispatch_events;
    job->events.user = job;
    rc = stage_begin(job);
    if (rc == 0) {
        rc = pool_start(&job->pool, &job->loop, &job->spec, asked, &job->events);
        if (rc == WM_EWORKER)
            failure_refused(job, 0);
        else if (rc < 0)
            error_memory(&job->error);
    }
    return rc;
}

/* The same for sorted inputs: there are no tasks and no workers. */
static int prepare_merge(struct wm_job *job)
{
    job->stage = STAGE_MERGE;
    job->spec.reduce = (enum reduce_op)job->options.reduce;
    job->spec.format = job->envelope.format = output_format_at(job->options.output_format);
    job_enter_phase(job, WM_PHASE_REDUCE);
    int rc = words_make(job);
    if (rc == 0)
        rc = make_columns(job);
    if (rc == 0)
        rc = job_open_loop(job);
    if (rc == 0)
        rc = open_outputs(job);
    if (rc == 0)
        rc = sorted_begin(job);
    return rc;
}

/* What the caller has: looked at before anything is opened that could be taken for it. */
static int take_descriptors(struct wm_job *job, const char *const *paths, size_t n_paths)
{
    if (n_paths == 0)
        return error_set(&job->error, WM_EINVAL, "no input is given");
    int rc = inputs_open(&job->inputs, paths, n_paths, &job->error);
    if (rc == 0 && !job->options.sorted)
        inputs_place(&job->inputs, job->options.partition_lines > 0);
    if (rc == 0 && job->options.n_shards > 0)
        inputs_share(&job->inputs, job->options.shard, job->options.n_shards);
    if (rc == 0 && !job->options.output)
        rc = output_open(&job->output, NULL, job->options.output_fd, &job->error);
    return rc;
}

int prepare(struct wm_job *job, const char *const *paths, size_t n_paths)
{
    int rc = take_descriptors(job, paths, n_paths);
    if (rc < 0)
        return rc;
    struct stdio_hold hold;
    stdio_hold(&hold);
    rc = job->options.sorted ? prepare_merge(job) : prepare_tasks(job);
    stdio_let_go(&hold);
    return rc;
}
