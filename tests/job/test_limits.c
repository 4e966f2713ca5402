/*
 * Hosts with limits of addresses and of the sizes of files: what passes them is an error of the
 * job, and neither a signal nor the end of the host.
 */
#include "jobs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define N_JOBS 48
#define N_JOBS_MIN 8 /* that work side by side in 1 GiB of addresses */
#define FILE_SIZE (64u << 10)

static const wm_options *limited_options;
static const char *limited_path;

/* Addresses */

static rlim_t addresses_used(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file || fscanf(file, "%llu", &pages) != 1)
        abort();
    fclose(file);
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static int leave_addresses(rlim_t size)
{
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = addresses_used() + size;
    return setrlimit(RLIMIT_AS, &limit);
}

/* Whether an error says what is short. */
static int is_short_of_memory(const wm_error *error)
{
    return error->code == WM_ENOMEM || strstr(error->message, "cannot allocate memory") != NULL;
}

/* Each job has a quarter of what those before it have left. When that is not enough any more, an
 * error says so. Those before it are none the worse for it. */
static int run_jobs_side_by_side(void)
{
    wm_job *jobs[N_JOBS];
    int n = 0, rc = 0;
    wm_error error = {0};
    if (leave_addresses((rlim_t)1 << 30) < 0)
        return 1;
    for (; n < N_JOBS; n++) {
        wm_options o = job_options(n % 3, 100000);
        rc = wm_job_start(&o, &files.big, 1, &jobs[n], &error);
        if (rc < 0)
            break;
    }
    if (n < N_JOBS_MIN || (rc < 0 && !is_short_of_memory(&error))) {
        fprintf(stderr, "%d jobs: %d %s\n", n, rc, error.message);
        return 2;
    }
    for (int i = 0; i < n; i++) {
        wm_result *result = NULL;
        turn_until_end(jobs[i]);
        rc = wm_job_result(jobs[i], &result, &error);
        if (rc < 0 ? i < N_JOBS_MIN || !is_short_of_memory(&error)
                   : !is_result(result, &files.big_sample.expected)) {
            fprintf(stderr, "job %d of %d: %s\n", i, n, rc ? error.message : "wrong");
            return 3;
        }
        wm_result_free(result);
        wm_job_free(jobs[i]);
    }
    return 0;
}

/* A result holds no more addresses than its words need, so a host may keep as many as it likes. */
static int run_jobs_and_keep_results(void)
{
    wm_result *results[N_JOBS];
    wm_error error = {0};
    if (leave_addresses((rlim_t)1 << 30) < 0)
        return 1;
    for (int i = 0; i < N_JOBS; i++) {
        wm_options o = job_options(i % 3, 100000);
        if (wm_run(&o, &files.big, 1, &results[i], &error) != 0) {
            fprintf(stderr, "job %d: %s\n", i, error.message);
            return 2;
        }
    }
    for (int i = 0; i < N_JOBS; i++) {
        if (!is_result(results[i], &files.big_sample.expected))
            return 3;
        wm_result_free(results[i]);
    }
    return 0;
}

static int run_without_addresses(void)
{
    wm_options o = job_options(1, 100000);
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    if (leave_addresses(1 << 20) < 0)
        return 1;
    int rc = wm_run(&o, &files.big, 1, &result, &error);
    return rc < 0 && *error.message && result == UNTOUCHED ? 0 : 2;
}

static void jobs_share_the_addresses_that_there_are(void **state)
{
    (void)state;
    if (addresses_used() > (rlim_t)1 << 40) /* as sanitizers do */
        skip();
    in_child(run_jobs_side_by_side);
    in_child(run_jobs_and_keep_results);
    in_child(run_without_addresses);
}

/* Sizes of files */

/* 0 if it is the error of a file that is too large. */
static int is_too_large(int rc, const wm_error *error)
{
    if (rc == WM_EWRITE && strstr(error->message, "file too large") && error->system == EFBIG)
        return 0;
    fprintf(stderr, "%d %s\n", rc, error->message);
    return 9;
}

static int limit_files(void)
{
    struct rlimit limit = {FILE_SIZE, FILE_SIZE};
    signal(SIGXFSZ, SIG_DFL);
    return setrlimit(RLIMIT_FSIZE, &limit);
}

