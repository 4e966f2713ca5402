/*
 * The promise: whatever the number of workers, the partition size, the fan-in and the memory limit,
 * every way to get at a result says byte for byte what the oracle says, which sorts and adds. The
 * configurations are random and the same in every run; a failure prints its own.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"
#include "pack.h"
#include "random.h"
#include "repeat.h"
#include "v2_map.h"
#include "scan/variants.h"

#define N_RUNS 240
#define N_BAD_RUNS 90
#define N_INPUTS_MAX 3
#define N_VOCABULARY_MAX 3000
#define N_PARTITIONS_MAX 2000 /* more would only take longer */

enum bad { BAD_NEVER, BAD_SKIP, BAD_FAIL };
enum sink { SINK_NONE, SINK_FILE, SINK_MEMORY, SINK_PIPE, N_SINKS };

struct setup {
    uint64_t random;
    char folder[256];
    struct bytes words; /* of the vocabulary, NUL after each */
    size_t word[N_VOCABULARY_MAX + 1];
    size_t n_vocabulary;
    struct bytes inputs[N_INPUTS_MAX];
    char path[N_INPUTS_MAX][300];
    const char *paths[N_INPUTS_MAX];
    size_t n_inputs;
    pid_t writer; /* of the only input, a FIFO; 0: there is none */
    const char *asked[8];
    struct oracle_filter filter;
    enum sink sink;
    char output[300];
    wm_options options;
};

static void make_vocabulary(struct setup *s)
{
    static const char few[] = "ab", letters[] = "abcdefghijklmnopqrstuvwxyzAEIOU_'",
                      utf8[] = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 \"\\,", odd[] = "\0\1\xff \r0";
    static const char *const alphabets[] = {few, letters, utf8, odd};
    static const size_t n_letters[] = {2, sizeof letters - 1, sizeof utf8 - 1, sizeof odd - 1};
    static const size_t sizes[] = {1, 3, 9, 24, 80}, counts[] = {1, 3, 40, 600, 3000};
    s->n_vocabulary = PICK(&s->random, counts);
    size_t most = PICK(&s->random, sizes), alphabet = random_below(&s->random, 4);
    static char word[65536];
    for (size_t i = 0; i < s->n_vocabulary; i++) {
        size_t size = 1 + random_below(&s->random, most);
        if (i < 2 && random_below(&s->random, 8) == 0)
            size = i == 0 ? 65536 - random_below(&s->random, 20) : 0;
        random_fill(&s->random, word, size, alphabets[alphabet], n_letters[alphabet]);
        s->word[i] = s->words.size;
        bytes_add(&s->words, word, size);
        bytes_add(&s->words, "", 1);
    }
    s->word[s->n_vocabulary] = s->words.size;
}

static void make_input(struct setup *s, struct bytes *input, size_t size, int bad)
{
    int crlf = random_below(&s->random, 5) == 0;
    size_t repeat = random_below(&s->random, 2) ? 1 : 60;
    while (input->size < size) {
        size_t word = random_below(&s->random, s->n_vocabulary);
        for (size_t n = 1 + random_below(&s->random, repeat); n > 0; n--)
            sample_add_line(input, &s->random, s->words.data + s->word[word],
                            s->word[word + 1] - s->word[word] - 1, crlf);
        if (bad && random_below(&s->random, 30) == 0)
            sample_add_bad_line(input, &s->random);
    }
    size_t end = random_below(&s->random, 4);
    if (end == 0 && input->size > 0)
        input->size--;
    else if (end == 1)
        bytes_add(input, crlf ? "\r\n" : "\n", crlf ? 2 : 1);
}

