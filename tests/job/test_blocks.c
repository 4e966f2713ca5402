/*
 * Words in blocks and by cursors: of a result and of a table, in any order and of any size they are
 * the lines that are written, as a naive reading of those has them.
 */
#include <pthread.h>

#include "blocks.h"
#include "random.h"
#include "repeat.h"

#define MEMORY_SMALL (4u << 20) /* some of big is spilled */

static const uint64_t sizes[] = {0, 1, 7, 1000, UINT64_MAX};
#define N_SIZES (sizeof sizes / sizeof *sizes)

#define N_MANY 300000 /* words, more than are put in order at a time, or fit 2 MiB of counts */

static wm_result *run_many(const wm_options *o, struct bytes *all)
{
    struct bytes input = {0};
    char path[300];
    const char *paths = path;
    wm_result *result = NULL;
    uint64_t random = 1;
    *all = (struct bytes){0};
    for (unsigned i = 0; i < N_MANY; i++) {
        bytes_print(&input, "%06u\t1990\t%u\t1\n", (unsigned)((uint64_t)i * 7919 % N_MANY),
                    1 + (unsigned)random_below(&random, 1000));
        if (i % 3 == 0) /* some again */
            bytes_print(&input, "%06u\t1991\t1000\t1\n", (unsigned)random_below(&random, N_MANY));
    }
    snprintf(path, sizeof path, "%s/many", files.folder);
    assert_int_equal(bytes_save(&input, path), 0);
    struct oracle oracle;
    oracle_count(&oracle, &input, 1, &(struct oracle_filter){0});
    oracle_write(&oracle, all);
    oracle_release(&oracle);
    bytes_release(&input);
    assert_int_equal(wm_run(o, &paths, 1, &result, NULL), 0);
    assert_int_equal(wm_result_size(result), N_MANY);
    unlink(path);
    return result;
}

/* What has no number behind the word has none at all. */
static void print_line(struct bytes *out, const wm_block *block, uint64_t i, unsigned n_values)
{
    bytes_add(out, block->words + block->offsets[i],
              (size_t)(block->offsets[i + 1] - block->offsets[i]));
    if (block->years && block->years[i] != UINT64_MAX)
        bytes_print(out, "\t%llu", (unsigned long long)block->years[i]);
    for (unsigned j = 0; j < n_values; j++)
        bytes_print(out, "\t%llu", (unsigned long long)block->counts[j][i]);
    if (block->ranks)
        bytes_print(out, "\t%llu\t%.6f\t%.6f", (unsigned long long)block->ranks[i],
                    block->percents[i], block->cumulatives[i]);
    if (block->per_million)
        bytes_print(out, "\t%.6f", block->per_million[i]);
    bytes_add(out, "\n", 1);
}

static struct bytes blocks_of(wm_cursor *cursor, uint64_t n_most, unsigned n_values)
{
    struct bytes lines = {0};
    const wm_block *block;
    int rc;
    while ((rc = wm_cursor_block(cursor, n_most, &block, NULL)) > 0) {
        assert_true(block->n_words > 0 && (n_most == 0 || block->n_words <= n_most));
        assert_int_equal(block->offsets[0], 0);
        for (uint64_t i = 0; i < block->n_words; i++)
            print_line(&lines, block, i, n_values);
    }
    assert_int_equal(rc, 0);
    assert_int_equal(wm_cursor_block(cursor, n_most, &block, NULL), 0);
    wm_cursor_free(cursor);
    return lines;
}

static struct bytes words_of(wm_cursor *cursor, unsigned n_values)
{
    struct bytes lines = {0};
    const char *word;
    const uint64_t *counts;
    size_t size;
    int rc;
    while ((rc = wm_cursor_next(cursor, &word, &size, &counts, NULL)) > 0) {
        bytes_add(&lines, word, size);
        for (unsigned i = 0; i < n_values; i++)
            bytes_print(&lines, "\t%llu", (unsigned long long)counts[i]);
        bytes_add(&lines, "\n", 1);
    }
    assert_int_equal(rc, 0);
    wm_cursor_free(cursor);
    return lines;
}

static wm_cursor *cursor_of(const wm_result *result, const wm_table *table,
                            const wm_selection *selection)
{
    wm_cursor *cursor = NULL;
    int rc = result ? wm_result_cursor(result, selection, &cursor, NULL)
                    : wm_table_cursor(table, selection, &cursor, NULL);
    assert_int_equal(rc, 0);
    return cursor;
}

/* All ways to read a selection give these lines. */
static void assert_gives(const wm_result *result, const wm_table *table,
                         const wm_selection *selection, const struct bytes *expected)
{
    unsigned n = result ? wm_result_n_values(result) : wm_table_n_values(table);
    for (size_t i = 0; i < N_SIZES; i++)
        assert_lines(blocks_of(cursor_of(result, table, selection), sizes[i], n), expected,
                     "blocks");
}

