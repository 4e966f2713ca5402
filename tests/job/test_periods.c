/*
 * Counts by year or decade of which nothing but the text is wanted. Then words are kept with all
 * their periods, and the text must be what the oracle says, and what the result of the same job
 * writes, in which each period is a word of its own. Lines are in order or scattered, words come
 * back, years have any number of digits.
 */
#include "jobs.h"
#include "pack.h"
#include "random.h"
#include "repeat.h"
#include "series.h"

#define N_RUNS 250
#define N_PAIRS 250

static char path[300];

struct setup {
    uint64_t random;
    struct bytes words; /* of the vocabulary, NUL after each */
    size_t word[400];
    size_t n_words;
    struct bytes lines; /* as v2 */
    const char *asked[3];
    int is_packed;
    wm_options o;
};

/* is_odd: words have bytes that go before a TAB, or are no text. */
static void make_vocabulary(struct setup *s, int is_odd)
{
    static const char plain[] = "abcABC ._'~", odd[] = "\1\2\10\13ab\377\302\"\\,";
    s->n_words = 1 + random_below(&s->random, random_below(&s->random, 2) ? 400 : 12);
    size_t most = random_below(&s->random, 3) ? 3 : 60;
    for (size_t i = 0; i < s->n_words; i++) {
        char word[400];
        size_t size = 1 + random_below(&s->random, random_below(&s->random, 50) ? most : 400);
        random_fill(&s->random, word, size, is_odd ? odd : plain,
                    is_odd ? sizeof odd - 1 : sizeof plain - 1);
        s->word[i] = s->words.size;
        bytes_add(&s->words, word, size);
        bytes_add(&s->words, "", 1);
    }
}

