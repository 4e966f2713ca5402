/*
 * The library's functions: what each promises about its errors and its out-parameters, and a job
 * stepped in the caller's loop.
 */
#include "jobs.h"
#include "random.h"

/* Fails with code, says so, touches nothing, and does the same when nobody wants the words. */
static void assert_run_fails(const wm_options *o, const char *path, int code, const char *words)
{
    wm_result *result = UNTOUCHED;
    wm_error error = {0};
    int rc = wm_run(o, &path, path != NULL, &result, &error);
    if (rc != code || error.code != code || !strstr(error.message, words))
        fail_msg("%d (%d), '%s' instead of %d, '%s'", rc, error.code, error.message, code, words);
    assert_true(result == UNTOUCHED);
    assert_int_equal(wm_run(o, &path, path != NULL, &result, NULL), code);
    assert_true(result == UNTOUCHED);
    assert_nothing_left();
}

static void an_option_out_of_its_range_is_named(void **state)
{
    (void)state;
    static char long_word[65538];
    const char *words[] = {memset(long_word, 'x', sizeof long_word - 1)};
    wm_options o = job_options(-2, 0);
    assert_run_fails(&o, files.small, WM_EINVAL, "workers");
    o = job_options(1025, 0);
    assert_run_fails(&o, files.small, WM_EINVAL, "1025 workers");
    o = job_options(0, 0);
    o.fan_in = 1;
    assert_run_fails(&o, files.small, WM_EINVAL, "fan-in");
    o = job_options(0, 1);
    o.partition_lines = 1;
    assert_run_fails(&o, files.small, WM_EINVAL, "partition");
    o = job_options(0, 0);
    o.sort = (enum wm_sort)4;
    assert_run_fails(&o, files.small, WM_EINVAL, "o.sort has no value");
    o = job_options(0, 0);
    o.on_bad_line = (enum wm_bad_line)2;
    assert_run_fails(&o, files.small, WM_EINVAL, "o.on_bad_line has no value");
    o = job_options(0, 0);
    o.reduce = (enum wm_reduce)3;
    assert_run_fails(&o, files.small, WM_EINVAL, "o.reduce has no value");
    o = job_options(0, 0);
    o.top = 1;
    o.sort = WM_SORT_NONE;
    assert_run_fails(&o, files.small, WM_EINVAL, "order");
    o = job_options(0, 0);
    o.n_words = 1;
    assert_run_fails(&o, files.small, WM_EINVAL, "words");
    o.words = words;
    assert_run_fails(&o, files.small, WM_EINVAL, "longer than 65536");
    o = job_options(2, 0);
    o.memory = 1000;
    assert_run_fails(&o, files.small, WM_EINVAL, "memory");
    o = job_options(2, 0);
    o.size = 0;
    assert_run_fails(&o, files.small, WM_EINVAL, "wm_options_init");
    o.size = sizeof o + 8;
    assert_run_fails(&o, files.small, WM_EINVAL, "wm_options_init");
    o = job_options(2, 0);
    assert_run_fails(&o, NULL, WM_EINVAL, "no input");
}

static void too_many_partitions_are_refused(void **state)
{
    (void)state;
    wm_options o = job_options(2, 1);
    assert_int_equal(truncate(files.big, INT64_C(1) << 23), 0);
    assert_run_fails(&o, files.big, WM_EINVAL, "partitions");
    restore_big();
}

/* A version that had only the fields before some offset. */
static void assert_older_options_work(size_t size)
{
    wm_options *o = malloc(size); /* on the heap: AddressSanitizer knows where it ends */
    wm_result *result;
    memset(o, 0xA5, size);
    wm_options_init_size(o, size);
    assert_int_equal(o->size, size);
    assert_int_equal(o->workers, -1);
    o->workers = 2;
    assert_int_equal(wm_run(o, &files.small, 1, &result, NULL), 0);
    assert_true(is_result(result, &files.small_sample.expected));
    wm_result_free(result);
    free(o);
    assert_nothing_left();
}

static void the_options_of_an_older_program_are_understood(void **state)
{
    (void)state;
    assert_older_options_work(offsetof(wm_options, partition_size));
    assert_older_options_work(offsetof(wm_options, words));
    assert_older_options_work(offsetof(wm_options, output_fd));
    assert_older_options_work(offsetof(wm_options, on_progress));
    assert_older_options_work(sizeof(wm_options));
}

