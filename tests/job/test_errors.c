/*
 * What wm_error holds beside its message, for programs: the option, the errno, and which input,
 * line, byte and word; the same for any number of workers.
 */
#include "jobs.h"

#include "pack.h"

static char bad[300], packed[300], table[300], folder[300];

static void save(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    make_files(state);
    snprintf(bad, sizeof bad, "%s/bad", files.folder);
    snprintf(packed, sizeof packed, "%s/packed.gz", files.folder);
    snprintf(table, sizeof table, "%s/table.wmt", files.folder);
    snprintf(folder, sizeof folder, "%s/no/such/folder", files.folder);
    return 0;
}

/* The error of a job over these files, which fails with this code. */
static wm_error fail_all(const wm_options *o, const char *const *paths, size_t n_paths, int code)
{
    wm_result *result = UNTOUCHED;
    wm_error e = {.code = 7, .system = 7, .line = 7, .offset = 7, .input = 7, .word_size = 7};
    strcpy(e.option, "old");
    int rc = wm_run(o, paths, n_paths, &result, &e);
    if (rc != code || e.code != code)
        fail_msg("%d instead of %d: %s", rc, code, e.message);
    assert_true(result == UNTOUCHED);
    return e;
}

static wm_error fail_one(const wm_options *o, const char *path, int code)
{
    return fail_all(o, &path, 1, code);
}

static void assert_word(const wm_error *e, const char *word)
{
    assert_int_equal(e->word_size, strlen(word));
    assert_memory_equal(e->word, word, strlen(word));
}

static void a_bad_line_has_its_place_and_its_field(void **state)
{
    (void)state;
    static const char lines[] = "a\t2000\t1\t1\nb\t2000\t1\t1\nc\tnever\t1\t1\n";
    save(bad, lines, sizeof lines - 1);
    const char *paths[] = {files.small, bad};
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 10);
        o.format = WM_FORMAT_V2;
        wm_error e = fail_all(&o, paths, 2, WM_EBADLINE);
        assert_int_equal(e.input, 2);
        assert_int_equal(e.line, 3);
        assert_int_equal(e.offset, 22);
        assert_word(&e, "never");
        assert_string_equal(e.option, "on_bad_line");
        assert_int_equal(e.system, 0);
        o.on_bad_line = WM_SKIP;
        o.max_rejects = 0;
        e = fail_all(&o, paths, 2, WM_EBADLINE);
        assert_int_equal(e.input, 2);
        assert_int_equal(e.line, 3);
        assert_int_equal(e.offset, 22);
        assert_string_equal(e.option, "max_rejects");
    }
    unlink(bad);
}

static void a_file_that_is_not_there_is_told_by_its_number_and_errno(void **state)
{
    (void)state;
    const char *paths[] = {files.small, files.small, folder};
    wm_options o = job_options(1, 0);
    wm_error e = fail_all(&o, paths, 3, WM_EOPEN);
    assert_int_equal(e.input, 3);
    assert_int_equal(e.system, ENOENT);
    e = fail_one(&o, files.folder, WM_EOPEN);
    assert_int_equal(e.input, 1);
    assert_int_equal(e.system, EISDIR);
}

static void a_sum_that_is_too_large_has_its_word(void **state)
{
    (void)state;
    char lines[200];
    const char *word = "a-word-of-more-bytes-than-there-is-room-for-in-an-error";
    int size = snprintf(lines, sizeof lines, "%s\t18446744073709551615\n%s\t1\n", word, word);
    save(bad, lines, (size_t)size);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 20);
        o.format = WM_FORMAT_COUNTS;
        wm_error e = fail_one(&o, bad, WM_EOVERFLOW);
        assert_int_equal(e.word_size, sizeof e.word);
        assert_memory_equal(e.word, word, sizeof e.word);
        o.sorted = 1;
        o.output = files.output;
        e = fail_one(&o, bad, WM_EOVERFLOW);
        assert_memory_equal(e.word, word, sizeof e.word);
    }
    unlink(bad);
}

static void damaged_files_are_told_by_their_numbers(void **state)
{
    (void)state;
    struct bytes data = {0};
    pack_member(&data, PACKING_GZIP, files.small_sample.input.data, files.small_sample.input.size);
    save(packed, data.data, data.size / 2);
    const char *paths[] = {files.small, packed};
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 1000);
        o.format = WM_FORMAT_V2;
        wm_error e = fail_all(&o, paths, 2, WM_EDAMAGED);
        assert_int_equal(e.input, 2);
    }
    bytes_release(&data);
    wm_options o = job_options(1, 0);
    o.output = table;
    o.output_format = WM_OUTPUT_TABLE;
    wm_result *result;
    assert_int_equal(wm_run(&o, &files.small, 1, &result, NULL), 0);
    wm_result_free(result);
    assert_int_equal(bytes_load(&data, table), 0);
    data.data[100] ^= 1;
    save(table, data.data, data.size);
    for (int workers = 0; workers < 3; workers++) {
        o = job_options(workers, 0);
        o.format = WM_FORMAT_COUNTS;
        wm_error e = fail_one(&o, table, WM_ETABLE);
        assert_int_equal(e.input, 1);
        assert_int_equal(e.offset, 32);
    }
    bytes_release(&data);
    unlink(packed);
    unlink(table);
}

