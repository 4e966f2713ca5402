/*
 * The caller's map function: what it is given, what becomes of what it emits, and of lines that it
 * refuses; how workers begin and are replaced.
 */
#include "one_input.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "pack.h"
#include "random.h"

/* What the functions below write down, in memory that all workers share. */
struct notes {
    atomic_uint n_inits;
    atomic_uint n_wrong; /* calls of a map in a process that was not initialised just once */
    atomic_uint n_maps;
    atomic_uint n_crashes;
};

static struct notes *notes;
static char rejects[300];
static int is_initialised; /* each process has its own */

static int set_up(void **state)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none); /* workers that crash are to leave no file */
    notes = mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int rc = make_input_path(state);
    snprintf(rejects, sizeof rejects, "%s/rejects", files.folder);
    return rc;
}

static int emit_line(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    return wm_emit(mapper, record, size, 1);
}

struct expected_line {
    const char *text;
    size_t size;
    uint64_t count;
};

static void every_line_comes_whole_and_once(void **state)
{
    (void)state;
    static const char data[] = "one\n\ntwo\r\n\r\nthr\ree\r\r\n\0zero\0\none\ntwo\nend\r\n\r\n";
    static const struct expected_line lines[] = {{"one", 3, 2},      {"", 0, 2},
                                                 {"two", 3, 2},      {"thr\ree\r", 7, 1},
                                                 {"\0zero\0", 6, 1}, {"end", 3, 1}};
    for (uint64_t partition_size = 1; partition_size <= sizeof data; partition_size++) {
        for (size_t i = 0; i < 5; i++) {
            static const size_t cuts[] = {0, 2, 3, 4, 7}; /* bytes off the end */
            size_t cut = cuts[i];
            wm_options o = job_options((int)(partition_size % 3), partition_size);
            o.map = emit_line;
            save(data, sizeof data - 1 - cut);
            wm_result *result = run_well(&o);
            uint64_t count;
            size_t n = cut == 7 ? 5 : 6;
            for (size_t j = 0; j < n; j++) {
                assert_int_equal(wm_result_get(result, lines[j].text, lines[j].size, &count), 1);
                assert_int_equal(count, lines[j].count);
            }
            assert_int_equal(wm_result_size(result), n);
            assert_int_equal(wm_result_stats(result)->lines, n + 3);
            wm_result_free(result);
        }
    }
    remove_input();
}

/* Lines are `KEY COUNT KEY COUNT ... .`; one that ends in `!` is refused after all was emitted. */
static int emit_pairs(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const char *at = record, *end = record + size - 1;
    (void)user;
    while (at < end) {
        const char *space = memchr(at, ' ', (size_t)(end - at));
        uint64_t count = 0;
        const char *digit = space + 1;
        for (; *digit != ' '; digit++)
            count = count * 10 + (uint64_t)(*digit - '0');
        if (wm_emit(mapper, at, (size_t)(space - at), count) != 0)
            return 5;
        at = digit + 1;
    }
    return *end == '!';
}

/* Random pairs; the oracle reads those of good lines as lines of its own format. */
static void make_pairs(uint64_t seed, struct bytes *lines, struct bytes *good)
{
    char key[48];
    uint64_t random = seed;
    while (lines->size < 60000) {
        int bad = random_below(&random, 5) == 0;
        for (size_t n = random_below(&random, 9); n > 0; n--) {
            size_t size = random_below(&random, random_below(&random, 4) ? 4 : sizeof key);
            random_fill(&random, key, size, "ab", 2);
            for (size_t again = 1 + random_below(&random, 3); again > 0; again--) {
                unsigned count = (unsigned)random_below(&random, 1000);
                bytes_add(lines, key, size);
                bytes_print(lines, " %u ", count);
                if (!bad) {
                    bytes_add(good, key, size);
                    bytes_print(good, "\t1\t%u\t\n", count);
                }
            }
        }
        bytes_print(lines, bad ? "!\n" : ".\n");
    }
}

