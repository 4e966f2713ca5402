/*
 * Lines that the caller's map function dies of: in files, packed members and pipes they are named,
 * or skipped.
 */
#include "one_input.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "pack.h"

static char rejects[300];

static int set_up(void **state)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none); /* workers that crash are to leave no file */
    int rc = make_input_path(state);
    snprintf(rejects, sizeof rejects, "%s/rejects", files.folder);
    return rc;
}

static int crash_at_x(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    wm_emit(mapper, record, size, 1);
    if (record[0] == 'x')
        raise(record[1] == 'k' ? SIGKILL : SIGSEGV);
    return 0;
}

static void a_line_that_crashes_the_function_ends_the_job_and_is_named(void **state)
{
    (void)state;
    static const char data[] = "a\nb\nc\nd\nxk\ne\n";
    save(data, sizeof data - 1);
    for (int workers = 1; workers < 4; workers++) {
        wm_options o = job_options(workers, 6);
        o.map = crash_at_x;
        assert_fails(&o, WM_EWORKER,
                     "'%s' bytes 6 to 12 killed 3 workers, in the map function at byte 8: "
                     "o.workers=0 shows how",
                     path);
    }
    remove_input();
}

static void make_crashes(struct bytes *data, struct bytes *expected)
{
    for (int i = 0; i < 200; i++) {
        int crashes = i == 0 || i == 57 || i == 58 || i == 150 || i == 199;
        uint64_t offset = data->size;
        bytes_print(data, crashes ? "x%s%d\n" : "line%s%d\n", i == 58 ? "k" : "", i % 60);
        if (crashes)
            bytes_print(expected, "%s\t%d\t%llu\tmap function crashed\tx%s%d\n", path, i + 1,
                        (unsigned long long)offset, i == 58 ? "k" : "", i % 60);
    }
}

static void lines_that_crash_the_function_can_be_skipped(void **state)
{
    (void)state;
    static const uint64_t partition_sizes[] = {1, 50, 700, 0};
    struct bytes data = {0}, expected = {0};
    make_crashes(&data, &expected);
    bytes_add(&expected, "", 1);
    save(data.data, data.size);
    for (int workers = 1; workers < 4; workers++) {
        for (size_t i = 0; i < 6; i++) {
            wm_options o = job_options(workers, i < 4 ? partition_sizes[i] : 0);
            o.partition_lines = i == 4 ? 7 : 0;
            o.map = crash_at_x;
            o.on_bad_line = WM_SKIP;
            o.rejects = rejects;
            wm_result *result = run_well(&o);
            const wm_stats *stats = wm_result_stats(result);
            assert_int_equal(stats->rejected, 5);
            if (stats->backups == 0) { /* on a busy machine two may die of a line at a time */
                assert_int_equal(stats->deaths, 15);
                assert_int_equal(stats->retries, 15);
                assert_in_range(stats->forks, 16, workers + 15);
            }
            assert_int_equal(count_of(result, "line1"), 4);
            assert_int_equal(wm_result_size(result), 60);
            wm_result_free(result);
            assert_file_says(rejects, expected.data);
        }
    }
    bytes_release(&data);
    bytes_release(&expected);
    remove_input();
}

/* A line that is to blame is known by its place in what its partition unpacks to. */
static void lines_of_packed_members_that_crash_the_function_are_named_or_skipped(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0}, packed = {0};
    uint64_t random = 1, second;
    make_crashes(&data, &expected);
    bytes_add(&expected, "", 1);
    pack_member(&packed, PACKING_GZIP, data.data + 2, 100); /* without the first that crashes */
    second = packed.size;
    pack_member(&packed, PACKING_GZIP, "line0\nx\n", 8);
    save(packed.data, packed.size);
    wm_options o = job_options(2, second);
    o.map = crash_at_x;
    assert_fails(&o, WM_EWORKER,
                 "'%s' bytes %llu to %zu killed 3 workers, in the map function at byte 6 of what "
                 "they unpack to: o.workers=0 shows how",
                 path, (unsigned long long)second, packed.size);

    o.on_bad_line = WM_SKIP;
    o.rejects = rejects;
    for (enum packing packing = PACKING_GZIP; packing <= PACKING_ZSTD; packing++) {
        packed.size = 0;
        pack_members(&packed, packing, &data, 90, &random);
        save(packed.data, packed.size);
        for (o.partition_size = 20; o.partition_size < 3000; o.partition_size *= 4) {
            wm_result *result = run_well(&o);
            assert_int_equal(wm_result_stats(result)->rejected, 5);
            assert_int_equal(count_of(result, "line1"), 4);
            wm_result_free(result);
            assert_file_says(rejects, expected.data);
        }
    }
    bytes_release(&data);
    bytes_release(&expected);
    bytes_release(&packed);
    remove_input();
}

/* The writer is another process, forked before any worker, so that none holds the FIFO open. */
static void lines_of_a_pipe_that_crash_the_function_can_be_skipped(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    make_crashes(&data, &expected);
    bytes_add(&expected, "", 1);
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t writer = fork();
    if (writer == 0) {
        alarm(600);
        _exit(bytes_save(&data, path) == 0 ? 0 : 1);
    }
    wm_options o = job_options(2, 300);
    o.map = crash_at_x;
    o.on_bad_line = WM_SKIP;
    o.rejects = rejects;
    wm_result *result = run_well(&o);
    assert_int_equal(wm_result_size(result), 60);
    wm_result_free(result);
    waitpid(writer, NULL, 0);
    assert_file_says(rejects, expected.data);
    bytes_release(&data);
    bytes_release(&expected);
    remove_input();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_crashes_the_function_ends_the_job_and_is_named),
        cmocka_unit_test(lines_that_crash_the_function_can_be_skipped),
        cmocka_unit_test(lines_of_packed_members_that_crash_the_function_are_named_or_skipped),
        cmocka_unit_test(lines_of_a_pipe_that_crash_the_function_can_be_skipped),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