static void what_is_looked_at_beforehand_is_told_by_its_number(void **state)
{
    (void)state;
    static const char lines[] = "a,b,1\nc,d,2\ne,f,3\n";
    save(bad, lines, sizeof lines - 1);
    const char *paths[] = {files.small, bad};
    wm_options o = job_options(1, 0);
    wm_error e = fail_all(&o, paths, 2, WM_EBADLINE);
    assert_int_equal(e.input, 2);
    assert_string_equal(e.option, "format");
    assert_non_null(strstr(e.message, "try o.format=columns o.delimiter=, o.key_column=1"));
    assert_int_equal(e.n_names, 4);
    unlink(bad);
}

static void a_file_that_cannot_be_written_has_its_errno(void **state)
{
    (void)state;
    wm_options o = job_options(1, 0);
    o.output = folder;
    wm_error e = fail_one(&o, files.small, WM_EWRITE);
    assert_int_equal(e.system, ENOENT);
    assert_int_equal(e.input, 0);
    o.output = NULL;
    o.spill_dir = folder;
    e = fail_one(&o, files.small, WM_EWRITE);
    assert_int_equal(e.system, ENOENT);
    assert_string_equal(e.option, "spill_dir");
}

static void an_option_that_is_wrong_is_named_by_its_field(void **state)
{
    (void)state;
    static const int fd = -1;
    wm_options o = job_options(1, 0);
#define REFUSED(name, ...)                                                                         \
    do {                                                                                           \
        wm_options wrong = o;                                                                      \
        __VA_ARGS__;                                                                               \
        wm_error e = fail_one(&wrong, files.small, WM_EINVAL);                                     \
        assert_string_equal(e.option, name);                                                       \
        assert_null(strstr(e.message, "--"));                                                      \
    } while (0)
    REFUSED("workers", wrong.workers = 5000);
    REFUSED("fan_in", wrong.fan_in = 1);
    REFUSED("partition_lines", wrong.partition_lines = wrong.partition_size = 1);
    REFUSED("sort", wrong.sort = 9);
    REFUSED("normalize", wrong.normalize = 9);
    REFUSED("format", wrong.format = 99);
    REFUSED("output_format", wrong.output_format = 99);
    REFUSED("by", wrong.top_per = 1);
    REFUSED("by", wrong.fill_years = 1);
    REFUSED("ngrams_least", wrong.ngrams_least = 3);
    REFUSED("task_timeout", wrong.task_timeout = -1);
    REFUSED("sorted", wrong.sorted = 1);
    REFUSED("on_bad_line", wrong.max_rejects = 1);
    REFUSED("keep_fds", wrong.keep_fds = &fd, wrong.n_keep_fds = 1);
    REFUSED("shard", wrong.shard = 1);
    REFUSED("match", wrong.match = "(");
    REFUSED("pos", wrong.pos = "no-tag");
    REFUSED("values", wrong.values = "matches,years");
    REFUSED("first_year", wrong.first_year = 2, wrong.last_year = 1);
    REFUSED("rejects", wrong.on_bad_line = WM_SKIP, wrong.rejects = wrong.output = files.output);
    REFUSED("quote", wrong.format = WM_FORMAT_COLUMNS, wrong.quote = '\t');
    REFUSED("totals", wrong.totals = files.small, wrong.value = WM_RECORDS);
    wm_error e = {0};
    assert_int_equal(wm_options_set(&o, "max-rejects", "x", &e), WM_EINVAL);
    assert_string_equal(e.option, "max_rejects");
    assert_int_equal(wm_options_set(&o, "max_rejects", "5", &e), 0);
    assert_int_equal(o.max_rejects, 5);
}

/* What is told of rejects, in the form that their file has. */
static void on_reject(const wm_reject *reject, void *user)
{
    char line[24] = "-";
    if (reject->line > 0)
        snprintf(line, sizeof line, "%llu", (unsigned long long)reject->line);
    assert_true(reject->input == 1 || reject->input == 2);
    assert_string_equal(reject->name, reject->input == 2 ? bad : packed);
    bytes_print(user, "%s\t%s\t%llu\t%s\t%.*s\n", reject->name, line,
                (unsigned long long)reject->offset, reject->reason, (int)reject->size,
                reject->text);
}

