/*
 * The output goes to a file without a name, in the folder for temporary files: what is measured is
 * the writing that a user would wait for, and what is verified are the bytes a user would get.
 */
#include "bench/bench_run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench_cache.h"
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
    const char *folder = getenv("TMPDIR");
    if (!folder || folder[0] == '\0')
        folder = "/tmp";
    *fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd < 0) {
        /* Not every file system has files without a name. */
        char path[4096];
        snprintf(path, sizeof path, "%s/wordmill-bench-XXXXXX", folder);
        *fd = mkostemp(path, O_CLOEXEC);
        if (*fd >= 0)
            unlink(path);
    }
    if (*fd < 0)
        return run_fail(error, WM_EWRITE,
                        "cannot make a file in '%s': %s; TMPDIR names another folder", folder,
                        console_reason(errno));
    return 0;
}

/* One run with its output to fd, in the clock. 0 or a WM_E code with *error. */
static int run_timed(const struct bench *bench, wm_options *o, int fd, struct bench_run *run,
                     wm_error *error)
{
    wm_result *result = NULL;
    o->output_fd = fd;
    o->output_only = 1;
    /* What is measured is not less true for it; the command says how many. */
    o->on_bad_line = WM_SKIP;
    struct span start = clock_start();
    int rc = foreground_run(o, bench->paths, bench->n_paths, &result, error);
    if (rc == 0)
        run->stats = *wm_result_stats(result);
    wm_result_free(result);
    run->span = clock_stop(start);
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
static int run_prepare(const struct bench *bench, struct bench_run *run, wm_error *error)
{
    const char *path;
    if (ftruncate(bench->output_fd, 0) < 0 || lseek(bench->output_fd, 0, SEEK_SET) < 0)
        return run_fail(error, WM_EWRITE, "cannot empty a temporary file: %s",
                        console_reason(errno));
    if (bench->is_cold && cache_drop(bench->paths, bench->n_paths, &run->kept, &path) < 0)
        return run_fail(error, WM_EREAD, "cannot drop '%s' from the page cache: %s", path,
                        console_reason(errno));
    return 0;
}

int bench_start(struct bench *bench, wm_error *error)
{
    struct bench_run run = {0};
    wm_options o;
    wm_options_init(&o);
    int rc = temporary_open(&bench->expected_fd, error);
    if (rc == 0)
        rc = temporary_open(&bench->output_fd, error);
    if (rc == 0)
        rc = run_timed(bench, &o, bench->expected_fd, &run, error);
    if (rc < 0)
        return rc;
    bench->first = run.stats;
    bench->first_seconds = run.span.wall;
    axis_settle(&bench->grid.workers, run.stats.workers);

    size_t n = grid_size(&bench->grid);
    bench->errors = calloc(n, sizeof *bench->errors);
    bench->runs = calloc(n * bench->rounds, sizeof *bench->runs);
    if (!bench->errors || !bench->runs)
        return run_fail(error, WM_ENOMEM, "%s", wm_strerror(WM_ENOMEM));
    return 0;
}

uint64_t bench_n_turns(const struct bench *bench)
{
    return (uint64_t)grid_size(&bench->grid) * (bench->warmup + bench->rounds);
}

uint32_t bench_turn(const struct bench *bench)
{
    return grid_turn(grid_size(&bench->grid), bench->next);
}

int bench_step(struct bench *bench, const struct bench_run **counted, wm_error *error)
{
    uint32_t n = grid_size(&bench->grid);
    uint32_t number = bench_turn(bench);
    struct config config = grid_config(&bench->grid, number);
    uint64_t round = bench->next++ / n;
    *counted = NULL;
    if (bench->errors[number].code != 0)
        return 0;

    char name[CONFIG_NAME_MAX];
    config_name(&bench->grid, &config, name, sizeof name);
    wm_options o;
    wm_options_init(&o);
    o.partition_size = config.partition_size;
    o.partition_lines = config.partition_lines;
    o.workers = (int)config.workers;
    o.fan_in = config.fan_in;

    struct bench_run run = {.config = number, .round = (uint32_t)(round - bench->warmup)};
    int rc = run_prepare(bench, &run, error);
    if (rc < 0)
        return rc;
    rc = run_timed(bench, &o, bench->output_fd, &run, &bench->errors[number]);
    if (rc == WM_ECANCELED) {
        *error = bench->errors[number];
        bench->errors[number] = (wm_error){0};
        return rc;
    }
    if (rc < 0)
        return 0;
    rc = verify(bench, name, error);
    if (rc == 0 && round >= bench->warmup) {
        bench->runs[bench->n_runs] = run;
        *counted = &bench->runs[bench->n_runs++];
    }
    return rc;
}

void bench_release(struct bench *bench)
{
    if (bench->expected_fd >= 0)
        close(bench->expected_fd);
    if (bench->output_fd >= 0)
        close(bench->output_fd);
    free(bench->runs);
    free(bench->errors);
}
