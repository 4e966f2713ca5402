/*
 * The life of a job: everything shared is mapped and everything known is written down before the
 * first fork; then the loop runs, a step at a time, until a stage ends the job; then the memory
 * with the sorted runs becomes the result's. wm_run is nothing but these steps in a loop.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "error.h"
#include "job.h"
#include "machine.h"

/* Entries of a map task's table, and bytes of them: both fit a 512 KiB L2 beside the input. */
#define TABLE_ENTRIES 16384
#define TABLE_SIZE (512u << 10)
#define TABLE_SIZE_MAX (UINT64_C(512) << 20)
#define TABLE_SIZE_MIN (2u * WORD_SIZE_MAX)
#define CHUNK_SIZE (128u << 10)
#define SPILL_SIZE (8u << 20)

#define FAN_IN_MAX 4096       /* that is chosen */
#define PROGRESS_INTERVAL 100 /* milliseconds */

void job_report(struct wm_job *job)
{
    if (!job->options.on_progress)
        return;
    uint64_t tasks, lines, bytes;
    struct progress *shared = job->spec.progress;
    if (job->sorted) {
        tasks = 0;
        lines = job->stats.lines;
        bytes = job->stats.bytes;
    } else {
        progress_read(shared, &tasks, &lines, &bytes);
    }
    for (uint32_t i = 0; job->phase == WM_PHASE_MAP && i < shared->n_slots; i++)
        if (atomic_load(&shared->slots[i].task) != PROGRESS_NO_TASK)
            bytes += atomic_load(&shared->slots[i].offset);
    wm_progress progress = {
        .phase = job->phase,
        .tasks_done = tasks,
        .tasks = job->partitions.n,
        .lines = lines,
        .bytes = bytes,
        .bytes_total = job->inputs.n_streams || job->inputs.packed_size ? 0 : job->inputs.size,
        .workers = (int)job->pool.n_alive,
        .seconds = (double)(uv_hrtime() - job->start_time) * 1e-9,
        .words = job->n_words};
    job->options.on_progress(&progress, job->options.progress_user);
}

void job_enter_phase(struct wm_job *job, enum wm_phase phase)
{
    uint64_t time = uv_hrtime();
    job->stats.phase_seconds[job->phase] += (double)(time - job->phase_time) * 1e-9;
    job->phase_time = time;
    job->phase = phase;
    if (job->started)
        job_report(job);
}

int job_end(struct wm_job *job, int code)
{
    if (job->stage == STAGE_ENDED)
        return job->code;
    job_enter_phase(job, WM_PHASE_DONE);
    job->stage = STAGE_ENDED;
    job->code = code;
    if (code == 0)
        job->error = (wm_error){0};
    output_release(&job->output);
    rejects_release(&job->rejects);
    pool_end(&job->pool);
    for (uint32_t i = 0; i < job->n_streams; i++)
        stream_close(&job->streams[i]);
    sorted_end(job->sorted);
    uv_timer_stop(&job->ticker);
    uv_timer_stop(&job->watchdog);
    uv_timer_stop(&job->overdue);
    return code;
}

static void on_wake(uv_async_t *handle)
{
    struct wm_job *job = handle->data;
    if (atomic_load(&job->canceled) && job->stage != STAGE_ENDED) {
        error_set(&job->error, WM_ECANCELED, "canceled");
        job_end(job, WM_ECANCELED);
    }
}

static void on_tick(uv_timer_t *timer)
{
    job_report(timer->data);
}

static int open_loop(struct wm_job *job)
{
    char words[64];
    int rc = uv_loop_init(&job->loop);
    if (rc == 0) {
        rc = uv_async_init(&job->loop, &job->wake, on_wake);
        if (rc < 0)
            uv_loop_close(&job->loop);
    }
    if (rc == UV_ENOMEM)
        return error_memory(&job->error);
    if (rc < 0)
        return error_set(&job->error, WM_EFORK, "cannot make an event loop: %s",
                         error_system(-rc, words, sizeof words));
    uv_timer_init(&job->loop, &job->ticker);
    uv_timer_init(&job->loop, &job->watchdog);
    uv_timer_init(&job->loop, &job->overdue);
    job->wake.data = job->ticker.data = job->watchdog.data = job->overdue.data = job;
    job->loop_open = 1;
    return 0;
}