static void rejects_are_told_as_they_are_written(void **state)
{
    (void)state;
    char path[300];
    struct bytes lines = {0}, zipped = {0};
    for (int i = 0; i < 3000; i++)
        bytes_print(&lines, i % 7 ? "word\t2000\t%d\t1\n" : "bad line %d\n", i);
    pack_member(&zipped, PACKING_GZIP, lines.data, lines.size);
    save(packed, zipped.data, zipped.size);
    save(bad, lines.data, lines.size);
    snprintf(path, sizeof path, "%s/rejects", files.folder);
    const char *paths[] = {packed, bad};
    for (int i = 0; i < 12; i++) {
        struct bytes told = {0}, written = {0};
        wm_options o = job_options(i % 3, 1000);
        o.format = WM_FORMAT_V2;
        o.on_bad_line = WM_SKIP;
        o.on_reject = on_reject;
        o.reject_user = &told;
        o.rejects = path;
        if (i / 3 == 1)
            o.shard = o.n_shards = 2;
        if (i / 3 == 2)
            o.max_reject_bytes = 10000;
        wm_result *result;
        assert_int_equal(wm_run(&o, paths, 2, &result, NULL), 0);
        wm_result_free(result);
        assert_int_equal(bytes_load(&written, path), 0);
        if (i / 3 == 2) /* the line that says how many are left out */
            written.size =
                (size_t)((char *)memrchr(written.data, '\n', written.size - 1) + 1 - written.data);
        assert_true(told.size > 0 && bytes_equal(&told, &written));
        told.size = 0;
        o.rejects = NULL;
        assert_int_equal(wm_run(&o, paths, 2, &result, NULL), 0);
        wm_result_free(result);
        assert_true(bytes_equal(&told, &written));
        bytes_release(&told);
        bytes_release(&written);
    }
    bytes_release(&lines);
    bytes_release(&zipped);
    unlink(path);
    unlink(bad);
    unlink(packed);
}

static int ignore(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)mapper, (void)record, (void)size, (void)user;
    return 0;
}

static int ignore_partition(wm_mapper *mapper, void *user)
{
    (void)mapper, (void)user;
    return 0;
}

static void what_would_mean_nothing_is_refused(void **state)
{
    (void)state;
    wm_options o = job_options(1, 0);
    o.map = ignore;
    REFUSED("format", wrong.format = WM_FORMAT_V2);
    REFUSED("value", wrong.value = WM_VOLUMES);
    REFUSED("values", wrong.values = "matches");
    REFUSED("by", wrong.by = WM_BY_YEAR);
    REFUSED("by", wrong.by = WM_BY_YEAR, wrong.fill_years = 1);
    REFUSED("by", wrong.by = WM_BY_YEAR, wrong.top_per = 1);
    REFUSED("first_year", wrong.first_year = 1900);
    REFUSED("last_year", wrong.last_year = 1900);
    REFUSED("ngrams_most", wrong.ngrams_most = 2);
    o.map = NULL;
    REFUSED("partition_begin", wrong.partition_begin = ignore_partition);
    REFUSED("partition_end", wrong.partition_end = ignore_partition);
    for (int has_map = 1; has_map >= 0; has_map--) {
        o.map = has_map ? ignore : NULL;
        REFUSED("key_column", wrong.key_column = 1);
        REFUSED("value_column", wrong.value_column = 1);
        REFUSED("value_columns", wrong.value_columns = "1");
        REFUSED("delimiter", wrong.delimiter = ',');
        REFUSED("quote", wrong.quote = '"');
        REFUSED("output_fd", wrong.output = files.output, wrong.output_fd = STDOUT_FILENO);
    }
    REFUSED("on_bad_line", wrong.on_reject = on_reject);
    o.format = WM_FORMAT_COUNTS;
    o.sorted = 1;
    o.output = files.output;
    REFUSED("sorted", wrong.on_reject = on_reject, wrong.on_bad_line = WM_SKIP);
    REFUSED("shard", wrong.shard = wrong.n_shards = 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_line_has_its_place_and_its_field),
        cmocka_unit_test(a_file_that_is_not_there_is_told_by_its_number_and_errno),
        cmocka_unit_test(a_sum_that_is_too_large_has_its_word),
        cmocka_unit_test(damaged_files_are_told_by_their_numbers),
        cmocka_unit_test(what_is_looked_at_beforehand_is_told_by_its_number),
        cmocka_unit_test(a_file_that_cannot_be_written_has_its_errno),
        cmocka_unit_test(an_option_that_is_wrong_is_named_by_its_field),
        cmocka_unit_test(rejects_are_told_as_they_are_written),
        cmocka_unit_test(what_would_mean_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