static void what_good_lines_emit_counts_and_nothing_else(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct bytes lines = {0}, good = {0}, expected = {0};
        struct oracle oracle;
        struct oracle_filter filter = {.reduce = (enum oracle_reduce)(seed % 3)};
        make_pairs(seed, &lines, &good);
        oracle_count(&oracle, &good, 1, &filter);
        oracle_write(&oracle, &expected);
        save(lines.data, lines.size);
        wm_options o = job_options((int)(seed % 4), 100 + 3000 * (seed % 5));
        o.map = emit_pairs;
        o.reduce = (enum wm_reduce)(seed % 3);
        o.on_bad_line = WM_SKIP;
        wm_result *result = run_well(&o);
        assert_true(is_result(result, &expected));
        assert_true(wm_result_stats(result)->rejected > 0);
        wm_result_free(result);
        oracle_release(&oracle);
        bytes_release(&lines);
        bytes_release(&good);
        bytes_release(&expected);
    }
    remove_input();
}

/* Each thing between blanks. */
static int emit_words(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const char *end = record + size;
    (void)user;
    while (record < end) {
        const char *blank = memchr(record, ' ', (size_t)(end - record));
        wm_emit(mapper, record, (size_t)((blank ? blank : end) - record), 1);
        record = blank ? blank + 1 : end;
    }
    return 0;
}

/* Keys are words, so options that are about words are about keys. */
static void what_is_asked_of_words_is_asked_of_keys(void **state)
{
    (void)state;
    static const char data[] = "Run_VERB run run_VERB\nRUN walk Run_NOUN\nwalk run sit\n";
    static const struct {
        const char *match, *pos, *expected;
        enum wm_fold fold;
        int strip_pos, rank;
        uint64_t min_count, top;
    } cases[] = {
        {.expected = "RUN\t1\nRun_NOUN\t1\nRun_VERB\t1\nrun\t2\nrun_VERB\t1\nsit\t1\nwalk\t2\n"},
        {.expected = "run\t3\nrun_NOUN\t1\nrun_VERB\t2\nsit\t1\nwalk\t2\n", .fold = WM_FOLD_LOWER},
        {.expected = "Run\t2\nrun\t1\n", .strip_pos = 1},
        {.expected = "Run_VERB\t1\nrun_VERB\t1\n", .pos = "verb"},
        {.expected = "run\t2\nrun_VERB\t1\n", .match = "^run"},
        {.expected = "run\t2\nwalk\t2\n", .min_count = 2},
        {.expected = "run\t2\n", .top = 1},
        {.expected = "run\t2\t1\t22.222222\t22.222222\n", .top = 1, .rank = 1},
    };
    save(data, sizeof data - 1);
    for (size_t i = 0; i < 3 * sizeof cases / sizeof *cases; i++) {
        wm_options o = job_options((int)(i % 3), 7);
        o.map = emit_words;
        o.match = cases[i / 3].match;
        o.pos = cases[i / 3].pos;
        o.fold_case = cases[i / 3].fold;
        o.strip_pos = cases[i / 3].strip_pos;
        o.rank = cases[i / 3].rank;
        o.min_count = cases[i / 3].min_count;
        o.top = cases[i / 3].top;
        o.output = files.output;
        wm_result_free(run_well(&o));
        assert_file_says(files.output, cases[i / 3].expected);
    }
    unlink(files.output);
}

static void a_refused_line_is_a_bad_line(void **state)
{
    (void)state;
    static const char data[] = "a 1 .\nb 2 a 1 !\na 3 .\r\nc 4 !\r\n";
    save(data, sizeof data - 1);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 7);
        o.map = emit_pairs;
        assert_fails(&o, WM_EBADLINE,
                     "cannot parse '%s' line 2 (byte 6): the map function refused 'b 2 a 1 !'; "
                     "o.on_bad_line=skip to go on",
                     path);
        o.on_bad_line = WM_SKIP;
        o.rejects = rejects;
        wm_result *result = run_well(&o);
        assert_int_equal(wm_result_size(result), 1);
        assert_int_equal(count_of(result, "a"), 4);
        assert_int_equal(wm_result_stats(result)->rejected, 2);
        wm_result_free(result);
        char words[800];
        snprintf(words, sizeof words,
                 "%s\t2\t6\tmap function\tb 2 a 1 !\n%s\t4\t23\tmap function\tc 4 !\r\n", path,
                 path);
        assert_file_says(rejects, words);
    }
    remove_input();
}

