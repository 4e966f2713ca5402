/* What tests share that write a small input, run a job over it, and look at what comes of it. */
#ifndef TESTS_SUPPORT_ONE_INPUT_H
#define TESTS_SUPPORT_ONE_INPUT_H

#include "jobs.h"

static char path[300]; /* of the input */

static inline int make_input_path(void **state)
{
    int rc = make_files(state);
    snprintf(path, sizeof path, "%s/input", files.folder);
    return rc;
}

static inline void save(const char *data, size_t size)
{
    assert_int_equal(bytes_save(&(struct bytes){.data = (char *)data, .size = size}, path), 0);
}

static inline void save_text(const char *text)
{
    save(text, strlen(text));
}

/* The input is not needed any more. */
static inline void remove_input(void)
{
    unlink(path);
    assert_nothing_left();
}

static inline wm_result *run_well(const wm_options *o)
{
    const char *paths = path;
    wm_result *result = NULL;
    wm_error error;
    if (wm_run(o, &paths, 1, &result, &error) != 0)
        fail_msg("%s", error.message);
    return result;
}

/* The job fails with this code and this message. */
__attribute__((format(printf, 3, 4))) static inline void assert_fails(const wm_options *o, int code,
                                                                      const char *format, ...)
{
    const char *paths = path;
    char words[800];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    int rc = wm_run(o, &paths, 1, &result, &error);
    if (rc != code || error.code != code || strcmp(error.message, words) != 0)
        fail_msg("%d, '%s' instead of %d, '%s'", rc, error.message, code, words);
    assert_true(result == UNTOUCHED);
}

/* The file has this text, and goes. */
static inline void assert_file_says(const char *name, const char *expected)
{
    struct bytes got = {0};
    assert_int_equal(bytes_load(&got, name), 0);
    bytes_add(&got, "", 1);
    assert_string_equal(got.data, expected);
    bytes_release(&got);
    unlink(name);
}

static inline uint64_t count_of(const wm_result *result, const char *key)
{
    uint64_t count = 0;
    assert_int_equal(wm_result_get(result, key, strlen(key), &count), 1);
    return count;
}

#endif
