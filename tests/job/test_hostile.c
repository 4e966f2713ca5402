/*
 * Words made to collide in a table that hashes with XXH3's default secret and seed: the random seed
 * of each job scatters them, and the job takes no longer.
 */
#include "jobs.h"

#include "words/table.h"

#define N_WORDS 2000
#define WORD_SIZE 12
#define N_LINES 400000
#define N_ENTRIES 16384 /* of a worker's table: its index has 15 bits */
#define INDEX_MASK 0x7FFFu
#define N_TRIES 40 /* at most */

static char words[2][N_WORDS][16]; /* those that collide, and others like them */

/* All with the same index. */
static int make_words(void **state)
{
    char word[] = "000000000000";
    for (int i = 0; i < N_WORDS;) {
        char *digit = word + WORD_SIZE - 1;
        while (*digit == '9')
            *digit-- = '0';
        ++*digit;
        if ((table_hash(word, WORD_SIZE, 0) & INDEX_MASK) == 0)
            memcpy(words[0][i++], word, sizeof word);
    }
    for (int i = 0; i < N_WORDS; i++)
        snprintf(words[1][i], sizeof words[1][i], "%012d", i * 7);
    return make_files(state);
}

static uint32_t longest_probe(uint64_t seed)
{
    struct table table;
    assert_int_equal(table_init(&table, N_ENTRIES, 1 << 20, 1 << 20), 0);
    for (int i = 0; i < N_WORDS; i++)
        assert_int_equal(
            table_add(&table, table_hash(words[0][i], WORD_SIZE, seed), words[0][i], WORD_SIZE, 1),
            0);
    uint32_t longest = table.longest_probe;
    table_release(&table);
    return longest;
}

static void words_collide_only_where_the_seed_was_known(void **state)
{
    (void)state;
    assert_int_equal(longest_probe(0), N_WORDS - 1);
    for (uint64_t seed = 1; seed < 200; seed++)
        assert_true(longest_probe(seed * UINT64_C(0x9E3779B97F4A7C15)) < 50);
}

/* No word twice in a row, so that each line is looked up. */
static void make_input(const char *path, int kind)
{
    struct bytes input = {0};
    for (unsigned i = 0; i < N_LINES; i++)
        bytes_print(&input, "%s\t2000\t1\t1\n", words[kind][i * 7919u % N_WORDS]);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
}

static double run_timed(const char *path)
{
    wm_options o = job_options(2, 1 << 20);
    wm_result *result;
    assert_int_equal(wm_run(&o, &path, 1, &result, NULL), 0);
    const wm_stats *stats = wm_result_stats(result);
    double seconds = stats->seconds;
    assert_int_equal(stats->words, N_WORDS);
    assert_int_equal(stats->lines, N_LINES);
    assert_in_range(stats->longest_probe, 1, 50);
    wm_result_free(result);
    return seconds;
}

static void a_job_takes_no_longer_for_words_that_were_made_to_collide(void **state)
{
    (void)state;
    char path[2][300];
    double best[2] = {1e9, 1e8};
    for (int kind = 0; kind < 2; kind++) {
        snprintf(path[kind], sizeof path[kind], "%s/words%d", files.folder, kind);
        make_input(path[kind], kind);
    }
    for (int i = 0; i < N_TRIES && !(best[0] < 1.5 * best[1]); i++) {
        for (int kind = 0; kind < 2; kind++) {
            double seconds = run_timed(path[kind]);
            best[kind] = seconds < best[kind] ? seconds : best[kind];
        }
    }
    print_message("%.4f s for words that collide, %.4f s for others\n", best[0], best[1]);
    assert_true(best[0] <= 2 * best[1]);
    unlink(path[0]);
    unlink(path[1]);
    assert_nothing_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_collide_only_where_the_seed_was_known),
        cmocka_unit_test(a_job_takes_no_longer_for_words_that_were_made_to_collide),
    };
    return cmocka_run_group_tests(tests, make_words, remove_files);
}
