/* Options by name, and the names of values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "wordmill.h"

static wm_options options(void)
{
    wm_options o;
    wm_options_init(&o);
    return o;
}

/* Sets it, or says why not. */
static const char *set(wm_options *o, const char *name, const char *value)
{
    static wm_error error;
    int rc = wm_options_set(o, name, value, &error);
    if (rc == 0)
        return "";
    assert_int_equal(rc, WM_EINVAL);
    assert_int_equal(error.code, WM_EINVAL);
    return error.message;
}

static void values_are_what_the_command_takes(void **state)
{
    (void)state;
    wm_options o = options();
    assert_string_equal(set(&o, "workers", "0"), "");
    assert_string_equal(set(&o, "partition-size", "1M"), "");
    assert_string_equal(set(&o, "memory", "2g"), "");
    assert_string_equal(set(&o, "task-timeout", "1.5"), "");
    assert_string_equal(set(&o, "years", "1900-1999"), "");
    assert_string_equal(set(&o, "shard", "3/16"), "");
    assert_string_equal(set(&o, "delimiter", "\\t"), "");
    assert_string_equal(set(&o, "rank", NULL), "");
    assert_string_equal(set(&o, "fold-case", NULL), "");
    assert_string_equal(set(&o, "match", "^a"), "");
    assert_int_equal(o.workers, 0);
    assert_int_equal(o.partition_size, 1 << 20);
    assert_int_equal(o.memory, UINT64_C(2) << 30);
    assert_true(o.task_timeout == 1.5);
    assert_int_equal(o.first_year, 1900);
    assert_int_equal(o.last_year, 1999);
    assert_int_equal(o.shard, 3);
    assert_int_equal(o.n_shards, 16);
    assert_int_equal(o.delimiter, '\t');
    assert_int_equal(o.rank, 1);
    assert_int_equal(o.fold_case, WM_FOLD_LOWER);
    assert_string_equal(o.match, "^a");
}

static void a_wrong_value_is_named_and_changes_nothing(void **state)
{
    static const struct {
        const char *name, *value, *message;
    } wrong[] = {
        {"workers", "1025", "workers 1025 is too large: at most 1024"},
        {"workers", "-1", "workers '-1' is not a whole number: at least 0"},
        {"fan-in", "1", "fan-in 1 is too small: at least 2"},
        {"partition-size", "1T", "'1T' is not a size: use a number with K, M or G"},
        {"memory", "8589934592G", "memory 8589934592G is too large: at most 8589934591G"},
        {"sort", "default", "unknown sort order 'default': use word, count or none"},
        {"fold-case", "lower", "unknown o.fold_case 'lower': use dominant"},
        {"format", "counts", "unknown format 'counts': use auto, v1, v2, v3, columns or text"},
        {"years", "2000-1999", "there are no years from 2000 to 1999"},
        {"years", "-", "'-' is not a range of years: use 1900-1999, 1900- or -1899"},
        {"shard", "5/4", "shard 5 is too large: at most 4"},
        {"rank", "yes", "option 'rank' takes no value"},
        {"top", NULL, "option 'top' needs a value"},
        {"word", "a", "unknown option 'word'"},
        {"", "", "unknown option ''"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wm_options o = options(), before = o;
        assert_string_equal(set(&o, wrong[i].name, wrong[i].value), wrong[i].message);
        assert_memory_equal(&o, &before, sizeof o);
    }
    assert_int_equal(wm_options_set(&(wm_options){.size = sizeof(wm_options)}, "x", NULL, NULL),
                     WM_EINVAL);
}

static void a_struct_of_an_older_header_is_not_written_past_its_end(void **state)
{
    (void)state;
    wm_options o;
    wm_options_init_size(&o, offsetof(wm_options, max_rejects));
    memset(&o.max_rejects, 7, sizeof o.max_rejects);
    assert_string_equal(set(&o, "max-rejects", "1"), "unknown option 'max-rejects'");
    assert_int_equal(o.max_rejects, UINT64_C(0x0707070707070707));
    assert_string_equal(set(&o, "spill-dir", "/"), "");
}

/* Each choice is taken, and is what its value is called. */
static void choices_are_the_names_of_their_values(void **state)
{
    (void)state;
    int n = 0;
    for (const char *choice; (choice = wm_options_choice("output-format", n)); n++) {
        wm_options o = options();
        assert_string_equal(set(&o, "output-format", choice), "");
        assert_string_equal(wm_name(WM_NAMES_OUTPUT, (int)o.output_format), choice);
    }
    assert_int_equal(n, WM_OUTPUT_TABLE + 1);
    assert_string_equal(wm_options_choice("sort", 0), "word");
    assert_null(wm_options_choice("sort", 3));
    assert_null(wm_options_choice("sort", -1));
    assert_null(wm_options_choice("workers", 0));
    assert_null(wm_options_choice("nothing", 0));
}

static void every_value_of_an_enum_has_a_name(void **state)
{
    static const int n[] = {[WM_NAMES_FORMAT] = WM_N_FORMATS,
                            [WM_NAMES_VALUE] = WM_RECORDS + 1,
                            [WM_NAMES_BY] = WM_BY_DECADE + 1,
                            [WM_NAMES_SORT] = WM_SORT_NONE + 1,
                            [WM_NAMES_BAD_LINE] = WM_SKIP + 1,
                            [WM_NAMES_FOLD] = WM_FOLD_DOMINANT + 1,
                            [WM_NAMES_OUTPUT] = WM_OUTPUT_CSV_SAFE + 1,
                            [WM_NAMES_REDUCE] = WM_MAX + 1,
                            [WM_NAMES_PHASE] = WM_N_PHASES,
                            [WM_NAMES_TOKENS] = WM_TOKENS_BLANKS + 1,
                            [WM_NAMES_NORMALIZE] = WM_NORMALIZE_NONE + 1};
    (void)state;
    const int n_lists = sizeof n / sizeof *n;
    for (int list = 0; list < n_lists; list++) {
        for (int value = 0; value < n[list]; value++)
            assert_non_null(wm_name((enum wm_names)list, value));
        assert_null(wm_name((enum wm_names)list, n[list]));
        assert_null(wm_name((enum wm_names)list, -1));
    }
    assert_null(wm_name((enum wm_names)n_lists, 0));
    assert_string_equal(wm_name(WM_NAMES_FORMAT, WM_FORMAT_V2), "v2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_what_the_command_takes),
        cmocka_unit_test(a_wrong_value_is_named_and_changes_nothing),
        cmocka_unit_test(a_struct_of_an_older_header_is_not_written_past_its_end),
        cmocka_unit_test(choices_are_the_names_of_their_values),
        cmocka_unit_test(every_value_of_an_enum_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