static void an_input_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    wm_options o = job_options(2, 0);
    o.output = files.output;
    assert_run_fails(&o, "no such/file", WM_EOPEN,
                     "cannot open 'no such/file': no such file or directory");
    assert_run_fails(&o, files.folder, WM_EOPEN, "is a directory");
}

static void a_sum_that_passes_64_bits_is_named(void **state)
{
    (void)state;
    struct bytes input = {0};
    for (int i = 0; i < 2000; i++)
        bytes_print(&input, "huge\t%d\t9300000000000000\t1\nsmall\t1\t1\t1\n", i);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 1000);
        char path[300];
        snprintf(path, sizeof path, "%s/overflow", files.folder);
        assert_int_equal(bytes_save(&input, path), 0);
        wm_result *result = UNTOUCHED;
        wm_error error;
        const char *paths = path;
        assert_int_equal(wm_run(&o, &paths, 1, &result, &error), WM_EOVERFLOW);
        assert_string_equal(error.message, "the count of 'huge' passes 64 bits");
        assert_true(result == UNTOUCHED);
        unlink(path);
    }
    bytes_release(&input);
    assert_nothing_left();
}

static void a_file_that_shrinks_while_it_is_read_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        int workers = i % 4;
        wm_options o = job_options(workers, i < 4 ? 32768 : 2 << 20);
        wm_result *result = UNTOUCHED;
        wm_error error;
        o.output = files.output;
        wm_job *job = start(&o, files.big);
        assert_int_equal(truncate(files.big, workers % 2 ? 1000000 : 0), 0);
        assert_int_equal(turn_until_end(job), WM_ECHANGED);
        assert_int_equal(wm_job_result(job, &result, &error), WM_ECHANGED);
        assert_int_equal(error.code, WM_ECHANGED);
        assert_non_null(strstr(error.message, files.big));
        assert_true(result == UNTOUCHED);
        wm_job_free(job);
        assert_nothing_left();
        restore_big();
    }
}

/* In the order of their bytes, or in another one; more of them than a table has at first. */
static void words_that_come_back_in_the_same_order_are_combined(void **state)
{
    (void)state;
    enum { N_WORDS = 50000, N_TIMES = 12 };
    char path[300], line[60];
    snprintf(path, sizeof path, "%s/again", files.folder);
    for (unsigned i = 0; i < 4; i++) {
        struct bytes input = {0};
        unsigned step = i < 2 ? 1 : 7919; /* no factor of N_WORDS */
        for (unsigned j = 0; j < N_TIMES * N_WORDS; j++) {
            unsigned number = (unsigned)((uint64_t)j * step % N_WORDS);
            int size = snprintf(line, sizeof line, "word %06u\t2000\t%u\t1\n", number, j % 3 + 1);
            bytes_add(&input, line, (size_t)size);
        }
        assert_int_equal(bytes_save(&input, path), 0);
        wm_options o = job_options(i % 2 ? 0 : 2, 64 << 20);
        const char *paths = path;
        wm_result *result;
        assert_int_equal(wm_run(&o, &paths, 1, &result, NULL), 0);
        assert_int_equal(wm_result_size(result), N_WORDS);
        uint64_t count, sum = 0;
        for (unsigned j = 0; j < N_WORDS; j++) {
            int size = snprintf(line, sizeof line, "word %06u", j);
            assert_int_equal(wm_result_get(result, line, (size_t)size, &count), 1);
            sum += count;
        }
        assert_int_equal(sum, 2 * N_TIMES * N_WORDS);
        /* Not one for every 16,384 words. */
        assert_in_range(wm_result_stats(result)->runs, 1, 20);
        wm_result_free(result);
        bytes_release(&input);
        unlink(path);
        assert_nothing_left();
    }
}

