/* How messages are made: names of the library in them, words of the system, bytes of others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "error.h"

/* The i-th name in the message begins so. */
static void assert_name(const wm_error *e, uint32_t i, const char *name)
{
    assert_true(i < e->n_names);
    assert_memory_equal(e->message + e->names[i], name, strlen(name));
}

static void names_of_the_library_are_told_with_their_places(void **state)
{
    (void)state;
    wm_error e = {.code = 7, .line = 7, .n_names = 7, .option = "old"};
    assert_int_equal(
        error_set(&e, WM_EBADLINE, "'%s': give " NAME "o.format=text or " NAME "o.by", "a file"),
        WM_EBADLINE);
    assert_string_equal(e.message, "'a file': give o.format=text or o.by");
    assert_int_equal(e.n_names, 2);
    assert_name(&e, 0, "o.format=text");
    assert_name(&e, 1, "o.by");
    assert_string_equal(e.option, "format");
    assert_int_equal(e.line, 0);
    error_add(&e, "; %d " NAME "o.min_count", 5);
    assert_string_equal(e.message, "'a file': give o.format=text or o.by; 5 o.min_count");
    assert_name(&e, 2, "o.min_count");
}

static void bytes_of_others_are_never_a_name(void **state)
{
    (void)state;
    wm_error e;
    error_set(&e, WM_EOPEN, "%s" NAME "o.by %s", "\1o.a\2o.b", "\1\2\1o.c");
    assert_string_equal(e.message, "\\x01o.a\\x02o.bo.by \\x01\\x02\\x01o.c");
    assert_int_equal(e.n_names, 1);
    assert_name(&e, 0, "o.by");
    error_set(&e, WM_EOPEN, "%s", "");
    assert_string_equal(e.message, "");
    assert_int_equal(e.n_names, 0);
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    char name[3000];
    wm_error e;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    error_set(&e, WM_EOPEN, "%s " NAME "o.by", name);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
    assert_int_equal(e.n_names, 0);
    name[sizeof e.message - 3] = '\0';
    error_set(&e, WM_EOPEN, "%s " NAME "o.by", name);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
    error_set(&e, WM_EOPEN,
              NAME "o.a" NAME "o.b" NAME "o.c" NAME "o.d" NAME "o.e" NAME "o.f" NAME "o.g");
    assert_string_equal(e.message, "o.ao.bo.co.do.eo.fo.g");
    assert_int_equal(e.n_names, sizeof e.names / sizeof *e.names);
}

static void an_errno_is_kept_and_has_its_words(void **state)
{
    (void)state;
    wm_error e;
    assert_int_equal(
        error_set_system(&e, WM_EOPEN, ENOENT, "cannot open '%s': " SYSTEM "; %d", "%s", 5),
        WM_EOPEN);
    assert_string_equal(e.message, "cannot open '%s': no such file or directory; 5");
    assert_int_equal(e.system, ENOENT);
    error_set_system(&e, WM_EREAD, 100000, SYSTEM);
    assert_string_equal(e.message, "error 100000");
}

static void an_option_is_named_by_its_field(void **state)
{
    (void)state;
    wm_error e;
    assert_int_equal(error_set_option(&e, "fan_in", "see " NAME "o.sort"), WM_EINVAL);
    assert_string_equal(e.option, "fan_in");
    error_set(&e, WM_EINVAL, "unknown ");
    error_add_option(&e, "max-reject-bytes");
    assert_string_equal(e.message, "unknown o.max_reject_bytes");
    assert_string_equal(e.option, "max_reject_bytes");
    assert_name(&e, 0, "o.max_reject_bytes");
}

static void an_input_is_told_once_and_not_for_memory_or_outputs(void **state)
{
    (void)state;
    wm_error e = {0};
    assert_int_equal(error_of_input(&e, WM_EREAD, 3), WM_EREAD);
    assert_int_equal(error_of_input(&e, WM_EREAD, 4), WM_EREAD);
    assert_int_equal(e.input, 3);
    e.input = 0;
    error_of_input(&e, WM_ENOMEM, 5);
    error_of_input(&e, WM_EWRITE, 5);
    error_of_input(&e, WM_OK, 5);
    assert_int_equal(e.input, 0);
}

static void nobody_has_to_want_to_know(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, WM_EOPEN, "x"), WM_EOPEN);
    assert_int_equal(error_set_system(NULL, WM_EOPEN, EIO, SYSTEM), WM_EOPEN);
    assert_int_equal(error_set_option(NULL, "by", "x"), WM_EINVAL);
    assert_int_equal(error_add(NULL, "x"), 0);
    error_add_option(NULL, "x");
    assert_int_equal(error_of_input(NULL, WM_EOPEN, 1), WM_EOPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_the_library_are_told_with_their_places),
        cmocka_unit_test(bytes_of_others_are_never_a_name),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(an_errno_is_kept_and_has_its_words),
        cmocka_unit_test(an_option_is_named_by_its_field),
        cmocka_unit_test(an_input_is_told_once_and_not_for_memory_or_outputs),
        cmocka_unit_test(nobody_has_to_want_to_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
