/* Spilled runs on a file system that is old, and on a disk that fails when it is read. */
#include "jobs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);

static int is_old; /* the file system: it makes no files without names */
static unsigned n_refused;

int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (is_old && (flags & O_TMPFILE) == O_TMPFILE) {
        n_refused++;
        errno = EOPNOTSUPP;
        return -1;
    }
    return __real_open(path, flags, mode);
}

void *__wrap_mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset);
void *__real_mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset);

static int empty_fd = -1; /* a file that is mapped instead of the spill file; -1: none is */

void *__wrap_mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset)
{
    int is_spill = fd >= 0 && protection == PROT_READ && (flags & MAP_SHARED);
    return __real_mmap(place, size, protection, flags, is_spill && empty_fd >= 0 ? empty_fd : fd,
                       offset);
}

static wm_options spilling_job(int workers)
{
    wm_options o = job_options(workers, 20000);
    o.memory = 4 << 20;
    o.spill_dir = files.folder;
    o.output = files.output;
    return o;
}

static void a_spill_file_has_no_name_where_it_must_be_made_with_one(void **state)
{
    (void)state;
    is_old = 1;
    for (int workers = 0; workers <= 2; workers += 2) {
        wm_options o = spilling_job(workers);
        wm_error error = {0};
        wm_result *result = NULL;
        wm_job *job = NULL;
        o.output = NULL;
        assert_int_equal(wm_job_start(&o, &files.big, 1, &job, NULL), 0);
        assert_int_equal(count_files(files.folder), 2);
        if (turn_until_end(job) != 0 || wm_job_result(job, &result, &error) != 0)
            fail_msg("%s", error.message);
        assert_true(wm_result_stats(result)->spilled_runs > 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_job_free(job);
        wm_result_free(result);
        assert_nothing_left();
    }
    assert_int_equal(n_refused, 2);
    is_old = 0;
}

/*
 * From now on the system finds no page of the spill file for this worker: in place of its mappings,
 * those there are and those to come, are ones of an empty file. What is written goes to the file as
 * before.
 */
static int lose_spilled_pages(unsigned worker, void *user)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "re");
    int lost = 1;
    (void)worker;
    (void)user;
    empty_fd = memfd_create("empty", MFD_CLOEXEC);
    while (maps && fgets(line, sizeof line, maps)) {
        uintptr_t start, end;
        if (strstr(line, files.folder) &&
            sscanf(line, "%" SCNxPTR "-%" SCNxPTR " r--s", &start, &end) == 2 &&
            __real_mmap((void *)start, end - start, PROT_READ, MAP_SHARED | MAP_FIXED, empty_fd,
                        0) == MAP_FAILED)
            lost = 0;
    }
    if (maps)
        fclose(maps);
    return !maps || empty_fd < 0 || !lost;
}

static void spilled_runs_that_cannot_be_read_are_one_clear_error(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 2; workers++) {
        wm_options o = spilling_job(workers);
        wm_error error = {0};
        wm_result *result = UNTOUCHED;
        o.worker_init = lose_spilled_pages;
        int rc = wm_run(&o, &files.big, 1, &result, &error);
        if (rc != WM_EREAD || !strstr(error.message, "cannot read what was spilled to") ||
            !strstr(error.message, files.folder))
            fail_msg("%d: %s", rc, error.message);
        assert_ptr_equal(result, UNTOUCHED);
        assert_nothing_left();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spill_file_has_no_name_where_it_must_be_made_with_one),
        cmocka_unit_test(spilled_runs_that_cannot_be_read_are_one_clear_error),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
