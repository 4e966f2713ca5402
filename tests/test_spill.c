/* Spilled runs on a disk that fails when it is read. */
#include "jobs.h"

#include <inttypes.h>

/*
 * From now on the system finds no page of the spill file for this worker: in place of its mapping
 * is that of an empty file. What is written goes to the file as before.
 */
static int lose_spilled_pages(unsigned worker, void *user)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "re");
    int fd = memfd_create("empty", MFD_CLOEXEC), lost = 0;
    (void)worker;
    (void)user;
    while (!lost && maps && fgets(line, sizeof line, maps)) {
        uintptr_t start, end;
        if (!strstr(line, files.folder) ||
            sscanf(line, "%" SCNxPTR "-%" SCNxPTR " r--s", &start, &end) != 2)
            continue;
        lost = mmap((void *)start, end - start, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_NORESERVE,
                    fd, 0) != MAP_FAILED;
    }
    if (maps)
        fclose(maps);
    return !lost;
}

static void spilled_runs_that_cannot_be_read_are_one_clear_error(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 2; workers++) {
        wm_options o = job_options(workers, 20000);
        wm_error error = {0};
        wm_result *result = UNTOUCHED;
        o.memory = 4 << 20;
        o.spill_dir = files.folder;
        o.output = files.output;
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
        cmocka_unit_test(spilled_runs_that_cannot_be_read_are_one_clear_error),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