static const char *any_word(struct setup *s)
{
    return s->words.data + s->word[random_below(&s->random, s->n_words)];
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* How years are spread, and how their words are: in stretches of one word, or one by one. */
struct shape {
    uint64_t first_year;
    size_t n_years;
    size_t n_together;
    unsigned bits; /* of counts */
    int is_sorted;
};

static struct shape random_shape(struct setup *s)
{
    static const uint64_t firsts[] = {1500, 1900, 1960, 0, 5, 985, 9990, 123456};
    static const size_t n_years[] = {1, 3, 25, 120, 500, 3000}, together[] = {1, 1, 9, 60};
    static const unsigned bits[] = {1, 4, 9, 20, 30, 50};
    return (struct shape){PICK(&s->random, firsts), PICK(&s->random, n_years),
                          PICK(&s->random, together), PICK(&s->random, bits),
                          random_below(&s->random, 3) == 0};
}

static void add_line(struct setup *s, const struct shape *shape, const char *word)
{
    uint64_t year = shape->first_year + random_below(&s->random, shape->n_years);
    uint64_t count = random_next(&s->random) >> (64 - shape->bits);
    if (random_below(&s->random, 300) == 0)
        year = random_next(&s->random) >> random_below(&s->random, 64);
    bytes_add(&s->lines, word, strlen(word));
    bytes_print(&s->lines, "\t%llu\t%llu\t%zu\n", (unsigned long long)year,
                (unsigned long long)count, random_below(&s->random, 50));
}

static void sort_lines(struct bytes *lines)
{
    size_t n = 0, n_max = 0;
    for (size_t i = 0; i < lines->size; i++)
        n_max += lines->data[i] == '\n';
    char **line = calloc(n_max + 1, sizeof *line);
    struct bytes sorted = {0};
    assert_non_null(line);
    for (char *at = lines->data; n < n_max; at += strlen(at) + 1) {
        line[n++] = at;
        *strchr(at, '\n') = '\0';
    }
    if (n > 0)
        qsort(line, n, sizeof *line, compare_lines);
    for (size_t i = 0; i < n; i++)
        bytes_print(&sorted, "%s\n", line[i]);
    free(line);
    bytes_release(lines);
    *lines = sorted;
}

static void make_lines(struct setup *s)
{
    static const size_t sizes[] = {100, 3000, 40000, 40000, 200000};
    struct shape shape = random_shape(s);
    size_t size = random_below(&s->random, PICK(&s->random, sizes));
    while (s->lines.size < size) {
        const char *word = any_word(s);
        for (size_t n = 1 + random_below(&s->random, shape.n_together); n > 0; n--)
            add_line(s, &shape, word);
    }
    bytes_add(&s->lines, "", 1);
    s->lines.size--;
    if (shape.is_sorted)
        sort_lines(&s->lines);
}

/* The fields of a line: year, matches, volumes. Returns where the line ends. */
static const char *find_fields(const char *line, const char *field[3], size_t sizes[3])
{
    for (size_t i = 0; i < 3; i++) {
        field[i] = (line = strpbrk(line, "\t") + 1);
        sizes[i] = strcspn(line, "\t\n");
    }
    return field[2] + sizes[2];
}

/* The same lines in another format: of v3, those of one word that stand together are one. */
static void save_lines(const struct setup *s)
{
    struct bytes out = {0}, packed = {0};
    uint64_t random = 1;
    const char *before = NULL, *end = s->lines.data + s->lines.size;
    for (const char *line = s->lines.data; line < end;) {
        const char *field[3];
        size_t sizes[3], word = strcspn(line, "\t") + 1;
        const char *line_end = find_fields(line, field, sizes);
        if (s->o.format == WM_FORMAT_V3) {
            int same = before && memcmp(before, line, word) == 0;
            if (before && !same)
                bytes_add(&out, "\n", 1);
            bytes_add(&out, same ? "\t" : line, same ? 1 : word);
            bytes_print(&out, "%.*s,%.*s,%.*s", (int)sizes[0], field[0], (int)sizes[1], field[1],
                        (int)sizes[2], field[2]);
            before = line;
        } else {
            bytes_add(&out, line, (size_t)(line_end - line));
            bytes_add(&out, s->o.format == WM_FORMAT_V1 ? "\t7\n" : "\n",
                      s->o.format == WM_FORMAT_V1 ? 3 : 1);
        }
        line = line_end + 1;
    }
    if (before)
        bytes_add(&out, "\n", 1);
    /* Nobody looks into a packed file, whether its lines are scattered. */
    if (s->is_packed)
        pack_members(&packed, PACKING_GZIP, &out, out.size + 1, &random);
    assert_int_equal(bytes_save(s->is_packed ? &packed : &out, path), 0);
    bytes_release(&packed);
    bytes_release(&out);
}

static void choose_options(struct setup *s)
{
    static const int workers[] = {0, 1, 2, 2, 5};
    static const unsigned fan_ins[] = {0, 0, 2, 3};
    static const uint64_t partition_sizes[] = {0, 50, 1000, 20000, 1 << 30};
    static const uint64_t min_counts[] = {0, 0, 1, 100};
    static const enum wm_format formats[] = {WM_FORMAT_V2, WM_FORMAT_V2, WM_FORMAT_V1,
                                             WM_FORMAT_V3};
    static const enum wm_sort sorts[] = {WM_SORT_DEFAULT, WM_SORT_WORD, WM_SORT_NONE};
    wm_options *o = &s->o;
    *o = job_options(PICK(&s->random, workers), PICK(&s->random, partition_sizes));
    o->fan_in = PICK(&s->random, fan_ins);
    if (random_below(&s->random, 3) == 0)
        o->memory = (uint64_t)(o->workers + 2) << 21;
    o->format = PICK(&s->random, formats);
    o->sort = PICK(&s->random, sorts);
    o->by = random_below(&s->random, 2) ? WM_BY_YEAR : WM_BY_DECADE;
    o->min_count = PICK(&s->random, min_counts);
    o->first_year = random_below(&s->random, 3) ? 0 : 1890 + random_below(&s->random, 30);
    o->last_year = random_below(&s->random, 3) ? 0 : 1925 + random_below(&s->random, 90);
    o->output_only = 1;
    if (random_below(&s->random, 4) == 0) {
        for (size_t i = 0; i < 3; i++)
            s->asked[i] = i == 2 ? "not there" : any_word(s);
        o->words = s->asked;
        o->n_words = 1 + random_below(&s->random, 3);
    }
}

/* More years of a word than one entry takes, in several rounds. */
static void add_many_years(struct setup *s)
{
    const struct shape shape = {1000, 4000, 1, 9, 0};
    for (size_t i = 0; i < 8000; i++)
        add_line(s, &shape, i % 2 ? "a" : "b");
    s->o.partition_size = 8000;
    s->o.fan_in = 3;
}

static void make_setup(struct setup *s, uint64_t seed, int is_odd)
{
    *s = (struct setup){.random = seed, .is_packed = seed % 2};
    make_vocabulary(s, is_odd);
    make_lines(s);
    choose_options(s);
    if (seed % 16 == 0)
        add_many_years(s);
    save_lines(s);
    if (s->o.partition_size == 50 && s->lines.size > 20000)
        s->o.partition_size = 5000;
}

static void release_setup(struct setup *s)
{
    bytes_release(&s->words);
    bytes_release(&s->lines);
}

/* Runs the job. What it wrote, or what its result writes, is in got. */
static int run(const wm_options *options, struct bytes *got, wm_stats *stats, wm_error *error)
{
    const char *paths[] = {path};
    wm_result *result;
    wm_options o = *options;
    int fd = memfd_create("output", MFD_CLOEXEC);
    if (o.output_only)
        o.output_fd = fd;
    int rc = wm_run(&o, paths, 1, &result, error);
    if (rc == 0) {
        *stats = *wm_result_stats(result);
        if (!o.output_only)
            assert_int_equal(wm_result_write(result, o.output_format, fd, error), 0);
        lseek(fd, 0, SEEK_SET);
        assert_int_equal(bytes_read(got, fd), 0);
        wm_result_free(result);
    }
    close(fd);
    return rc;
}

static uint64_t count_lines(const struct bytes *text)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += text->data[i] == '\n';
    return n;
}

