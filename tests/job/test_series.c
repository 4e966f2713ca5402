/*
 * Counts by year or decade, ranks among all words or within a period, and their like: every
 * combination gives, with any number of workers, partition size, fan-in and memory, what a naive
 * reading of their descriptions gives, in every format.
 */
#include "jobs.h"
#include "random.h"
#include "repeat.h"
#include "series.h"

#define N_RUNS 400

static char path[300];

struct setup {
    struct bytes input;
    struct bytes words; /* of the vocabulary, NUL after each */
    size_t word[300];
    size_t n_words;
    const char *asked[4];
    char values[64];
    struct series series;
    wm_options o;
};

static void make_vocabulary(struct setup *s, uint64_t *random)
{
    static const char letters[] = "abcABC ._'~";
    s->n_words = 1 + random_below(random, random_below(random, 2) ? 300 : 12);
    size_t most = random_below(random, 3) ? 3 : 40;
    for (size_t i = 0; i < s->n_words; i++) {
        char word[64];
        size_t size = 1 + random_below(random, most);
        random_fill(random, word, size, letters, sizeof letters - 1);
        s->word[i] = s->words.size;
        bytes_add(&s->words, word, size);
        bytes_add(&s->words, "", 1);
    }
}

static void make_input(struct setup *s, uint64_t *random)
{
    static const size_t sizes[] = {0, 100, 3000, 30000, 100000};
    static const unsigned years[] = {1, 3, 25, 120}, most[] = {2, 10, 1000, 1000000};
    size_t size = random_below(random, PICK(random, sizes) + 1);
    unsigned n_years = PICK(random, years), n_most = PICK(random, most);
    if (random_below(random, 12) == 0 && s->o.partition_size != 50) { /* several slices */
        size = 400000;
        n_years = 120;
    }
    unsigned start = random_below(random, 4) ? 1900 : 960;
    if (s->o.fold_case == WM_FOLD_DOMINANT && size > 3000)
        size = 3000;
    int pages = s->o.format == WM_FORMAT_V1;
    while (s->input.size < size) {
        const char *word = s->words.data + s->word[random_below(random, s->n_words)];
        for (size_t n = 1 + random_below(random, 9); n > 0; n--) {
            unsigned year = start + (unsigned)random_below(random, n_years);
            bytes_print(&s->input, "%s\t%u\t%zu\t%zu", word, year, random_below(random, n_most),
                        random_below(random, 50));
            if (pages)
                bytes_print(&s->input, "\t%zu", random_below(random, 300));
            bytes_add(&s->input, "\n", 1);
        }
    }
    assert_int_equal(bytes_save(&s->input, path), 0);
}

static void choose_work(wm_options *o, uint64_t *random)
{
    static const int workers[] = {0, 1, 2, 7};
    static const unsigned fan_ins[] = {0, 2, 3};
    static const uint64_t partition_sizes[] = {0, 50, 1000, 20000};
    static const uint64_t memories[] = {0, 0, 2 << 20};
    static const enum wm_fold folds[] = {WM_FOLD_NONE, WM_FOLD_NONE, WM_FOLD_LOWER,
                                         WM_FOLD_DOMINANT};
    *o = job_options(PICK(random, workers), PICK(random, partition_sizes));
    o->fan_in = PICK(random, fan_ins);
    o->memory = PICK(random, memories);
    if (o->memory > 0)
        o->memory += (uint64_t)(o->workers + 1) << 21;
    o->fold_case = PICK(random, folds);
    o->format = random_below(random, 3) ? WM_FORMAT_V2 : WM_FORMAT_V1;
}

static void ask_for_words(struct setup *s, uint64_t *random)
{
    static const char *const absent[] = {"nosuch", "zz", "a"};
    for (size_t i = 0; i < 4; i++)
        s->asked[i] = random_below(random, 3)
                          ? s->words.data + s->word[random_below(random, s->n_words)]
                          : PICK(random, absent);
    for (size_t i = 0; i < 4 && s->o.fold_case; i++)
        for (const char *at = s->asked[i]; *at; at++)
            if (*at >= 'A' && *at <= 'C')
                s->asked[i] = "abc"; /* the oracle has them in lower case */
    s->o.words = s->asked;
    s->o.n_words = 1 + random_below(random, 4);
}