/* A line is a number: emits so many keys, or one so long,
 * and does not look at what wm_emit says. */
static int emit_many(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    static char key[70000];
    size_t n = (size_t)atol(record);
    (void)size, (void)user;
    if (record[0] == '0') {
        memset(key, 'k', n);
        wm_emit(mapper, key, n, 1);
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        int key_size = snprintf(key, sizeof key, "%zu", i);
        wm_emit(mapper, key, (size_t)key_size, i);
    }
    return 0;
}

static void a_line_may_emit_any_number_of_keys(void **state)
{
    (void)state;
    save("300000\n1\n2\n100000\n", 18);
    for (int workers = 0; workers < 2; workers++) {
        wm_options o = job_options(workers, 0);
        o.map = emit_many;
        wm_result *result = run_well(&o);
        assert_int_equal(wm_result_size(result), 300000);
        assert_int_equal(count_of(result, "0"), 0);
        assert_int_equal(count_of(result, "1"), 3);
        assert_int_equal(count_of(result, "99999"), 2 * 99999);
        assert_int_equal(count_of(result, "299999"), 299999);
        wm_result_free(result);
    }
    remove_input();
}

static void a_key_of_65536_bytes_is_the_longest(void **state)
{
    (void)state;
    save("065536\n065537\n1\n", 16);
    wm_options o = job_options(2, 1);
    o.map = emit_many;
    o.on_bad_line = WM_SKIP;
    o.rejects = rejects;
    wm_result *result = run_well(&o);
    assert_int_equal(wm_result_size(result), 2);
    wm_result_free(result);
    char words[800];
    snprintf(words, sizeof words, "%s\t2\t7\tword too long\t065537\n", path);
    assert_file_says(rejects, words);
    remove_input();
}

static void sums_of_emits_that_pass_64_bits_are_named(void **state)
{
    (void)state;
    static const char same[] = "a 1 b 18446744073709551615 b 1 .\n";
    static const char other[] = "b 18446744073709551615 .\na 1 .\nb 1 .\n";
    static const char taken_back[] = "b 18446744073709551615 .\nb 1 a 1 !\n";
    wm_options o = job_options(0, 0);
    o.map = emit_pairs;
    o.on_bad_line = WM_SKIP;
    save(same, sizeof same - 1);
    assert_fails(&o, WM_EOVERFLOW, "the count of 'b' passes 64 bits");
    save(other, sizeof other - 1);
    assert_fails(&o, WM_EOVERFLOW, "the count of 'b' passes 64 bits");
    save(taken_back, sizeof taken_back - 1);
    wm_result *result = run_well(&o);
    assert_true(count_of(result, "b") == UINT64_MAX);
    wm_result_free(result);
    o.reduce = WM_MIN;
    save(other, sizeof other - 1);
    result = run_well(&o);
    assert_int_equal(count_of(result, "b"), 1);
    wm_result_free(result);
    remove_input();
}

static int init(unsigned worker, void *user)
{
    atomic_fetch_add(&notes->n_inits, 1);
    is_initialised++;
    return user != notes || worker > 3;
}

static int map_with_init(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    atomic_fetch_add(&notes->n_wrong, is_initialised != 1);
    atomic_fetch_add(&notes->n_maps, 1);
    if (record[0] == 'x' && atomic_fetch_add(&notes->n_crashes, 1) < 2)
        raise(SIGKILL);
    return user != notes || wm_emit(mapper, record, size, 1);
}