static void check_oracle(uint64_t seed, uint64_t *n_spilled)
{
    struct setup s;
    struct bytes expected = {0}, got = {0};
    wm_stats stats;
    wm_error error = {0};
    make_setup(&s, seed, seed % 3 == 0);
    const wm_options *o = &s.o;
    s.o.output_format = seed % 3 == 0 ? WM_OUTPUT_TSV : (enum wm_output)random_below(&s.random, 3);
    s.o.fold_case = random_below(&s.random, 5) || seed % 3 == 0 ? WM_FOLD_NONE : WM_FOLD_LOWER;
    if (s.o.fold_case)
        s.o.n_words = 0;
    const struct series series = {.by = o->by,
                                  .sort = WM_SORT_WORD,
                                  .fold = o->fold_case,
                                  .format = o->output_format,
                                  .min_count = o->min_count,
                                  .first_year = o->first_year,
                                  .last_year = o->last_year,
                                  .words = o->words,
                                  .n_words = o->n_words,
                                  .n_values = 1};
    series_write(&expected, &s.lines, &series);
    if (run(o, &got, &stats, &error) < 0)
        fail_msg("seed %llu: %s", (unsigned long long)seed, error.message);
    if (!bytes_equal(&got, &expected))
        fail_msg("seed %llu: the output differs", (unsigned long long)seed);
    int has_header = o->output_format == WM_OUTPUT_CSV;
    assert_true(stats.words == count_lines(&got) - (uint64_t)has_header);
    *n_spilled += stats.spilled_runs;
    bytes_release(&expected);
    bytes_release(&got);
    release_setup(&s);
}