static void choose_options(struct setup *s, size_t *size)
{
    static const int workers[] = {0, 1, 2, 2, 7};
    static const unsigned fan_ins[] = {0, 2, 3, 64};
    static const uint64_t partition_sizes[] = {1, 2, 7, 100, 4096, 1 << 30, 0, 0, 0};
    static const uint64_t line_counts[] = {1, 3, 1000};
    static const size_t tops[] = {0, 0, 0, 1, 5, 100, SIZE_MAX};
    static const enum wm_sort sorts[] = {WM_SORT_DEFAULT, WM_SORT_WORD, WM_SORT_COUNT,
                                         WM_SORT_NONE};
    wm_options *o = &s->options;
    wm_options_init(o);
    o->workers = PICK(&s->random, workers);
    o->fan_in = PICK(&s->random, fan_ins);
    o->partition_size = PICK(&s->random, partition_sizes);
    if (o->partition_size == 0 && random_below(&s->random, 5) > 0)
        o->partition_lines = PICK(&s->random, line_counts);
    o->sort = PICK(&s->random, sorts);
    if (o->sort != WM_SORT_NONE)
        o->top = PICK(&s->random, tops);

    static const size_t sizes[] = {500, 5000, 30000, 30000, 300000};
    *size = random_below(&s->random, PICK(&s->random, sizes));
    if (o->partition_lines > 0 && o->partition_lines <= 3 && *size > 20000)
        *size = 20000;
    /* Runs of small partitions do not fit the smaller ones, and spill. */
    static const uint64_t memories[] = {2 << 20, 24 << 20, 100 << 20};
    if (random_below(&s->random, 2))
        o->memory = memories[random_below(&s->random, 3)] + (o->workers > 2 ? 7 << 20 : 1 << 20);
    if (random_below(&s->random, 5) == 0) {
        s->filter.n_words = 1 + random_below(&s->random, 7);
        for (size_t i = 0; i < s->filter.n_words; i++)
            s->asked[i] = i == 2
                              ? "not there"
                              : s->words.data + s->word[random_below(&s->random, s->n_vocabulary)];
        o->words = s->filter.words = s->asked;
        o->n_words = s->filter.n_words;
    }
    static const enum wm_reduce reduces[] = {WM_SUM, WM_SUM, WM_SUM, WM_MIN, WM_MAX};
    static wm_map_fn *const maps[] = {NULL, NULL, v2_map};
    uint64_t random = s->random + 1;
    o->reduce = PICK(&random, reduces);
    o->map = PICK(&random, maps);
    s->filter.reduce = (enum oracle_reduce)o->reduce;
    s->filter.top = o->top;
    s->filter.by_count = o->sort == WM_SORT_COUNT || (o->sort == WM_SORT_DEFAULT && o->top > 0);
}

/* As it is, or packed in members, so small that a line has many or so large that one has many. */
static void save_input(const struct setup *s, size_t i)
{
    static const size_t sizes[] = {3, 50, 2000, 60000, 500000};
    static const enum packing packings[] = {PACKING_NONE, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD};
    const struct bytes *plain = &s->inputs[i];
    struct bytes packed = {0};
    uint64_t random = s->random + i;
    enum packing packing = PICK(&random, packings);
    size_t size = PICK(&random, sizes);
    if (packing != PACKING_NONE)
        pack_members(&packed, packing, plain, size < plain->size / 1000 ? 2000 : size, &random);
    assert_int_equal(bytes_save(packing == PACKING_NONE ? plain : &packed, s->path[i]), 0);
    bytes_release(&packed);
}

/* The writer is another process, forked before any worker, so that none holds the FIFO open. */
static void write_input(struct setup *s, size_t i)
{
    snprintf(s->path[i], sizeof s->path[i], "%s/in%zu", s->folder, i);
    s->paths[i] = s->path[i];
    if (s->n_inputs > 1 || random_below(&s->random, 4) > 0) {
        save_input(s, i);
        return;
    }
    assert_int_equal(mkfifo(s->path[i], 0600), 0);
    s->writer = fork();
    if (s->writer == 0) {
        alarm(600);
        _exit(bytes_save(&s->inputs[i], s->path[i]) == 0 ? 0 : 1);
    }
    assert_true(s->writer > 0);
}