/* A worker that opened it before counts what it was, one that comes later says so. */
static void a_file_that_is_replaced_or_removed_while_it_is_read_is_never_mixed(void **state)
{
    (void)state;
    char other[320];
    snprintf(other, sizeof other, "%s/other", files.folder);
    for (int i = 0; i < 24; i++) {
        int replaced = i % 2, code = replaced ? WM_ECHANGED : WM_EOPEN;
        wm_options o = job_options(i / 2 % 4, 32768);
        wm_result *result = NULL;
        wm_error error;
        wm_job *job = start(&o, files.big);
        for (int turns = 0; turns < i / 8; turns++)
            turn(job);
        if (replaced) {
            assert_int_equal(bytes_save(&files.small_sample.input, other), 0);
            assert_int_equal(truncate(other, (off_t)files.big_sample.input.size), 0);
            assert_int_equal(rename(other, files.big), 0);
        } else {
            assert_int_equal(unlink(files.big), 0);
        }
        int rc = turn_until_end(job);
        assert_int_equal(wm_job_result(job, &result, &error), rc);
        if (rc == 0) {
            assert_true(is_result(result, &files.big_sample.expected));
            wm_result_free(result);
        } else {
            assert_int_equal(rc, code);
            assert_non_null(strstr(error.message, files.big));
        }
        wm_job_free(job);
        restore_big();
        assert_nothing_left();
    }
}

static void a_host_can_step_a_job_in_its_own_loop(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 50000);
        wm_result *result = UNTOUCHED;
        wm_job *job = start(&o, files.big);
        assert_int_equal(wm_job_result(job, &result, NULL), WM_EINVAL);
        assert_true(result == UNTOUCHED);
        assert_true(wm_job_fd(job) >= 0);
        assert_int_equal(turn_until_end(job), 0);
        assert_int_equal(wm_job_step(job), 0);
        assert_int_equal(wm_job_timeout(job), 0);
        assert_int_equal(wm_job_result(job, &result, NULL), 0);
        wm_result *again = UNTOUCHED;
        assert_int_equal(wm_job_result(job, &again, NULL), WM_EINVAL);
        assert_true(again == UNTOUCHED);
        wm_job_free(job);
        assert_true(is_result(result, &files.big_sample.expected)); /* it outlives the job */
        assert_int_equal(wm_result_stats(result)->workers, workers);
        wm_result_free(result);
        assert_nothing_left();
    }
    wm_job_free(NULL);
    wm_result_free(NULL);
}

/* 60,000 words in random order do not fit the table that a map starts with. */
static void scattered_words_are_combined_in_large_tables_and_partitions(void **state)
{
    (void)state;
    struct sample sample = {.path = ""};
    struct oracle oracle;
    struct oracle_filter all = {0};
    uint64_t random = 1;
    while (sample.input.size < 10u << 20)
        bytes_print(&sample.input, "word%u\t1999\t%u\t1\n", (unsigned)random_below(&random, 60000),
                    (unsigned)random_below(&random, 1000));
    oracle_count(&oracle, &sample.input, 1, &all);
    oracle_write(&oracle, &sample.expected);
    oracle_release(&oracle);
    snprintf(sample.path, sizeof sample.path, "%s/scattered", files.folder);
    assert_int_equal(bytes_save(&sample.input, sample.path), 0);

    const char *path = sample.path;
    wm_result *result;
    wm_options o = job_options(1, 0);
    assert_int_equal(wm_run(&o, &path, 1, &result, NULL), 0);
    const wm_stats *stats = wm_result_stats(result);
    assert_int_equal(stats->partitions, 1);
    assert_in_range(stats->runs, 1, 8); /* of half a megabyte; 70 and more if tables stayed small */
    assert_true(is_result(result, &sample.expected));
    wm_result_free(result);
    unlink(path);
    sample_release(&sample);
}

/* Each run is an extent; with a hole behind each they would take nine times the limit. */
static void runs_of_small_partitions_lie_side_by_side(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 3; workers++) {
        wm_result *result;
        wm_options o = job_options(workers, 4096);
        o.memory = UINT64_C(80) << 20;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
}

static void the_figures_of_a_run_add_up(void **state)
{
    (void)state;
    for (int workers = 0; workers <= 2; workers += 2) {
        wm_result *result;
        wm_options o = job_options(workers, 100000);
        o.fan_in = 3;
        o.output = files.output;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        const wm_stats *stats = wm_result_stats(result);

        double reduce = 0, phases = 0;
        assert_in_range(stats->rounds, 3, WM_ROUNDS_MAX); /* 25 runs, 9, 3, 1 */
        for (unsigned i = 0; i < stats->rounds; i++) {
            assert_true(stats->round_seconds[i] > 0);
            reduce += stats->round_seconds[i];
        }
        assert_true(reduce <= stats->phase_seconds[WM_PHASE_REDUCE]);
        assert_true(stats->output_seconds > 0);
        assert_true(stats->output_seconds <= stats->phase_seconds[WM_PHASE_WRITE]);
        for (int i = 0; i < WM_N_PHASES; i++) {
            double most = stats->phase_seconds[i] * (workers ? workers : 1);
            assert_true(stats->busy_seconds[i] <= most);
            phases += stats->phase_seconds[i];
        }
        assert_true(stats->busy_seconds[WM_PHASE_MAP] > 0);
        assert_true(stats->busy_seconds[WM_PHASE_WRITE] > 0);
        assert_true(phases > stats->seconds - 1e-6 && phases < stats->seconds + 1e-6);

        /* A task and its answer at least; each has a header of 8 bytes. */
        uint64_t messages = 2 * (stats->partitions + stats->reduce_tasks);
        if (workers == 0)
            assert_int_equal(stats->messages, 0);
        else
            assert_true(stats->messages > messages);
        assert_true(stats->message_bytes >= 8 * stats->messages);
        wm_result_free(result);
    }
    unlink(files.output);
    assert_nothing_left();
}