static void each_worker_is_initialised_once_before_its_first_line(void **state)
{
    (void)state;
    save("a\nb\nc\nd\ne\nf\ng\nh\nx\ni\n", 20);
    for (int workers = 0; workers < 5; workers++) {
        wm_options o = job_options(workers, 2);
        o.map = map_with_init;
        o.worker_init = init;
        o.map_user = notes;
        memset(notes, 0, sizeof *notes);
        atomic_store(&notes->n_crashes, workers ? 0 : 2);
        wm_result *result = run_well(&o);
        const wm_stats *stats = wm_result_stats(result);
        assert_int_equal(stats->workers, workers);
        assert_int_equal(stats->workers_started, workers);
        assert_int_equal(atomic_load(&notes->n_wrong), 0);
        /* One that dies when its backup was first was told to end before it did,
         * and is no death. */
        uint64_t n_crashes = workers ? 2 : 0;
        assert_in_range(stats->deaths, n_crashes > stats->backups ? n_crashes - stats->backups : 0,
                        n_crashes);
        if (stats->backups == 0) { /* which a busy machine may need */
            assert_in_range(stats->forks, workers ? workers + 1 : 0, workers ? workers + 2 : 0);
            /* All have begun that had lines, and some that had not. */
            assert_in_range(atomic_load(&notes->n_inits), workers ? 3 : 1,
                            workers ? workers + 2 : 1);
            assert_int_equal(atomic_load(&notes->n_maps), workers ? 12 : 10);
        }
        assert_int_equal(wm_result_size(result), 10);
        wm_result_free(result);
        is_initialised = 0;
    }
    remove_input();
}

static int refuse_to_begin(unsigned worker, void *user)
{
    (void)user;
    return worker == 0 ? 42 : 0;
}

static void a_worker_that_cannot_be_initialised_ends_the_job(void **state)
{
    (void)state;
    save("a\n", 2);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 0);
        o.map = emit_line;
        o.worker_init = refuse_to_begin;
        assert_fails(&o, WM_EWORKER, "worker_init returned 42 in worker 0");
    }
    remove_input();
}

static void workers_are_replaced_after_so_many_tasks(void **state)
{
    (void)state;
    for (unsigned max = 1; max < 8; max = 2 * max + 1) {
        for (int workers = 0; workers < 4; workers++) {
            wm_options o = job_options(workers, BIG_SIZE / 40);
            wm_result *result;
            o.max_tasks_per_worker = max;
            o.output = files.output;
            assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
            const wm_stats *stats = wm_result_stats(result);
            assert_int_equal(stats->deaths, 0);
            assert_int_equal(stats->retries, 0);
            assert_int_equal(stats->workers_started, workers);
            if (workers > 0)
                assert_in_range(stats->forks, 40 / max, 200);
            else
                assert_int_equal(stats->forks, 0);
            assert_true(is_result(result, &files.big_sample.expected));
            wm_result_free(result);
            unlink(files.output);
            assert_nothing_left();
        }
    }
}

/* Emits where each line is, with its text. */
static int emit_place(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    char key[64];
    (void)user;
    int n = snprintf(key, sizeof key, "%u %06llu %.*s", (unsigned)wm_mapper_input(mapper),
                     (unsigned long long)wm_mapper_offset(mapper), (int)size, record);
    return wm_emit(mapper, key, (size_t)n, 1);
}

static void a_line_knows_where_it_is(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    for (int input = 1; input < 3; input++) {
        data.size = 0;
        for (int i = 0; i < 500; i++) {
            bytes_print(&expected, "%d %06zu line %d\t1\n", input, data.size, i * i);
            bytes_print(&data, "line %d\n", i * i);
        }
    }
    save(data.data, data.size);
    const char *paths[] = {path, path};
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 1 + 100 * (uint64_t)workers);
        wm_result *result;
        o.map = emit_place;
        assert_int_equal(wm_run(&o, paths, 2, &result, NULL), 0);
        assert_true(is_result(result, &expected));
        wm_result_free(result);
    }
    assert_int_equal(wm_mapper_input(NULL), 0);
    assert_int_equal(wm_mapper_offset(NULL), 0);
    assert_int_equal(wm_mapper_partition(NULL), 0);
    bytes_release(&data);
    bytes_release(&expected);
}