static int run_with_limited_files(void)
{
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    if (limit_files() < 0)
        return 1;
    int rc = wm_run(limited_options, &limited_path, 1, &result, &error);
    return result == UNTOUCHED ? is_too_large(rc, &error) : 2;
}

static void assert_too_large(const wm_options *o, const char *path)
{
    limited_options = o;
    limited_path = path;
    in_child(run_with_limited_files);
}

/* What was there before is there still. */
static void outputs_past_the_limit_are_errors(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        for (int format = WM_OUTPUT_TSV; format <= WM_OUTPUT_TABLE; format++) {
            wm_options o = job_options(workers, 100000);
            o.output_format = (enum wm_output)format;
            o.output_only = workers == 2;
            o.output = files.output;
            assert_too_large(&o, files.big);
        }
        wm_options o = job_options(workers, 100000);
        int fd = open(files.folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        o.output_fd = fd < 0 ? memfd_create("output", MFD_CLOEXEC) : fd;
        assert_too_large(&o, files.big);
        close(o.output_fd);
    }
}

static void rejects_past_the_limit_are_errors(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 100000);
        o.format = WM_FORMAT_V3; /* of which no line is */
        o.on_bad_line = WM_SKIP;
        o.rejects = files.output;
        assert_too_large(&o, files.big);
    }
}

static void sorted_outputs_past_the_limit_are_errors(void **state)
{
    (void)state;
    char path[300];
    snprintf(path, sizeof path, "%s/sorted", files.folder);
    wm_options o = job_options(0, 0);
    o.sorted = 1;
    o.format = WM_FORMAT_COUNTS;
    o.output = files.output;
    assert_int_equal(bytes_save(&files.big_sample.expected, path), 0);
    limited_options = &o;
    limited_path = path;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_with_limited_files());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    unlink(path);
    assert_nothing_left();
}

/* Runs that may not be spilled stay in memory, or the job says that it is too small. */
static int spill_with_limited_files(void)
{
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    wm_options o = job_options(2, 100000);
    o.memory = 3 << 20;
    o.spill_dir = files.folder;
    if (limit_files() < 0)
        return 1;
    int rc = wm_run(&o, &files.big, 1, &result, &error);
    if (rc == 0) {
        rc = is_result(result, &files.big_sample.expected) ? 0 : 2;
        wm_result_free(result);
        return rc;
    }
    fprintf(stderr, "%d %s\n", rc, error.message);
    return (rc == WM_EWRITE || rc == WM_ELIMIT) && result == UNTOUCHED ? 0 : 3;
}

/* What writes once the job is done. */
static int write_with_limited_files(void)
{
    wm_options o = job_options(2, 100000);
    wm_result *result = NULL;
    wm_table *table = NULL;
    wm_file *file = NULL;
    wm_error error = {0};
    const char *all = "";
    o.output = files.output;
    o.output_format = WM_OUTPUT_TABLE;
    int fd = memfd_create("output", MFD_CLOEXEC);
    if (wm_run(&o, &files.big, 1, &result, NULL) != 0 ||
        wm_table_open(files.output, &table, NULL) != 0 || limit_files() < 0)
        return 1;
    int rc = is_too_large(wm_result_write(result, WM_OUTPUT_TSV, fd, &error), &error);
    if (rc == 0)
        rc = is_too_large(wm_table_write(table, &all, 1, 1, WM_OUTPUT_TSV, fd, &error), &error);
    if (rc == 0 && wm_file_open(files.output, &file, &error) < 0)
        return 2;
    for (size_t at = 0; rc == 0 && at < FILE_SIZE; at += 4096)
        rc = wm_file_write(file, files.big_sample.input.data + at, 4096, &error);
    if (rc == 0)
        rc = is_too_large(wm_file_write(file, "x", 1, &error), &error);
    wm_file_close(file);
    wm_table_close(table);
    wm_result_free(result);
    unlink(files.output);
    return rc;
}

static void whatever_else_is_written_past_the_limit_is_an_error(void **state)
{
    (void)state;
    in_child(spill_with_limited_files);
    in_child(write_with_limited_files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_share_the_addresses_that_there_are),
        cmocka_unit_test(outputs_past_the_limit_are_errors),
        cmocka_unit_test(rejects_past_the_limit_are_errors),
        cmocka_unit_test(sorted_outputs_past_the_limit_are_errors),
        cmocka_unit_test(whatever_else_is_written_past_the_limit_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