static void make_setup(struct setup *s, uint64_t seed, enum bad bad)
{
    *s = (struct setup){.random = seed};
    size_t size;
    make_folder(s->folder, sizeof s->folder);
    make_vocabulary(s);
    choose_options(s, &size);
    s->options.on_bad_line = bad == BAD_SKIP ? WM_SKIP : WM_FAIL;
    s->n_inputs = 1 + (random_below(&s->random, 3) == 0) * (1 + random_below(&s->random, 2));
    for (size_t i = 0; i < s->n_inputs; i++)
        make_input(s, &s->inputs[i], size / s->n_inputs, bad != BAD_NEVER);
    if (bad == BAD_FAIL && s->n_inputs == 1)
        bytes_add(&s->inputs[0], "\nbad\nbad\n", 9);
    size = s->inputs[0].size + s->inputs[1].size + s->inputs[2].size;
    if (s->options.partition_size > 0 && size / s->options.partition_size > N_PARTITIONS_MAX)
        s->options.partition_size = size / N_PARTITIONS_MAX + 1;
    for (size_t i = 0; i < s->n_inputs; i++)
        write_input(s, i);
    s->sink = (enum sink)random_below(&s->random, N_SINKS);
    snprintf(s->output, sizeof s->output, "%s/out", s->folder);
}

static void release_setup(struct setup *s)
{
    if (s->writer > 0) {
        kill(s->writer, SIGKILL);
        waitpid(s->writer, NULL, 0);
    }
    for (size_t i = 0; i < s->n_inputs; i++)
        bytes_release(&s->inputs[i]);
    bytes_release(&s->words);
    remove_folder(s->folder);
}

static void check(const struct setup *s, uint64_t seed, int holds, const char *what)
{
    const wm_options *o = &s->options;
    if (holds)
        return;
    fail_msg(
        "seed %llu: %s (%s map, reduce %d, workers %d, partition size %llu, lines %llu, fan-in %u, "
        "memory %llu, "
        "sort %d, top %llu, %zu words asked, sink %d, %zu inputs, the first of %zu bytes%s)",
        (unsigned long long)seed, what, o->map ? "custom" : "built-in", (int)o->reduce, o->workers,
        (unsigned long long)o->partition_size, (unsigned long long)o->partition_lines, o->fan_in,
        (unsigned long long)o->memory, (int)o->sort, (unsigned long long)o->top, o->n_words,
        (int)s->sink, s->n_inputs, s->inputs[0].size, s->writer ? ", a FIFO" : "");
}

static int add_word(const char *word, size_t size, uint64_t count, void *user)
{
    bytes_add(user, word, size);
    bytes_print(user, "\t%llu\n", (unsigned long long)count);
    return 0;
}

static int stop_at_third(const char *word, size_t size, uint64_t count, void *user)
{
    (void)word, (void)size, (void)count;
    return ++*(int *)user == 3 ? 77 : 0;
}

/* 1 if the bytes, which are released, are what is expected. */
static int is_expected(const struct setup *s, struct bytes *got, const struct bytes *expected)
{
    if (s->options.sort == WM_SORT_NONE)
        oracle_sort_lines(got);
    int equal = bytes_equal(got, expected);
    bytes_release(got);
    return equal;
}

/* Every word of the input has its count in the result, unless it was cut off. */
static void check_lookup(const struct setup *s, uint64_t seed, const struct oracle *oracle,
                         const wm_result *result)
{
    struct oracle all;
    struct oracle_filter filter = s->filter;
    uint64_t count = 4711;
    filter.top = 0;
    oracle_count(&all, s->inputs, s->n_inputs, &filter);
    for (size_t i = 0; i < all.n_words; i++) {
        struct oracle_word *word = &all.words[i];
        count = 4711;
        int found = wm_result_get(result, word->word, word->size, &count);
        check(s, seed, found == (i < oracle->n_words), "a word is wrongly there or not there");
        check(s, seed, count == (found ? word->count : 4711), "a word's count is wrong");
    }
    oracle_release(&all);
    check(s, seed, wm_result_get(result, "\x02 absent", 8, &count) == 0, "an absent word is found");
}