struct line {
    const char *text;
    size_t size, word_size;
    uint64_t count;
};

static int by_word(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    size_t size = x->word_size < y->word_size ? x->word_size : y->word_size;
    int order = memcmp(x->text, y->text, size);
    return order != 0 ? order : (x->word_size > y->word_size) - (x->word_size < y->word_size);
}

static int by_count(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : by_word(a, b);
}

/* The same lines as a selection has them. */
static struct bytes select_lines(const struct bytes *all, const wm_selection *s)
{
    struct line *lines = calloc(all->size + 1, sizeof *lines);
    struct bytes out = {0};
    size_t n = 0;
    for (const char *at = all->data, *end = at + all->size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at)) + 1;
        const char *tab = memrchr(at, '\t', (size_t)(stop - at));
        struct line line = {at, (size_t)(stop - at), (size_t)(tab - at),
                            strtoull(tab + 1, NULL, 10)};
        at = stop;
        if (line.word_size >= s->prefix_size &&
            (s->prefix_size == 0 || memcmp(line.text, s->prefix, s->prefix_size) == 0))
            lines[n++] = line;
    }
    if (s->sort == WM_SORT_WORD || s->sort == WM_SORT_COUNT)
        qsort(lines, n, sizeof *lines, s->sort == WM_SORT_WORD ? by_word : by_count);
    for (size_t i = 0; i < n && (s->limit == 0 || i < s->limit); i++) {
        const struct line *line = &lines[s->is_reversed ? n - 1 - i : i];
        bytes_add(&out, line->text, line->size);
    }
    free(lines);
    return out;
}

/* Any words that there are, or none. */
static size_t choose_prefix(uint64_t *random, const struct bytes *all, const char **prefix)
{
    size_t size = random_below(random, 4);
    *prefix = all->data + (all->size > 4 ? random_below(random, all->size - 4) : 0);
    return all->size > 4 ? size : 0;
}

static void assert_selections(const wm_result *result, const wm_table *table,
                              const struct bytes *all, uint64_t n)
{
    uint64_t random = 1;
    for (uint64_t i = 0; i < repeat(n); i++) {
        wm_selection s;
        wm_selection_init(&s);
        s.prefix_size = choose_prefix(&random, all, &s.prefix);
        s.limit = random_below(&random, 2) ? 0 : 1 + random_below(&random, 3000);
        s.sort = (enum wm_sort)random_below(&random, 4);
        s.is_reversed = random_below(&random, 2) != 0;
        struct bytes expected = select_lines(all, &s);
        assert_lines(blocks_of(cursor_of(result, table, &s), sizes[i % N_SIZES], 1), &expected,
                     "a selection");
        bytes_release(&expected);
    }
}

static void blocks_are_the_lines_of_a_result(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        wm_options o = job_options(i % 3, i < 6 ? 0 : 20000);
        o.sort = i % 2 ? WM_SORT_COUNT : WM_SORT_WORD;
        o.top = i % 4 == 3 ? 777 : 0;
        wm_result *result = run(&o, files.big);
        struct bytes all = lines_of(result);
        assert_gives(result, NULL, NULL, &all);
        assert_lines(words_of(cursor_of(result, NULL, NULL), 1), &all, "words");
        assert_selections(result, NULL, &all, 40);
        bytes_release(&all);
        wm_result_free(result);
    }
    assert_nothing_left();
}

static void blocks_of_a_result_past_the_memory_limit_are_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bytes all;
        wm_options o = job_options(2, i ? 1000000 : 0);
        o.memory = i ? MEMORY_SMALL : 0;
        wm_result *result = run_many(&o, &all);
        assert_true((wm_result_stats(result)->spilled_runs > 0) == i);
        assert_gives(result, NULL, NULL, &all);
        assert_selections(result, NULL, &all, 30);
        bytes_release(&all);
        wm_result_free(result);
    }
    assert_nothing_left();
}

static void blocks_are_the_lines_of_a_table(void **state)
{
    (void)state;
    wm_options o = job_options(2, 0);
    o.output = files.output;
    o.output_format = WM_OUTPUT_TABLE;
    wm_result_free(run(&o, files.big));
    wm_table *table;
    assert_int_equal(wm_table_open(files.output, &table, NULL), 0);
    assert_gives(NULL, table, NULL, &files.big_sample.expected);
    assert_lines(words_of(cursor_of(NULL, table, NULL), 1), &files.big_sample.expected, "words");
    assert_selections(NULL, table, &files.big_sample.expected, 40);

    wm_cursor *cursor = cursor_of(NULL, table, NULL);
    wm_table_close(table);
    assert_lines(blocks_of(cursor, 0, 1), &files.big_sample.expected, "a table that was closed");
    unlink(files.output);
    assert_nothing_left();
}