static void every_code_has_words_of_its_own(void **state)
{
    (void)state;
    for (int code = WM_EDAMAGED; code <= WM_RUNNING; code++) {
        assert_string_not_equal(wm_strerror(code), wm_strerror(12345));
        for (int other = WM_EDAMAGED; other < code; other++)
            assert_string_not_equal(wm_strerror(code), wm_strerror(other));
    }
    assert_non_null(wm_strerror(-99));
    assert_string_equal(wm_version(), WM_VERSION);
    unsigned major, minor, patch;
    assert_int_equal(sscanf(WM_VERSION, "%u.%u.%u", &major, &minor, &patch), 3);
    assert_int_equal(10000 * major + 100 * minor + patch, WM_VERSION_NUMBER);
}

static int give_up(const char *word, size_t size, uint64_t count, void *user)
{
    (void)word, (void)size, (void)count, (void)user;
    return 7;
}

#define ASSERT_NULL(call)                                                                          \
    do {                                                                                           \
        wm_error error = {0};                                                                      \
        assert_int_equal((call), WM_EINVAL);                                                       \
        assert_int_equal(error.code, WM_EINVAL);                                                   \
        assert_non_null(strstr(error.message, "must not be NULL"));                                \
    } while (0)

static void null_is_no_job(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    const char *paths[] = {files.small, NULL};
    wm_result *result = UNTOUCHED;
    wm_job *job = NULL;
    wm_options_init_size(NULL, sizeof o);
    ASSERT_NULL(wm_options_set(NULL, "top", "1", &error));
    ASSERT_NULL(wm_options_set(&o, NULL, "1", &error));
    assert_null(wm_options_choice(NULL, 0));
    ASSERT_NULL(wm_run(NULL, paths, 1, &result, &error));
    ASSERT_NULL(wm_run(&o, NULL, 1, &result, &error));
    ASSERT_NULL(wm_run(&o, paths, 2, &result, &error));
    ASSERT_NULL(wm_run(&o, paths, 1, NULL, &error));
    ASSERT_NULL(wm_job_start(NULL, paths, 1, &job, &error));
    ASSERT_NULL(wm_job_start(&o, NULL, 1, &job, &error));
    ASSERT_NULL(wm_job_start(&o, paths, 1, NULL, &error));
    o.words = paths;
    o.n_words = 2;
    ASSERT_NULL(wm_run(&o, paths, 1, &result, &error));
    assert_int_equal(wm_job_fd(NULL), WM_EINVAL);
    assert_int_equal(wm_job_timeout(NULL), WM_EINVAL);
    assert_int_equal(wm_job_step(NULL), WM_EINVAL);
    wm_job_cancel(NULL);
    wm_job_free(NULL);
    ASSERT_NULL(wm_job_result(NULL, &result, &error));
    o = job_options(0, 0);
    job = start(&o, files.small);
    assert_int_equal(turn_until_end(job), 0);
    ASSERT_NULL(wm_job_result(job, NULL, &error));
    wm_job_free(job);
    assert_int_equal(wm_emit(NULL, "x", 1, 1), WM_EINVAL);
    assert_int_equal(wm_tokens_next(NULL, NULL, NULL, NULL, NULL), WM_EINVAL);
    assert_true(result == UNTOUCHED);
    assert_nothing_left();
}