static void check_result(const struct setup *s, uint64_t seed, const struct oracle *oracle,
                         const struct bytes *expected, const wm_result *result)
{
    struct bytes got = {0};
    check(s, seed, wm_result_size(result) == oracle->n_words, "the number of words differs");
    check(s, seed, wm_result_each(result, add_word, &got) == 0, "each failed");
    check(s, seed, is_expected(s, &got, expected), "each differs");
    int n = 0;
    check(s, seed, wm_result_each(result, stop_at_third, &n) == (oracle->n_words < 3 ? 0 : 77),
          "each does not stop");
    int fd = memfd_create("written", MFD_CLOEXEC);
    check(s, seed, wm_result_write(result, WM_OUTPUT_TSV, fd, NULL) == 0, "write failed");
    lseek(fd, 0, SEEK_SET);
    check(s, seed, bytes_read(&got, fd) == 0 && is_expected(s, &got, expected), "write differs");
    close(fd);
    const wm_stats *stats = wm_result_stats(result);
    check(s, seed, stats->lines == oracle->n_lines, "the number of lines differs");
    check(s, seed, stats->rejected == oracle->n_bad, "the number of bad lines differs");
    check(s, seed, stats->words == oracle->n_words, "the statistics have another number of words");
    check(s, seed, stats->retries == 0, "a worker died");
    check_lookup(s, seed, oracle, result);
}

/* Runs the job with its output to where s->sink says, and checks that too. */
static int run(struct setup *s, uint64_t seed, const struct bytes *expected, wm_result **result,
               wm_error *error)
{
    int fds[2] = {-1, -1};
    struct bytes got = {0};
    if (s->sink == SINK_PIPE && expected && expected->size < 60000)
        assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    else if (s->sink >= SINK_MEMORY)
        fds[0] = fds[1] = memfd_create("output", MFD_CLOEXEC);
    s->options.output = s->sink == SINK_FILE ? s->output : NULL;
    s->options.output_fd = fds[1];
    int rc = wm_run(&s->options, s->paths, s->n_inputs, result, error);
    if (fds[1] >= 0 && fds[1] != fds[0])
        close(fds[1]);
    else if (fds[0] >= 0)
        lseek(fds[0], 0, SEEK_SET);
    if (fds[0] >= 0 && rc == 0) {
        check(s, seed, bytes_read(&got, fds[0]) == 0, "the output cannot be read");
        check(s, seed, is_expected(s, &got, expected), "the output differs");
    } else if (s->sink == SINK_FILE && rc == 0) {
        check(s, seed, bytes_load(&got, s->output) == 0, "the file cannot be read");
        check(s, seed, is_expected(s, &got, expected), "the file differs");
    }
    if (fds[0] >= 0)
        close(fds[0]);
    check(s, seed, count_files(s->folder) == s->n_inputs + (s->sink == SINK_FILE && rc == 0),
          "a file was left behind or lost");
    return rc;
}

static void check_good_run(uint64_t seed, enum bad bad)
{
    struct setup s;
    struct oracle oracle;
    struct bytes expected = {0};
    wm_result *result;
    wm_error error = {0};
    make_setup(&s, seed, bad);
    oracle_count(&oracle, s.inputs, s.n_inputs, &s.filter);
    oracle_write(&oracle, &expected);
    int rc = run(&s, seed, &expected, &result, &error);
    check(&s, seed, rc == 0, error.message);
    check_result(&s, seed, &oracle, &expected, result);
    wm_result_free(result);
    oracle_release(&oracle);
    bytes_release(&expected);
    release_setup(&s);
}

