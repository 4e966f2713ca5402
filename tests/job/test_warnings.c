/* Warnings of what may not be meant: kinds of words that are mixed, and words that no line has. */
#include "one_input.h"

static void assert_warns(const wm_options *o, uint64_t warnings)
{
    wm_result *result = run_well(o);
    assert_int_equal(wm_result_stats(result)->warnings, warnings);
    wm_result_free(result);
}

static void ranks_of_words_listed_several_times_are_told(void **state)
{
    (void)state;
    static const char *const texts[] = {"a\t1\t1\t1\na_X\t1\t1\t1\n",
                                        "a_X\t1\t1\t1\n_X_\t1\t1\t1\n", "a b_X\t1\t1\t1\n",
                                        "_START_ a\t1\t1\t1\n_X_=>_X_\t1\t1\t1\n"};
    static const char *const kinds[] = {"a_X\t1\t1\t1\n_END_\t1\t1\t1\nb_NOUN=>c_X\t1\t1\t1\n",
                                        "_X_\t1\t1\t1\n", "a\t1\t1\t1\n_ROOT_ W_hat\t1\t1\t1\n",
                                        ""};
    for (int i = 0; i < 4; i++)
        for (int workers = 0; workers < 3; workers++) {
            wm_options o = job_options(workers, 12);
            save_text(texts[i]);
            assert_warns(&o, 0);
            o.top = 1;
            assert_warns(&o, WM_WARN_MANY_KINDS);
            o.sort = WM_SORT_WORD;
            assert_warns(&o, 0);
            o.rank = 1;
            o.by = WM_BY_YEAR;
            assert_warns(&o, WM_WARN_MANY_KINDS | WM_WARN_TOP_OF_ALL);
            o.top = 0;
            assert_warns(&o, WM_WARN_MANY_KINDS);
            o.fold_case = WM_FOLD_LOWER;
            assert_warns(&o, WM_WARN_MANY_KINDS);
            o.match = "^(_X_|a)$"; /* of a and _X_ only one is in each of the first two */
            assert_warns(&o, 0);
            o.match = NULL;
            o.pos = "all";
            assert_warns(&o, 0);
            o.pos = "X";
            assert_warns(&o, 0);
            o.pos = NULL;
            save_text(kinds[i]);
            assert_warns(&o, 0);
        }
    remove_input();
}

static void text_has_no_tags(void **state)
{
    (void)state;
    save_text("snake_case and_X _X_\n");
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 12);
        o.format = WM_FORMAT_TEXT;
        o.top = 1;
        assert_warns(&o, 0);
        o.rank = 1;
        assert_warns(&o, 0);
    }
    remove_input();
}

/* Of the words asked for in these jobs, the second cannot be found. */
static void words_that_cannot_be_found_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *pos, *match;
        int strip, is_text, tokens, n_tokens;
        const char *words[2];
        uint64_t warnings;
    } jobs[] = {
        {"NOUN", NULL, 0, 0, 0, 1, {"a_NOUN", "a"}, WM_WARN_WORD_POS},
        {"untagged", NULL, 0, 0, 0, 1, {"a", "a_NOUN"}, WM_WARN_WORD_POS},
        {"ADJ NOUN", NULL, 0, 0, 0, 1, {"b_ADJ a_NOUN", "b_NOUN a_ADJ"}, WM_WARN_WORD_POS},
        {"NOUN", NULL, 1, 0, 0, 1, {"a", "a_NOUN"}, WM_WARN_WORD_STRIPPED},
        {NULL, NULL, 1, 0, 0, 1, {"W_hat", "a_VERB"}, WM_WARN_WORD_STRIPPED},
        {NULL, "^a", 0, 0, 0, 1, {"ab", "ba"}, WM_WARN_WORD_MATCH},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 1, {"don't", "e-mail"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 1, {"\u4e2d", "\u4e2d\u570b"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_LETTERS, 1, {"don", "don't"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_BLANKS, 1, {"e-mail", "e mail"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 2, {"of the", "of"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 2, {"of the", "of  the"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 2, {"of the", "of the end"}, WM_WARN_WORD_TOKENS},
        {NULL, NULL, 0, 1, WM_TOKENS_UAX29, 2, {"of the", ""}, WM_WARN_WORD_TOKENS},
    };
    save_text("x_X\t1990\t1\t1\n");
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        wm_options o = job_options(1, 1000);
        o.pos = jobs[i].pos;
        o.match = jobs[i].match;
        o.strip_pos = jobs[i].strip;
        o.tokens = (enum wm_tokens)jobs[i].tokens;
        o.ngrams_least = o.ngrams_most = (unsigned)jobs[i].n_tokens;
        o.format = jobs[i].is_text ? WM_FORMAT_TEXT : WM_FORMAT_V2;
        o.words = jobs[i].words;
        o.n_words = 1;
        assert_warns(&o, 0);
        o.n_words = 2;
        assert_warns(&o, jobs[i].warnings);
    }
    remove_input();
}

static void parts_that_do_not_add_up_are_told(void **state)
{
    (void)state;
    save_text("a\t1990\t1\t1\nb\t1990\t1\t1\n");
    wm_options o = job_options(1, 1000);
    o.shard = 1;
    for (o.n_shards = 1; o.n_shards < 3; o.n_shards++) {
        uint64_t told = o.n_shards > 1 ? WM_WARN_SHARD : 0;
        assert_warns(&o, 0);
        o.top = 1;
        assert_warns(&o, told);
        o.top = 0;
        o.by = WM_BY_YEAR;
        o.fill_years = 1;
        assert_warns(&o, told);
        o.first_year = 1990;
        assert_warns(&o, told);
        o.last_year = 1991;
        assert_warns(&o, 0);
        o.first_year = o.last_year = 0;
        o.fill_years = 0;
        o.by = WM_BY_WORD;
        o.rank = 1;
        assert_warns(&o, told);
        o.rank = 0;
        o.min_count = 2;
        assert_warns(&o, told);
        o.min_count = 0;
        o.fold_case = WM_FOLD_DOMINANT;
        assert_warns(&o, told);
        o.fold_case = WM_FOLD_LOWER;
    }
    remove_input();
}

static void tags_asked_for_that_no_word_has_are_told(void **state)
{
    (void)state;
    static const char *const poses_asked[] = {"untagged", "tagged", "X", "X NOUN", "START"};
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 12);
        for (int i = 0; i < 5; i++) {
            o.pos = poses_asked[i];
            save_text("W_hat\t1\t1\t1\nb_\t1\t1\t1\n");
            assert_warns(&o, WM_WARN_NO_TAGS);
            save_text("W_hat\t1\t1\t1\nb_VERB\t1\t1\t1\n");
            assert_warns(&o, 0);
            save_text("");
            assert_warns(&o, 0);
        }
        o.pos = NULL;
        o.strip_pos = 1;
        save_text("a\t1\t1\t1\nb\t1\t1\t1\n");
        assert_warns(&o, WM_WARN_NO_TAGS);
        /* Of a word asked for alone nobody knows what the others are. */
        static const char *const asked[] = {"a"};
        o.words = asked;
        o.n_words = 1;
        o.strip_pos = 0;
        o.pos = "untagged";
        assert_warns(&o, 0);
    }
    remove_input();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_words_listed_several_times_are_told),
        cmocka_unit_test(text_has_no_tags),
        cmocka_unit_test(words_that_cannot_be_found_are_told),
        cmocka_unit_test(parts_that_do_not_add_up_are_told),
        cmocka_unit_test(tags_asked_for_that_no_word_has_are_told),
    };
    return cmocka_run_group_tests(tests, make_input_path, remove_files);
}