static void years_values_and_ranks_are_columns(void **state)
{
    (void)state;
    char path[300];
    save("several", several, path);
    for (int i = 0; i < 16; i++) {
        wm_options o = job_options(i % 3, 0);
        o.by = i & 1 ? WM_BY_YEAR : i & 2 ? WM_BY_DECADE : WM_BY_WORD;
        o.values = i & 4 ? "volumes,matches,records" : NULL;
        o.rank = i & 8;
        wm_result *result = run(&o, path);
        struct bytes all = lines_of(result);
        assert_gives(result, NULL, NULL, &all);
        const wm_block *block;
        wm_cursor *cursor = cursor_of(result, NULL, NULL);
        assert_int_equal(wm_cursor_block(cursor, 0, &block, NULL), 1);
        assert_true((block->years != NULL) == (o.by != WM_BY_WORD));
        assert_true((block->ranks != NULL) == (o.rank != 0));
        assert_int_equal(block->offsets[1], 0); /* the empty word */
        wm_cursor_free(cursor);
        bytes_release(&all);
        wm_result_free(result);
    }
    unlink(path);
    assert_nothing_left();
}

static void a_prefix_of_the_highest_bytes_has_an_end(void **state)
{
    (void)state;
    char path[300];
    wm_options o = job_options(0, 0);
    wm_result *result = run(&o, save("several", several, path));
    static const char *const prefixes[] = {"\xFF", "\xFF\xFF", "\xFFz", "a", "a ", "c"};
    struct bytes all = lines_of(result);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        wm_selection s;
        wm_selection_init(&s);
        s.prefix = prefixes[i];
        s.prefix_size = strlen(prefixes[i]);
        struct bytes expected = select_lines(&all, &s);
        assert_gives(result, NULL, &s, &expected);
        bytes_release(&expected);
    }
    static char long_prefix[1 << 20];
    wm_selection s;
    wm_selection_init(&s);
    s.prefix = long_prefix;
    s.prefix_size = sizeof long_prefix;
    assert_gives(result, NULL, &s, &(struct bytes){0});
    bytes_release(&all);
    wm_result_free(result);
    unlink(path);
}

static void a_result_without_words_has_no_block(void **state)
{
    (void)state;
    char path[300];
    wm_options o = job_options(0, 0);
    o.format = WM_FORMAT_V2;
    wm_result *result = run(&o, save("empty", "", path));
    wm_selection s;
    wm_selection_init(&s);
    for (s.sort = WM_SORT_DEFAULT; s.sort <= WM_SORT_NONE; s.sort++) {
        assert_gives(result, NULL, &s, &(struct bytes){0});
        assert_lines(words_of(cursor_of(result, NULL, &s), 1), &(struct bytes){0}, "words");
    }
    wm_result_free(result);
    unlink(path);
}

static void a_cursor_says_what_is_wrong(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    wm_result *result = run(&o, files.small);
    wm_cursor *cursor = (wm_cursor *)(void *)&files, *untouched = cursor;
    wm_error error;
    wm_selection s;
    wm_selection_init(&s);
    assert_int_equal(wm_result_cursor(NULL, &s, &cursor, &error), WM_EINVAL);
    assert_int_equal(wm_result_cursor(result, &s, NULL, &error), WM_EINVAL);
    assert_int_equal(wm_table_cursor(NULL, &s, &cursor, &error), WM_EINVAL);
    s.sort = (enum wm_sort)4;
    assert_int_equal(wm_result_cursor(result, &s, &cursor, &error), WM_EINVAL);
    wm_selection_init(&s);
    s.prefix_size = 1;
    assert_int_equal(wm_result_cursor(result, &s, &cursor, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "prefix"));
    wm_selection_init(&s);
    s.size = sizeof s + 8;
    assert_int_equal(wm_result_cursor(result, &s, &cursor, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "wm_selection_init"));
    s.size = 0;
    assert_int_equal(wm_result_cursor(result, &s, &cursor, &error), WM_EINVAL);
    assert_true(cursor == untouched);
    const wm_block *block;
    const char *word;
    size_t size;
    assert_int_equal(wm_cursor_block(NULL, 0, &block, &error), WM_EINVAL);
    assert_int_equal(wm_cursor_next(NULL, &word, &size, NULL, &error), WM_EINVAL);
    wm_cursor_free(NULL);
    wm_result_free(result);
    assert_nothing_left();
}

