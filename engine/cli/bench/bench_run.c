/*
 * The output goes to a file without a name, in the folder for temporary files. So the writing that
 * a user would wait for is measured, and the bytes that a user would get are verified.
 */
#include "bench/bench_run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench_cache.h"
#include "bench/bench_child.h"
#include "bench/bench_scratch.h"
#include "console.h"
#include "foreground.h"

enum { COMPARE_SIZE = 65536 };

__attribute__((format(printf, 3, 4))) static int run_fail(wm_error *error, int code,
                                                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    error->code = code;
    return code;
}

static int temporary_open(int *fd, wm_error *error)
{
    *fd = scratch_open();
    if (*fd < 0)
        return run_fail(error, WM_EWRITE,
                        "cannot make a file in '%s': %s; TMPDIR names another folder",
                        scratch_folder(), console_reason(errno));
    return 0;
}

/* One run with its output to fd, in the clock. 0 or a WM_E code with *error. */
static int run_timed(const struct bench *bench, const struct config *config, int fd,
                     struct span *span, wm_stats *stats, wm_error *error)
{
    wm_result *result = NULL;
    wm_options o = bench->options;
    o.partition_size = config->partition_size;
    o.partition_lines = config->partition_lines;
    o.fan_in = config->fan_in;
    o.workers = config->workers == CONFIG_WORKERS_AUTO ? -1 : (int)config->workers;
    o.output_fd = fd;
    o.output_only = 1;
    /* What is measured is not less true for it; the command says how many. */
    o.on_bad_line = WM_SKIP;
    struct span start = clock_start();
    int rc = foreground_run(&o, bench->paths, bench->n_paths, &result, error);
    if (rc == 0)
        *stats = *wm_result_stats(result);
    wm_result_free(result);
    *span = clock_stop(start);
    /* Runs that cannot spill say what to do about that. */
    if (rc == WM_EWRITE && error->option[0] == '\0')
        return run_fail(error, rc, "cannot write a file in '%s': %s; TMPDIR names another folder",
                        scratch_folder(), console_reason(error->system));
    return rc;
}

/* 1, 0, or -1 with errno: whether both files hold the same; *at is the first byte that differs. */
static int files_equal(int a, int b, uint64_t *at)
{
    static char x[COMPARE_SIZE], y[COMPARE_SIZE];
    for (*at = 0;;) {
        ssize_t n = pread(a, x, sizeof x, (off_t)*at);
        ssize_t m = n < 0 ? n : pread(b, y, sizeof y, (off_t)*at);
        if (n < 0 || m < 0)
            return -1;
        ssize_t same = n == m && memcmp(x, y, (size_t)n) == 0 ? n : 0;
        while (same < n && same < m && x[same] == y[same])
            same++;
        *at += (uint64_t)same;
        if (n == 0 && m == 0)
            return 1;
        if (same == 0)
            return 0;
    }
}

static int verify(const struct bench *bench, const char *name, wm_error *error)
{
    uint64_t at;
    int rc = files_equal(bench->expected_fd, bench->output_fd, &at);
    if (rc == 1)
        return 0;
    if (rc < 0)
        return run_fail(error, WM_EREAD, "cannot read the output of %s: %s", name,
                        console_reason(errno));
    return run_fail(error, WM_EREAD,
                    "%s: the result is not that of the first run, from byte %" PRIu64
                    " on: the input has changed, or this is a defect of wordmill",
                    name, at);
}

/* The output is empty again, and the cache is cold if it is to be. */
static int run_prepare(const struct bench *bench, struct measure *run, wm_error *error)
{
    const char *path;
    run->cached = -1;
    if (ftruncate(bench->output_fd, 0) < 0 || lseek(bench->output_fd, 0, SEEK_SET) < 0)
        return run_fail(error, WM_EWRITE, "cannot empty a temporary file: %s",
                        console_reason(errno));
    if (bench->is_cold && cache_drop(bench->paths, bench->n_paths, &run->cached, &path) < 0)
        return run_fail(error, WM_EREAD, "cannot drop '%s' from the page cache: %s", path,
                        console_reason(errno));
    return 0;
}

int bench_start(struct bench *bench, wm_error *error)
{
    const struct config chosen = {.workers = CONFIG_WORKERS_AUTO};
    struct span span;
    wm_stats stats;
    int rc = temporary_open(&bench->expected_fd, error);
    if (rc == 0)
        rc = temporary_open(&bench->output_fd, error);
    if (rc == 0)
        rc = run_timed(bench, &chosen, bench->expected_fd, &span, &stats, error);
    if (rc < 0)
        return rc;
    bench->bytes = stats.bytes;
    bench->lines = stats.lines;
    bench->words = stats.words;
    bench->rejected = stats.rejected;
    bench->warned = stats;
    bench->first_seconds = span.wall;
    bench->start = clock_start().wall;
    axis_settle(&bench->grid.workers, stats.workers);

    uint32_t n = bench_n(bench);
    bench->states = calloc(n, sizeof *bench->states);
    bench->order = calloc(n, sizeof *bench->order);
    if (!bench->states || !bench->order)
        return run_fail(error, WM_ENOMEM, "%s", wm_strerror(WM_ENOMEM));
    for (uint32_t i = 0; i < n; i++)
        bench->states[i].same_as = i;
    grid_shuffle(n, bench->seed, 0, bench->order);
    bench->load = load_start();
    return 0;
}