/* What a worker adds up by itself, of the partition at hand. */
static struct {
    uint64_t lines, bytes;
    uint32_t partition;
} own;

static int own_begin(wm_mapper *mapper, void *user)
{
    (void)user;
    own.lines = own.bytes = 0;
    own.partition = wm_mapper_partition(mapper);
    return wm_emit(mapper, "partitions", 10, 1);
}

static int own_line(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)record;
    (void)user;
    own.lines++;
    own.bytes += size + 1;
    return own.partition != wm_mapper_partition(mapper);
}

static int own_end(wm_mapper *mapper, void *user)
{
    (void)user;
    int rc = wm_emit(mapper, "lines", 5, own.lines);
    return rc < 0 ? rc : wm_emit(mapper, "bytes", 5, own.bytes);
}

static void what_a_map_keeps_is_emitted_at_the_end_of_a_partition(void **state)
{
    (void)state;
    static const char *const faults[] = {NULL, "map:3", "commit:2", "map:5:stop"};
    for (int i = 0; i < 12; i++) {
        const char *fault = faults[i / 3];
        wm_options o = job_options(i % 3, 100000);
        if (fault && o.workers > 0)
            setenv("WORDMILL_FAULT", fault, 1);
        o.map = own_line;
        o.partition_begin = own_begin;
        o.partition_end = own_end;
        o.task_timeout = 2;
        wm_result *result;
        uint64_t count;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        unsetenv("WORDMILL_FAULT");
        const wm_stats *stats = wm_result_stats(result);
        assert_int_equal(wm_result_size(result), 3);
        assert_int_equal(wm_result_get(result, "lines", 5, &count), 1);
        assert_int_equal(count, stats->lines);
        assert_int_equal(wm_result_get(result, "bytes", 5, &count), 1);
        assert_int_equal(count, files.big_sample.input.size);
        assert_int_equal(wm_result_get(result, "partitions", 10, &count), 1);
        assert_int_equal(count, stats->partitions);
        wm_result_free(result);
    }
}

static int refuse_second(wm_mapper *mapper, void *user)
{
    (void)user;
    return wm_mapper_offset(mapper) >= 8;
}

static int emit_too_long(wm_mapper *mapper, void *user)
{
    static char key[65537];
    (void)user;
    if (wm_mapper_offset(mapper) >= 8)
        wm_emit(mapper, key, sizeof key, 1);
    return 0;
}

static void a_partition_that_fails_ends_the_job_and_is_named(void **state)
{
    (void)state;
    save("aaaaaaa\nbbbbbbb\nccccccc\n", 24);
    for (int i = 0; i < 9; i++) {
        wm_options o = job_options(i % 3, 8);
        o.map = emit_line;
        o.partition_begin = i / 3 == 0 ? refuse_second : i / 3 == 1 ? emit_too_long : own_begin;
        o.partition_end = i / 3 == 2 ? refuse_second : NULL;
        assert_fails(&o, WM_EWORKER,
                     "partition_begin or partition_end failed for '%s' from byte 8 on", path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_comes_whole_and_once),
        cmocka_unit_test(what_good_lines_emit_counts_and_nothing_else),
        cmocka_unit_test(what_is_asked_of_words_is_asked_of_keys),
        cmocka_unit_test(a_line_knows_where_it_is),
        cmocka_unit_test(what_a_map_keeps_is_emitted_at_the_end_of_a_partition),
        cmocka_unit_test(a_partition_that_fails_ends_the_job_and_is_named),
        cmocka_unit_test(a_refused_line_is_a_bad_line),
        cmocka_unit_test(a_line_may_emit_any_number_of_keys),
        cmocka_unit_test(a_key_of_65536_bytes_is_the_longest),
        cmocka_unit_test(sums_of_emits_that_pass_64_bits_are_named),
        cmocka_unit_test(each_worker_is_initialised_once_before_its_first_line),
        cmocka_unit_test(a_worker_that_cannot_be_initialised_ends_the_job),
        cmocka_unit_test(workers_are_replaced_after_so_many_tasks),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