static void a_selection_of_an_older_program_is_understood(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    wm_result *result = run(&o, files.small);
    struct old_selection {
        size_t size;
        const char *prefix;
        size_t prefix_size;
    } *old = malloc(sizeof *old); /* on the heap: AddressSanitizer knows where it ends */
    wm_selection *s = (wm_selection *)(void *)old;
    wm_selection_init_size(s, sizeof *old);
    assert_true(old->size == sizeof *old && old->prefix_size == 0);
    old->prefix = "a";
    old->prefix_size = 1;
    wm_selection whole = {.prefix = "a", .prefix_size = 1};
    struct bytes expected = select_lines(&files.small_sample.expected, &whole);
    assert_gives(result, NULL, s, &expected);
    bytes_release(&expected);
    free(old);
    wm_result_free(result);
}

static void a_table_that_is_damaged_or_rewritten_is_told(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    o.output = files.output;
    o.output_format = WM_OUTPUT_TABLE;
    wm_result_free(run(&o, files.big));
    struct bytes file = {0};
    assert_int_equal(bytes_load(&file, files.output), 0);
    file.data[file.size / 2] ^= 1;
    assert_int_equal(bytes_save(&file, files.output), 0);
    bytes_release(&file);
    wm_table *table;
    assert_int_equal(wm_table_open(files.output, &table, NULL), 0);
    wm_cursor *cursor = cursor_of(NULL, table, NULL);
    const wm_block *block;
    wm_error error;
    int rc;
    while ((rc = wm_cursor_block(cursor, 0, &block, &error)) > 0)
        continue;
    assert_int_equal(rc, WM_ETABLE);
    assert_non_null(strstr(error.message, "is damaged"));
    assert_int_equal(wm_cursor_block(cursor, 0, &block, &error), WM_ETABLE);
    assert_int_equal(truncate(files.output, 100000), 0);
    wm_cursor *other = NULL;
    assert_int_equal(wm_table_cursor(table, NULL, &other, &error), WM_ECHANGED);
    assert_null(other);
    wm_cursor_free(cursor);
    wm_table_close(table);
    unlink(files.output);
}

static void *read_all(void *result)
{
    struct bytes lines = blocks_of(cursor_of(result, NULL, NULL), 1000, 1);
    int right = bytes_equal(&lines, &files.big_sample.expected);
    bytes_release(&lines);
    return right ? result : NULL;
}

static void many_threads_read_a_result_at_once(void **state)
{
    (void)state;
    wm_options o = job_options(2, 100000);
    o.memory = MEMORY_SMALL;
    wm_result *result = run(&o, files.big);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, result), 0);
    for (size_t i = 0; i < 4; i++) {
        void *right = NULL;
        pthread_join(threads[i], &right);
        assert_non_null(right);
    }
    wm_result_free(result);
    assert_nothing_left();
}

/* The call from which on memory for large columns is refused; 0: never. */
static unsigned refused_from, n_refused;

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    if (refused_from == 1) {
        n_refused++;
        errno = ENOMEM;
        return NULL;
    }
    refused_from -= refused_from > 0;
    return __real_aligned_alloc(alignment, size);
}

/* Columns grow from small ones then. */
static void a_block_does_without_memory_in_one_piece(void **state)
{
    (void)state;
    struct bytes all;
    wm_options o = job_options(2, 0);
    wm_result *result = run_many(&o, &all);
    for (unsigned n = 1; n < 4; n++) {
        refused_from = n;
        n_refused = 0;
        struct bytes lines = blocks_of(cursor_of(result, NULL, NULL), UINT64_MAX, 1);
        refused_from = 0;
        assert_in_range(n_refused, 1, 9);
        assert_true(bytes_equal(&lines, &all));
        bytes_release(&lines);
    }
    bytes_release(&all);
    wm_result_free(result);
    assert_nothing_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_the_lines_of_a_result),
        cmocka_unit_test(blocks_of_a_result_past_the_memory_limit_are_the_same),
        cmocka_unit_test(blocks_are_the_lines_of_a_table),
        cmocka_unit_test(years_values_and_ranks_are_columns),
        cmocka_unit_test(a_prefix_of_the_highest_bytes_has_an_end),
        cmocka_unit_test(a_result_without_words_has_no_block),
        cmocka_unit_test(a_cursor_says_what_is_wrong),
        cmocka_unit_test(a_selection_of_an_older_program_is_understood),
        cmocka_unit_test(a_table_that_is_damaged_or_rewritten_is_told),
        cmocka_unit_test(many_threads_read_a_result_at_once),
        cmocka_unit_test(a_block_does_without_memory_in_one_piece),
    };
    return cmocka_run_group_tests_name("blocks", tests, make_files, remove_files);
}