uint64_t bench_n_turns(const struct bench *bench)
{
    return bench->rounds > 0 ? (uint64_t)bench_n(bench) * (bench->warmup + bench->rounds) : 0;
}

uint64_t bench_round(const struct bench *bench)
{
    return bench->next / bench_n(bench);
}

int bench_is_between_rounds(const struct bench *bench)
{
    return bench->next % bench_n(bench) == 0;
}

uint32_t bench_turn(const struct bench *bench)
{
    return bench->order[bench->next % bench_n(bench)];
}

void bench_config_name(const struct bench *bench, uint32_t number, char *text, size_t room)
{
    uint32_t n = grid_size(&bench->grid);
    struct config config = grid_config(&bench->grid, number % n);
    int used = number < n ? 0 : snprintf(text, room, "other: ");
    config_name(&bench->grid, &config, text + used, room - (size_t)used);
}

/* Notes what was in force, and whether another is cut into the same partitions. */
static void state_note(struct bench *bench, uint32_t number, const struct measure *run)
{
    uint32_t n_grid = grid_size(&bench->grid), n_sizes = bench->grid.partitions.n;
    struct config_state *state = &bench->states[number];
    uint32_t first = number - number % n_grid % n_sizes; /* of its workers and fan-in */
    state->seen = *run;
    state->is_seen = 1;
    for (uint32_t i = first; i < first + n_sizes; i++) {
        const struct config_state *other = &bench->states[i];
        if (i != number && other->is_seen && other->same_as == i &&
            measure_is_same_cut(&other->seen, run))
            state->same_as = i;
    }
}

static int run_keep(struct bench *bench, const struct measure *run, const struct measure **kept,
                    wm_error *error)
{
    if (bench->n_runs == bench->runs_capacity) {
        size_t capacity = 2 * bench->runs_capacity + 64;
        struct measure *runs = realloc(bench->runs, capacity * sizeof *runs);
        if (!runs)
            return run_fail(error, WM_ENOMEM, "%s", wm_strerror(WM_ENOMEM));
        bench->runs = runs;
        bench->runs_capacity = capacity;
    }
    bench->runs[bench->n_runs] = *run;
    *kept = &bench->runs[bench->n_runs++];
    return 0;
}

/* The turn is taken; with the last one of a round comes the order of the next. */
static void turn_end(struct bench *bench)
{
    bench->next++;
    if (bench_is_between_rounds(bench))
        grid_shuffle(bench_n(bench), bench->seed, bench_round(bench), bench->order);
}

/* One run of a configuration. */
static int config_run(struct bench *bench, uint32_t number, struct measure *run, wm_error *error)
{
    char name[CONFIG_NAME_MAX];
    struct config_state *state = &bench->states[number];
    struct config config = grid_config(&bench->grid, number % grid_size(&bench->grid));
    struct span span;
    wm_stats stats;
    bench_config_name(bench, number, name, sizeof name);
    int rc = run_prepare(bench, run, error);
    if (rc < 0)
        return rc;
    if (bench->other)
        rc =
            child_run(&(struct child){number < grid_size(&bench->grid) ? NULL : bench->other,
                                      bench->passed, bench->n_passed, bench->paths, bench->n_paths},
                      &config, bench->output_fd, &span, &stats, &state->error);
    else
        rc = run_timed(bench, &config, bench->output_fd, &span, &stats, &state->error);
    if (rc == WM_ECANCELED) {
        *error = state->error;
        state->error = (wm_error){0};
    }
    console_translate(&state->error);
    if (rc < 0)
        return rc == WM_ECANCELED ? rc : 0;
    measure_fill(run, &stats, span);
    return verify(bench, name, error);
}

int bench_watch(struct bench *bench, uint32_t number,
                void (*on_task)(const wm_task *task, void *user), void *user, struct measure *run,
                wm_error *error)
{
    struct config config = grid_config(&bench->grid, number);
    struct span span = {0};
    wm_stats stats = {0};
    *run = (struct measure){.configuration = number};
    int rc = run_prepare(bench, run, error);
    bench->options.on_task = on_task;
    bench->options.task_user = user;
    if (rc == 0)
        rc = run_timed(bench, &config, bench->output_fd, &span, &stats, error);
    bench->options.on_task = NULL;
    measure_fill(run, &stats, span);
    return rc;
}

int bench_step(struct bench *bench, const struct measure **counted, wm_error *error)
{
    uint32_t number = bench_turn(bench);
    uint64_t round = bench_round(bench);
    struct config_state *state = &bench->states[number];
    struct measure run = {.configuration = number, .round = round - bench->warmup};
    *counted = NULL;
    int rc = 0;
    if (state->error.code == 0 && state->same_as == number)
        rc = config_run(bench, number, &run, error);
    if (rc == 0 && state->error.code == 0 && state->same_as == number) {
        if (!state->is_seen)
            state_note(bench, number, &run);
        if (round >= bench->warmup && state->same_as == number)
            rc = run_keep(bench, &run, counted, error);
    }
    if (rc == 0)
        turn_end(bench);
    return rc;
}

void bench_release(struct bench *bench)
{
    if (bench->expected_fd >= 0)
        close(bench->expected_fd);
    if (bench->output_fd >= 0)
        close(bench->output_fd);
    free(bench->runs);
    free(bench->states);
    free(bench->order);
}