/* Several, in any order. */
static void choose_values(struct setup *s, uint64_t *random)
{
    static const char *const names[] = {"matches", "volumes", "pages", "records"};
    size_t n = 1 + random_below(random, 4), *values = s->series.values;
    for (size_t i = 0; i < n; i++) {
        size_t value = random_below(random, 4), j = 0;
        while (j < s->series.n_values && values[j] != value)
            j++;
        if (j < s->series.n_values || (value == 2 && s->o.format != WM_FORMAT_V1))
            continue;
        values[s->series.n_values++] = value;
        sprintf(s->values + strlen(s->values), "%s%s", j > 0 ? "," : "", names[value]);
    }
    s->o.values = s->series.n_values > 0 ? s->values : NULL;
}

static void choose_options(struct setup *s, uint64_t *random)
{
    static const enum wm_by bys[] = {WM_BY_WORD, WM_BY_YEAR, WM_BY_YEAR, WM_BY_DECADE};
    static const enum wm_sort sorts[] = {WM_SORT_DEFAULT, WM_SORT_DEFAULT, WM_SORT_WORD,
                                         WM_SORT_COUNT};
    static const uint64_t tops[] = {0, 0, 1, 20}, min_counts[] = {0, 0, 1, 100};
    wm_options *o = &s->o;
    o->by = PICK(random, bys);
    o->sort = PICK(random, sorts);
    o->rank = random_below(random, 2) == 0;
    o->top = PICK(random, tops);
    if (o->by != WM_BY_WORD && random_below(random, 3) == 0) {
        o->top_per = 1 + random_below(random, random_below(random, 2) ? 3 : 40);
        o->top = 0;
    }
    o->min_count = PICK(random, min_counts);
    o->first_year = random_below(random, 3) ? 0 : 1890 + random_below(random, 30);
    o->last_year = random_below(random, 3) ? 0 : 1925 + random_below(random, 30);
    o->output_format = (enum wm_output)random_below(random, 3);
    o->output_only = random_below(random, 2) == 0;
    if (random_below(random, 2))
        choose_values(s, random);
    if (random_below(random, 2))
        ask_for_words(s, random);
    if (o->by != WM_BY_WORD && random_below(random, 3) == 0) {
        o->fill_years = 1;
        o->min_count = 0;
    }
}

static void make_setup(struct setup *s, uint64_t *random)
{
    *s = (struct setup){.o.size = 0};
    make_vocabulary(s, random);
    choose_work(&s->o, random);
    choose_options(s, random);
    make_input(s, random);
    const wm_options *o = &s->o;
    struct series chosen = s->series;
    s->series = (struct series){.by = o->by,
                                .sort = o->sort,
                                .fold = o->fold_case,
                                .format = o->output_format,
                                .rank = o->rank,
                                .top = o->top,
                                .top_per = o->top_per,
                                .fill_years = o->fill_years,
                                .min_count = o->min_count,
                                .first_year = o->first_year,
                                .last_year = o->last_year,
                                .words = o->words,
                                .n_words = o->n_words,
                                .n_values = chosen.n_values > 0 ? chosen.n_values : 1};
    memcpy(s->series.values, chosen.values, sizeof chosen.values);
}

static void release_setup(struct setup *s)
{
    bytes_release(&s->input);
    bytes_release(&s->words);
}

static int is_written(int fd, const struct bytes *expected)
{
    struct bytes got = {0};
    lseek(fd, 0, SEEK_SET);
    int equal = bytes_read(&got, fd) == 0 && bytes_equal(&got, expected);
    if (!equal)
        print_error("expected:\n%.*s\ngot:\n%.*s\n", (int)(expected->size % 3000), expected->data,
                    (int)(got.size % 3000), got.data);
    bytes_release(&got);
    close(fd);
    return equal;
}

struct visit {
    const wm_result *result;
    uint64_t n;
};

/* All ways to a word's counts agree. */
static int look_up(const char *word, size_t size, const uint64_t *counts, void *user)
{
    struct visit *visit = user;
    uint64_t all[SERIES_VALUES] = {0}, first = 0;
    assert_int_equal(wm_result_get_values(visit->result, word, size, all), 1);
    assert_int_equal(wm_result_get(visit->result, word, size, &first), 1);
    assert_memory_equal(all, counts, wm_result_n_values(visit->result) * sizeof *counts);
    assert_true(first == counts[0]);
    return ++visit->n == 300;
}