static void any_configuration_equals_the_oracle(void **state)
{
    (void)state;
    for (uint64_t seed = 1, n = repeat(N_RUNS); seed <= n; seed++)
        check_good_run(seed, seed % 4 == 0 ? BAD_SKIP : BAD_NEVER);
}

static void any_configuration_names_the_first_bad_line(void **state)
{
    (void)state;
    for (uint64_t seed = 10001, n = repeat(N_BAD_RUNS); seed <= 10000 + n; seed++) {
        struct setup s;
        struct oracle oracle;
        wm_result *result = (wm_result *)&s;
        wm_error error = {0};
        char start[500];
        make_setup(&s, seed, BAD_FAIL);
        oracle_count(&oracle, s.inputs, s.n_inputs, &s.filter);
        if (oracle.n_bad > 0) {
            snprintf(start, sizeof start,
                     "cannot parse '%s' line %llu (byte %llu): ", s.paths[oracle.bad_input],
                     (unsigned long long)oracle.bad_line, (unsigned long long)oracle.bad_byte);
            int rc = run(&s, seed, NULL, &result, &error);
            check(&s, seed, rc == WM_EBADLINE && error.code == rc, "a bad line did not count");
            check(&s, seed, result == (wm_result *)&s, "the result was touched");
            if (strncmp(error.message, start, strlen(start)) != 0)
                print_error("expected: %s\ngot:      %s\n", start, error.message);
            check(&s, seed, strncmp(error.message, start, strlen(start)) == 0,
                  "another line is named");
        }
        oracle_release(&oracle);
        release_setup(&s);
    }
}

/* The real first 10,000 lines of 13 files, whose sums were made with mawk and sort. */
static void heads_of_real_files_have_the_sums_that_other_tools_found(void **state)
{
    (void)state;
    static const char format[] = "%s/v2/googlebooks-eng-all-1gram-20120701-%c.head10000.tsv";
    const char *data = getenv("WORDMILL_DATA");
    char path[13][1024], expected_path[1024];
    const char *paths[13];
    if (!data || access(data, R_OK) < 0)
        skip();
    for (int i = 0; i < 13; i++) {
        snprintf(path[i], sizeof path[i], format, data, 'a' + i);
        paths[i] = path[i];
    }
    snprintf(expected_path, sizeof expected_path, "%s/v2/expected.a-m.word-matches-volumes.tsv",
             data);
    struct bytes three = {0}, expected = {0}, got = {0};
    if (access(paths[0], R_OK) < 0 || bytes_load(&three, expected_path) < 0)
        skip();
    for (size_t at = 0; at < three.size;) { /* without the third column */
        const char *line = three.data + at;
        size_t size = (size_t)((char *)memchr(line, '\n', three.size - at) - line);
        bytes_add(&expected, line, (size_t)((char *)memrchr(line, '\t', size) - line));
        bytes_add(&expected, "\n", 1);
        at += size + 1;
    }
    for (int workers = 0; workers < 4; workers++) {
        wm_options o;
        wm_result *result;
        wm_options_init(&o);
        o.workers = workers;
        o.partition_size = (uint64_t)10000 << (4 * workers);
        assert_int_equal(wm_run(&o, paths, 13, &result, NULL), 0);
        assert_int_equal(wm_result_each(result, add_word, &got), 0);
        assert_true(bytes_equal(&got, &expected));
        assert_int_equal(wm_result_stats(result)->lines, 130000);
        wm_result_free(result);
        bytes_release(&got);
    }
    bytes_release(&three);
    bytes_release(&expected);
}

/* Whether a variant is asked for that is the best here, or not there, so that the best is taken. */
static int is_in_vain(void)
{
    return getenv("WORDMILL_SIMD") && scan_choose() == scan_variant(0);
}

int main(void)
{
    if (is_in_vain())
        return 77; /* skipped: the test runs like that anyway */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_configuration_equals_the_oracle),
        cmocka_unit_test(any_configuration_names_the_first_bad_line),
        cmocka_unit_test(heads_of_real_files_have_the_sums_that_other_tools_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
