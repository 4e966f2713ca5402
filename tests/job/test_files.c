/*
 * Files of the caller's: a job writes them, and its caller puts them in their places, or does not.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "jobs.h"

static char rejects[300];

static void options_for(wm_options *o, wm_file *output, wm_file *rejected)
{
    wm_options_init(o);
    o->workers = 2;
    o->output_file = output;
    o->rejects_file = rejected;
    o->on_bad_line = WM_SKIP;
}

static void a_job_writes_what_its_caller_commits(void **state)
{
    (void)state;
    for (int committed = 0; committed < 2; committed++) {
        wm_file *output = NULL, *rejected = NULL;
        wm_result *result = NULL;
        wm_error error = {0};
        wm_options o;
        struct bytes got = {0};
        assert_int_equal(wm_file_open(files.output, &output, &error), 0);
        assert_int_equal(wm_file_open(rejects, &rejected, &error), 0);
        options_for(&o, output, rejected);
        assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), 0);
        assert_int_equal(access(files.output, F_OK), -1);
        assert_int_equal(access(rejects, F_OK), -1);
        if (committed) {
            assert_int_equal(wm_file_commit(rejected, &error), 0);
            assert_int_equal(wm_file_commit(output, &error), 0);
        }
        wm_file_close(output);
        wm_file_close(rejected);
        wm_result_free(result);
        assert_int_equal(access(rejects, F_OK), committed - 1);
        assert_int_equal(access(files.output, F_OK), committed - 1);
        if (committed) {
            assert_int_equal(bytes_load(&got, files.output), 0);
            assert_true(bytes_equal(&got, &files.small_sample.expected));
            bytes_release(&got);
        }
    }
    unlink(files.output);
    unlink(rejects);
}

static void a_job_that_fails_leaves_them_to_be_closed(void **state)
{
    (void)state;
    wm_file *output = NULL;
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    wm_options o;
    const char *nothing = "/nonexistent";
    assert_int_equal(wm_file_open(files.output, &output, NULL), 0);
    options_for(&o, output, NULL);
    assert_int_equal(wm_run(&o, &nothing, 1, &result, &error), WM_EOPEN);
    assert_int_equal(wm_file_write(output, "still open", 10, &error), 0);
    wm_file_close(output);
    assert_int_equal(access(files.output, F_OK), -1);
    wm_file_close(NULL);
}

static void rejects_over_an_input_or_the_output_are_refused(void **state)
{
    (void)state;
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    wm_options o;
    wm_options_init(&o);
    o.workers = 0;
    o.on_bad_line = WM_SKIP;
    o.output = files.output;
    o.rejects = files.small;
    assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "it is an input"));
    o.rejects = files.output;
    assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "are one file"));
    assert_int_equal(access(files.output, F_OK), -1);
    assert_ptr_equal(result, UNTOUCHED);
    o.output = o.rejects = "/dev/null";
    assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), 0);
    wm_result_free(result);
}

static void one_file_is_known_by_all_of_its_names(void **state)
{
    (void)state;
    char link[300];
    wm_file *a = NULL, *b = NULL, *null = NULL;
    snprintf(link, sizeof link, "%s/link", files.folder);
    assert_int_equal(symlink("out", link), 0);
    assert_int_equal(wm_file_open(files.output, &a, NULL), 0);
    assert_int_equal(wm_file_open(link, &b, NULL), 0);
    assert_int_equal(wm_file_open("/dev/null", &null, NULL), 0);
    assert_int_equal(wm_file_is_same(a, b), 1);
    assert_int_equal(wm_file_is_same(a, null), 0);
    assert_int_equal(wm_file_is_same(null, null), 0);
    assert_int_equal(wm_file_is_input(a, files.output), 0); /* it is not there */
    assert_int_equal(wm_file_write(a, "x", 1, NULL), 0);
    assert_int_equal(wm_file_commit(a, NULL), 0);
    wm_file_close(b);
    assert_int_equal(wm_file_open(link, &b, NULL), 0);
    assert_int_equal(wm_file_is_input(b, files.output), 1);
    assert_int_equal(wm_file_is_input(b, files.small), 0);
    assert_int_equal(wm_file_is_input(null, "/dev/null"), 0);
    wm_file_close(a);
    wm_file_close(b);
    wm_file_close(null);
    unlink(link);
    unlink(files.output);
}

static int make(void **state)
{
    make_files(state);
    snprintf(rejects, sizeof rejects, "%s/rejects", files.folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_writes_what_its_caller_commits),
        cmocka_unit_test(a_job_that_fails_leaves_them_to_be_closed),
        cmocka_unit_test(rejects_over_an_input_or_the_output_are_refused),
        cmocka_unit_test(one_file_is_known_by_all_of_its_names),
    };
    return cmocka_run_group_tests(tests, make, remove_files);
}