/* Written as a table and read back, it has the same words and counts. */
static int find_in_table(const char *word, size_t size, const uint64_t *counts, void *user)
{
    wm_table *table = user;
    uint64_t all[SERIES_VALUES] = {0}, first = 0;
    assert_int_equal(wm_table_get_values(table, word, size, all, NULL), 1);
    assert_int_equal(wm_table_get(table, word, size, &first, NULL), 1);
    assert_memory_equal(all, counts, wm_table_n_values(table) * sizeof *counts);
    assert_true(first == counts[0]);
    return 0;
}

static int count_word(const char *word, size_t size, const uint64_t *counts, void *user)
{
    const struct visit *visit = user;
    uint64_t all[SERIES_VALUES] = {0};
    ((struct visit *)user)->n++;
    assert_int_equal(wm_result_get_values(visit->result, word, size, all), 1);
    assert_memory_equal(all, counts, wm_result_n_values(visit->result) * sizeof *counts);
    return 0;
}

static void check_table(const wm_result *result)
{
    char name[64];
    wm_table *table;
    struct visit visit = {result, 0};
    int fd = memfd_create("table", MFD_CLOEXEC);
    if (wm_result_write(result, WM_OUTPUT_TABLE, fd, NULL) == 0) {
        sprintf(name, "/proc/self/fd/%d", fd);
        assert_int_equal(wm_table_open(name, &table, NULL), 0);
        unsigned n = wm_table_n_values(table);
        assert_int_equal(n, wm_result_n_values(result));
        for (unsigned i = 0; i < n; i++)
            assert_string_equal(wm_table_value_name(table, i), wm_result_value_name(result, i));
        assert_null(wm_table_value_name(table, n));
        assert_null(wm_result_value_name(result, n));
        assert_int_equal(wm_result_each_values(result, find_in_table, table), 0);
        assert_int_equal(wm_table_each_values(table, "", 0, count_word, &visit, NULL), 0);
        assert_true(visit.n == wm_result_size(result));
        wm_table_close(table);
    }
    close(fd);
}

static void check_lookups(const wm_result *result, size_t n_values)
{
    check_table(result);

    struct visit visit = {result, 0};
    uint64_t counts[SERIES_VALUES], size = wm_result_size(result);
    assert_int_equal(wm_result_n_values(result), n_values);
    assert_int_equal(wm_result_each_values(result, look_up, &visit), size >= 300);
    assert_true(visit.n == (size < 300 ? size : 300));
    assert_int_equal(wm_result_get_values(result, "\x02", 1, counts), 0);
}

/* Returns how many runs were spilled. */
static uint64_t check_run(uint64_t seed)
{
    uint64_t random = seed;
    struct setup s;
    struct bytes expected = {0};
    const char *paths[] = {path};
    wm_result *result;
    wm_error error = {0};
    make_setup(&s, &random);
    series_write(&expected, &s.input, &s.series);
    s.o.output_fd = memfd_create("output", MFD_CLOEXEC);
    if (wm_run(&s.o, paths, 1, &result, &error) < 0)
        fail_msg("seed %llu: %s", (unsigned long long)seed, error.message);
    if (!is_written(s.o.output_fd, &expected))
        fail_msg("seed %llu: the output differs", (unsigned long long)seed);
    int fd = memfd_create("written", MFD_CLOEXEC);
    assert_int_equal(wm_result_write(result, s.o.output_format, fd, NULL), 0);
    if (!s.o.output_only && !is_written(fd, &expected))
        fail_msg("seed %llu: what the result writes differs", (unsigned long long)seed);
    if (s.o.output_only)
        close(fd);
    else
        check_lookups(result, s.series.n_values);
    uint64_t spilled = wm_result_stats(result)->spilled_runs;
    wm_result_free(result);
    bytes_release(&expected);
    release_setup(&s);
    return spilled;
}

static void any_combination_equals_the_oracle(void **state)
{
    (void)state;
    uint64_t n_spilled = 0;
    for (uint64_t seed = 1; seed <= repeat(N_RUNS); seed++)
        n_spilled += check_run(seed);
    assert_true(n_spilled > 0);
}

int main(void)
{
    char folder[256];
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/in", folder);
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_combination_equals_the_oracle)};
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(folder);
    return rc;
}