static void any_input_and_setting_equals_the_oracle(void **state)
{
    (void)state;
    uint64_t n_spilled = 0;
    for (uint64_t seed = 1; seed <= repeat(N_RUNS); seed++)
        check_oracle(seed, &n_spilled);
    assert_true(n_spilled > 0 || repeat(N_RUNS) < N_RUNS);
}

/* Options that the oracle does not know. */
static void choose_filter(struct setup *s)
{
    static const char *const poses[] = {NULL, "untagged", "tagged", "NOUN"};
    static const char *const matches[] = {NULL, NULL, "a", "^[ab]+$"};
    s->o.pos = PICK(&s->random, poses);
    s->o.strip_pos = random_below(&s->random, 3) == 0;
    s->o.match = PICK(&s->random, matches);
    s->o.fold_case = random_below(&s->random, 3) ? WM_FOLD_NONE : WM_FOLD_LOWER;
    s->o.value = random_below(&s->random, 3)   ? WM_MATCHES
                 : random_below(&s->random, 2) ? WM_VOLUMES
                                               : WM_RECORDS;
    s->o.output_format = (enum wm_output)random_below(&s->random, 5);
}

/* Tagged words, and lines so long that one fills a run, or whose sum passes 64 bits. */
static void add_odd_lines(struct setup *s)
{
    static char word[65537];
    static const char *const tagged[] = {"a_NOUN", "ab_VERB b_NOUN", "_NOUN_ a", "A_NOUN",
                                         "B_VERB"};
    struct shape shape = random_shape(s);
    size_t size = 65536 - random_below(&s->random, 30);
    memset(word, 'a', size);
    word[size] = '\0';
    for (size_t n = random_below(&s->random, 4) ? 0 : random_below(&s->random, 20); n > 0; n--)
        add_line(s, &shape, word);
    for (size_t n = random_below(&s->random, 300); n > 0; n--)
        add_line(s, &shape, PICK(&s->random, tagged));
    shape.bits = 63;
    shape.n_years = 2;
    for (size_t n = random_below(&s->random, 4) ? 0 : random_below(&s->random, 6); n > 0; n--)
        add_line(s, &shape, "ab");
}

static void check_pair(uint64_t seed, uint64_t *n_failed)
{
    struct setup s;
    struct bytes expected = {0}, got = {0};
    wm_stats stats, other_stats;
    wm_error error = {0}, other_error = {0};
    make_setup(&s, seed, seed % 3 == 0);
    add_odd_lines(&s);
    save_lines(&s);
    choose_filter(&s);
    if (s.o.partition_size == 50)
        s.o.partition_size = 5000;
    int rc = run(&s.o, &got, &stats, &error);
    s.o.output_only = 0;
    int other_rc = run(&s.o, &expected, &other_stats, &other_error);
    if (rc != other_rc || strcmp(error.message, other_error.message) != 0)
        fail_msg("seed %llu: %s, but %s", (unsigned long long)seed, error.message,
                 other_error.message);
    if (!bytes_equal(&got, &expected))
        fail_msg("seed %llu: the output differs", (unsigned long long)seed);
    if (rc == 0)
        assert_true(stats.words == other_stats.words && stats.counted == other_stats.counted &&
                    stats.filtered == other_stats.filtered &&
                    stats.warnings == other_stats.warnings);
    *n_failed += rc < 0;
    bytes_release(&expected);
    bytes_release(&got);
    release_setup(&s);
}

static void text_is_what_the_result_writes(void **state)
{
    (void)state;
    uint64_t n_failed = 0;
    for (uint64_t seed = 1; seed <= repeat(N_PAIRS); seed++)
        check_pair(seed, &n_failed);
    assert_true(n_failed > 0 && n_failed < N_PAIRS / 4);
}

int main(void)
{
    char folder[256];
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/in", folder);
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_input_and_setting_equals_the_oracle),
                                       cmocka_unit_test(text_is_what_the_result_writes)};
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(folder);
    return rc;
}