/* Grants for all workers, the runs they make of them, and room to reduce those. */
static size_t least_memory(const struct job_spec *spec, uint32_t n_workers)
{
    return 4 * worker_grant_size(spec) * n_workers + 16 * EXTENT_SIZE;
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
    spec->format = job->envelope.format = (enum format)options->output_format;
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

static int prepare(struct wm_job *job)
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
        rc = open_loop(job);
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
    job->spec.format = job->envelope.format = (enum format)job->options.output_format;
    job_enter_phase(job, WM_PHASE_REDUCE);
    int rc = words_make(job);
    if (rc == 0)
        rc = make_columns(job);
    if (rc == 0)
        rc = open_loop(job);
    if (rc == 0)
        rc = open_outputs(job);
    if (rc == 0)
        rc = sorted_begin(job);
    job->pool.dirty = 1;
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

int wm_job_start(const wm_options *options, const char *const *paths, size_t n_paths,
                 wm_job **result, wm_error *error)
{
    struct wm_job *job = calloc(1, sizeof *job);
    /* Now, since a job that is done must not fail any more. */
    struct wm_result *memory = malloc(sizeof *memory);
    if (!job || !memory) {
        free(job);
        free(memory);
        return error_memory(error);
    }
    job->result = memory;
    job->start_time = job->phase_time = uv_hrtime();
    job->code = WM_RUNNING;
    int rc = options_take(&job->options, options, &job->error);
    if (rc == 0)
        rc = take_descriptors(job, paths, n_paths);
    if (rc == 0) {
        struct stdio_hold hold;
        stdio_hold(&hold);
        rc = job->options.sorted ? prepare_merge(job) : prepare(job);
        stdio_let_go(&hold);
    }
    if (rc < 0) {
        if (error)
            *error = job->error;
        wm_job_free(job);
        return rc;
    }
    job->started = 1;
    if (job->options.on_progress)
        uv_timer_start(&job->ticker, on_tick, PROGRESS_INTERVAL, PROGRESS_INTERVAL);
    if (job->stage == STAGE_MAP)
        stage_read_streams(job);
    dispatch_all(job);
    stage_advance(job);
    watchdog_update(job);
    *result = job;
    return 0;
}

int wm_job_fd(const wm_job *job)
{
    return uv_backend_fd(&job->loop);
}

int wm_job_timeout(const wm_job *job)
{
    if (job->stage == STAGE_ENDED || job->pool.dirty || job->pool.inline_size > 0)
        return 0;
    return uv_backend_timeout(&job->loop);
}

int wm_job_step(wm_job *job)
{
    if (job->stage == STAGE_ENDED)
        return job->code;
    job->pool.dirty = 0;
    uv_run(&job->loop, UV_RUN_NOWAIT);
    if (job->stage == STAGE_MERGE)
        sorted_step(job);
    else if (job->stage != STAGE_ENDED)
        pool_step(&job->pool);
    if (job->is_overdue)
        dispatch_backups(job);
    watchdog_update(job);
    return job->code;
}

void wm_job_cancel(wm_job *job)
{
    atomic_store(&job->canceled, 1);
    uv_async_send(&job->wake);
}

static void finish_stats(struct wm_job *job)
{
    struct rusage usage;
    wm_stats *stats = &job->stats;
    getrusage(RUSAGE_SELF, &usage);
    stats->peak_rss = (uint64_t)usage.ru_maxrss * 1024;
    for (uint32_t i = 0; i < job->n_workers; i++) {
        uint64_t peak_rss = atomic_load(&job->spec.progress->slots[i].peak_rss);
        if (peak_rss > stats->peak_rss)
            stats->peak_rss = peak_rss;
        uint32_t probe = atomic_load(&job->spec.progress->slots[i].longest_probe);
        if (probe > stats->longest_probe)
            stats->longest_probe = probe;
    }
    stats->words = job->n_words;
    stats->partitions = job->partitions.n;
    stats->peak_arena = (uint64_t)job->arena.n_peak * EXTENT_SIZE;
    stats->messages = job->pool.n_messages;
    stats->message_bytes = job->pool.message_bytes;
    stats->workers_started = job->pool.n_started;
    stats->forks = job->pool.n_forks;
    stats->deaths = job->pool.n_deaths;
    stats->seconds = (double)(job->phase_time - job->start_time) * 1e-9;
}

int wm_job_result(wm_job *job, wm_result **result, wm_error *error)
{
    if (job->code != 0) {
        if (job->code == WM_RUNNING)
            return error_set(error, WM_EINVAL, "the job is still running");
        if (error)
            *error = job->error;
        return job->code;
    }
    if (!job->result)
        return error_set(error, WM_EINVAL, "the result was taken already");
    finish_stats(job);
    arena_drop_free(&job->arena);
    arena_seal_spill(&job->arena);
    *job->result = (struct wm_result){.arena = job->arena,
                                      .runs = job->final,
                                      .n_runs = job->n_final,
                                      .upper = job->upper,
                                      .order = job->spec.order,
                                      .cuts = job->cuts,
                                      .starts = job->final_starts,
                                      .n_slices = job->plan.n_slices,
                                      .n_words = job->n_words,
                                      .columns = job->spec.columns,
                                      .totals = job->totals,
                                      .stats = job->stats};
    job->arena = (struct arena){0};
    job->totals = (struct totals){0};
    job->final = NULL;
    job->cuts = NULL;
    job->final_starts = NULL;
    *result = job->result;
    job->result = NULL;
    return 0;
}

static void on_other_handle(uv_handle_t *handle, void *user)
{
    (void)user;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void wm_job_free(wm_job *job)
{
    if (!job)
        return;
    output_release(&job->output);
    envelope_release(&job->envelope);
    rejects_release(&job->rejects);
    if (job->loop_open) {
        pool_stop(&job->pool);
        for (uint32_t i = 0; i < job->n_streams; i++)
            stream_close(&job->streams[i]);
        sorted_end(job->sorted);
        uv_walk(&job->loop, on_other_handle, NULL);
        uv_run(&job->loop, UV_RUN_DEFAULT);
        uv_loop_close(&job->loop);
    }
    pool_release(&job->pool);
    schedule_release(&job->schedule);
    for (uint32_t i = 0; i < job->n_workers && job->hands; i++)
        free(job->hands[i].runs);
    for (uint32_t i = 0; i < job->n_slices && job->slices; i++)
        free(job->slices[i].runs);
    for (uint32_t i = 0; i < job->inputs.n && job->in_block; i++)
        free(job->in_block[i]);
    free(job->in_block);
    free(job->hands);
    free(job->slices);
    free(job->bounds);
    free(job->splits);
    free(job->streams);
    sorted_free(job->sorted);
    free(job->result);
    reduce_release(job);
    rank_release(&job->ranking);
    partitions_release(&job->partitions);
    inputs_release(&job->inputs);
    words_release(job);
    totals_release(&job->totals);
    progress_free(job->spec.progress);
    arena_release(&job->arena);
    free(job);
}

int wm_run(const wm_options *options, const char *const *paths, size_t n_paths, wm_result **result,
           wm_error *error)
{
    wm_job *job;
    int rc = wm_job_start(options, paths, n_paths, &job, error);
    if (rc < 0)
        return rc;
    do {
        struct pollfd fd = {wm_job_fd(job), POLLIN, 0};
        poll(&fd, 1, wm_job_timeout(job));
        rc = wm_job_step(job);
    } while (rc == WM_RUNNING);
    rc = wm_job_result(job, result, error);
    wm_job_free(job);
    return rc;
}
