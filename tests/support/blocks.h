/*
 * What tests of blocks and of streams of them share: a result, and the lines that it is written as.
 */
#ifndef TESTS_SUPPORT_BLOCKS_H
#define TESTS_SUPPORT_BLOCKS_H

#include "jobs.h"

static inline wm_result *run(const wm_options *o, const char *path)
{
    wm_result *result = NULL;
    wm_error error = {0};
    if (wm_run(o, &path, 1, &result, &error) < 0)
        fail_msg("%s", error.message);
    return result;
}

static inline struct bytes lines_of(const wm_result *result)
{
    struct bytes lines = {0};
    assert_int_equal(result_load(result, &lines), 0);
    return lines;
}

static inline void assert_lines(struct bytes got, const struct bytes *expected, const char *what)
{
    if (!bytes_equal(&got, expected))
        fail_msg("%s: %zu bytes instead of %zu:\n%.300s", what, got.size, expected->size,
                 got.size > 0 ? got.data : "");
    bytes_release(&got);
}

/* Makes a file with the text. Returns its path. */
static inline const char *save(const char *name, const char *text, char path[300])
{
    struct bytes input = {0};
    bytes_print(&input, "%s", text);
    snprintf(path, 300, "%s/%s", files.folder, name);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    return path;
}

/* Words in several years, one of them empty, two of them no UTF-8. */
static const char *const several = "a b\t1990\t5\t2\na\t1991\t7\t3\nb\t1990\t1\t1\nb\t1991\t2\t2\n"
                                   "\xFF\t1991\t9\t9\n\xFFz\t1992\t1\t1\n\t1990\t4\t4\n";

#endif