static void null_is_no_result(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    wm_result *result = NULL;
    uint64_t count = 0;
    assert_int_equal(wm_run(&o, &files.small, 1, &result, NULL), 0);
    assert_int_equal(wm_result_size(NULL), 0);
    assert_int_equal(wm_result_n_values(NULL), 0);
    assert_null(wm_result_stats(NULL));
    assert_int_equal(wm_result_get(NULL, "x", 1, &count), WM_EINVAL);
    assert_int_equal(wm_result_get(result, NULL, 1, &count), WM_EINVAL);
    assert_int_equal(wm_result_get(result, NULL, 0, &count), 0);
    assert_int_equal(wm_result_get(result, "x", 1, NULL), WM_EINVAL);
    assert_int_equal(wm_result_get_values(NULL, "x", 1, &count), WM_EINVAL);
    assert_int_equal(wm_result_get_values(result, "x", 1, NULL), WM_EINVAL);
    assert_int_equal(wm_result_each(NULL, give_up, NULL), WM_EINVAL);
    assert_int_equal(wm_result_each(result, NULL, NULL), WM_EINVAL);
    assert_int_equal(wm_result_each(result, give_up, NULL), 7);
    assert_int_equal(wm_result_each_values(NULL, NULL, NULL), WM_EINVAL);
    assert_int_equal(wm_result_each_values(result, NULL, NULL), WM_EINVAL);
    ASSERT_NULL(wm_result_write(NULL, WM_OUTPUT_TSV, 1, &error));
    wm_result_free(result);
    wm_result_free(NULL);
}

static void null_is_no_file(void **state)
{
    (void)state;
    const char *words[] = {"x"};
    wm_table *table = NULL;
    wm_file *file = NULL;
    uint64_t count = 0;
    char text[8];
    ASSERT_NULL(wm_table_open(NULL, &table, &error));
    ASSERT_NULL(wm_table_open("x", NULL, &error));
    assert_int_equal(wm_table_size(NULL), 0);
    ASSERT_NULL(wm_table_get(NULL, "x", 1, &count, &error));
    ASSERT_NULL(wm_table_each(NULL, "x", 1, give_up, NULL, &error));
    ASSERT_NULL(wm_table_get_values(NULL, "x", 1, &count, &error));
    ASSERT_NULL(wm_table_each_values(NULL, "x", 1, NULL, NULL, &error));
    assert_int_equal(wm_table_n_values(NULL), 0);
    assert_null(wm_table_value_name(NULL, 0));
    assert_null(wm_result_value_name(NULL, 0));
    ASSERT_NULL(wm_table_write(NULL, words, 1, 0, WM_OUTPUT_TSV, 1, &error));
    wm_table_close(NULL);
    ASSERT_NULL(wm_file_open(NULL, &file, &error));
    ASSERT_NULL(wm_file_open("x", NULL, &error));
    assert_int_equal(wm_file_fd(NULL), WM_EINVAL);
    ASSERT_NULL(wm_file_write(NULL, "x", 1, &error));
    assert_int_equal(wm_file_is_same(NULL, NULL), WM_EINVAL);
    assert_int_equal(wm_file_is_input(NULL, "x"), WM_EINVAL);
    ASSERT_NULL(wm_file_commit(NULL, &error));
    wm_file_close(NULL);
    assert_int_equal(wm_quote(NULL, 3, text, sizeof text), 0);
    assert_int_equal(wm_quote("abc", 3, NULL, 8), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_out_of_its_range_is_named),
        cmocka_unit_test(too_many_partitions_are_refused),
        cmocka_unit_test(the_options_of_an_older_program_are_understood),
        cmocka_unit_test(an_input_that_cannot_be_read_is_named),
        cmocka_unit_test(a_sum_that_passes_64_bits_is_named),
        cmocka_unit_test(a_file_that_shrinks_while_it_is_read_is_named),
        cmocka_unit_test(words_that_come_back_in_the_same_order_are_combined),
        cmocka_unit_test(a_file_that_is_replaced_or_removed_while_it_is_read_is_never_mixed),
        cmocka_unit_test(a_host_can_step_a_job_in_its_own_loop),
        cmocka_unit_test(scattered_words_are_combined_in_large_tables_and_partitions),
        cmocka_unit_test(runs_of_small_partitions_lie_side_by_side),
        cmocka_unit_test(the_figures_of_a_run_add_up),
        cmocka_unit_test(every_code_has_words_of_its_own),
        cmocka_unit_test(null_is_no_job),
        cmocka_unit_test(null_is_no_result),
        cmocka_unit_test(null_is_no_file),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
