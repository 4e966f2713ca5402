/*
 * Filters at their limits: sums and words that grow too large, what is no tag or no regular
 * expression. And entries as the Ngram files list them: stripped, they are the untagged ones.
 */
#include <ctype.h>

#include "one_input.h"
#include "random.h"

static void assert_says(const wm_options *o, const char *expected)
{
    wm_result *result = run_well(o);
    struct bytes bytes = {.data = (char *)expected, .size = strlen(expected)};
    assert_true(is_result(result, &bytes));
    wm_result_free(result);
}

static void the_sum_of_a_word_that_does_not_count_may_pass_64_bits(void **state)
{
    (void)state;
    static const char text[] = "a\t1\t18446744073709551615\t1\n"
                               "b\t1\t5\t1\n"
                               "a\t2\t18446744073709551615\t1\n"
                               "a\t3\t18446744073709551615\t1\n";
    save_text(text);
    for (int workers = 0; workers < 3; workers++)
        for (uint64_t size = 1; size < 100; size += 20) {
            wm_options o = job_options(workers, size);
            o.match = "b";
            assert_says(&o, "b\t5\n");
            o.match = "a|b";
            assert_fails(&o, WM_EOVERFLOW, "the count of 'a' passes 64 bits");
        }
    remove_input();
}

static void a_word_asked_for_is_written_as_it_is_looked_at(void **state)
{
    (void)state;
    static const char *const asked[] = {"CAT", "Dog", "\xc3\x89"};
    save_text("Cat\t1\t5\t1\ncAt\t1\t9\t1\nDOG\t1\t0\t1\ncow\t1\t7\t1\n");
    wm_options o = job_options(2, 1);
    o.words = asked;
    o.n_words = 3;
    o.fold_case = WM_FOLD_LOWER;
    assert_says(&o, "cat\t14\ndog\t0\n\xc3\xa9\t0\n");
    o.fold_case = WM_FOLD_DOMINANT;
    assert_says(&o, "DOG\t0\ncAt\t14\n\xc3\xa9\t0\n");
    o.reduce = WM_MIN;
    assert_says(&o, "DOG\t0\ncAt\t5\n\xc3\xa9\t18446744073709551615\n");
    remove_input();
}

/* All of them are in one partition, but must not be in one slot of its table. */
static void a_word_may_have_many_spellings(void **state)
{
    (void)state;
    enum { N = 60000 };
    struct bytes input = {0};
    char text[100];
    for (int i = 0; i < N; i++) {
        char word[] = "abcdefghijklmnop";
        for (int bit = 0; bit < 16; bit++)
            if (i >> bit & 1)
                word[bit] = (char)toupper((unsigned char)word[bit]);
        bytes_print(&input, "%s\t1\t%d\t1\n", word, i == 777 ? 8 : 7);
    }
    save(input.data, input.size);
    bytes_release(&input);
    wm_options o = job_options(2, 100000);
    o.fold_case = WM_FOLD_DOMINANT;
    snprintf(text, sizeof text, "AbcDefghIJklmnop\t%d\n", 7 * N + 1);
    assert_says(&o, text);
    remove_input();
}

static void a_word_that_would_become_too_long_stays_as_it_is(void **state)
{
    (void)state;
    struct bytes input = {0}, expected = {0};
    for (int i = 0; i < 32768; i++)
        bytes_print(&input, "\xc8\xba");
    bytes_add(&expected, input.data, input.size);
    bytes_print(&input, "\t1\t5\t1\n");
    bytes_print(&expected, "\t5\n");
    bytes_add(&expected, "", 1);
    save(input.data, input.size);
    for (int fold = WM_FOLD_NONE; fold <= WM_FOLD_DOMINANT; fold++) {
        wm_options o = job_options(1, 0);
        o.fold_case = (enum wm_fold)fold;
        assert_says(&o, expected.data);
    }
    bytes_release(&input);
    bytes_release(&expected);
    remove_input();
}

static void a_tag_that_is_not_known_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",       "NOUNS",    "NOUN,",    ",NOUN", "NOUN,all",
                                        "__NOUN", "ADJ NUN",  "_",        " ",     "W",
                                        "NO UN",  "NOUN, ,X", "tagged,X", "all X", "ADJ=>NOUN"};
    static const char *const words[] = {"", "NOUNS", "",   "", "all",    "__NOUN", "NUN",      "_",
                                        "", "W",     "NO", "", "tagged", "all",    "ADJ=>NOUN"};
    wm_options o = job_options(2, 0);
    save_text("a\t1\t1\t1\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[300];
        snprintf(message, sizeof message,
                 "unknown tag '%s': use all, untagged, tagged, or some of NOUN VERB ADJ ADV PRON "
                 "DET ADP NUM CONJ PRT X . START END ROOT, with commas between them, or blanks for "
                 "a phrase",
                 words[i]);
        o.pos = wrong[i];
        assert_fails(&o, WM_EINVAL, "%s", message);
    }
    o.pos = "X X X X X X X X X X X X X X X X X";
    assert_fails(&o, WM_EINVAL,
                 "a phrase has more than 16 tags: 'X X X X X X X X X X X X X X X X X'");
    o.pos += 2;
    assert_says(&o, "");
    remove_input();
}

static void what_is_no_regular_expression_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"(", "cannot match '(': missing closing parenthesis (at byte 1)"},
        {"\\C", "cannot match '\\C': using \\C is disabled by the application (at byte 2)"},
        {"(*UTF)\xff", "cannot match '(*UTF)\\xff': using UTF is disabled by the application "
                       "(at byte 6)"},
        {"\xff(", "cannot match '\\xff(': missing closing parenthesis (at byte 2)"},
    };
    wm_options o = job_options(2, 0);
    save_text("a\t1\t1\t1\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        o.match = wrong[i][0];
        assert_fails(&o, WM_EINVAL, "%s", wrong[i][1]);
    }
    remove_input();
}

/* Every way to map, and the merge of sorted results. */
static void an_expression_that_explodes_is_an_error(void **state)
{
    (void)state;
    static const char words[] = "cannot match '^(x+x+)+$' with the word "
                                "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!': it takes too many "
                                "steps; let fewer parts of it stand for the same characters";
    save_text("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!\t1\t5\t1\n");
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 0);
        o.match = "^(x+x+)+$";
        assert_fails(&o, WM_EMATCH, "%s", words);
    }
    wm_options o = job_options(0, 0);
    o.format = WM_FORMAT_COUNTS;
    o.match = "^(x+x+)+$";
    o.sorted = 1;
    save_text("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!\t5\n");
    assert_fails(&o, WM_EMATCH, "%s", words);
    remove_input();
}

enum { N_PHRASE = 5 }; /* words in a phrase, at most */

/*
 * An occurrence of a phrase as the files list it: once for every subset of its words that bears
 * tags, and again with placeholders instead of those.
 */
static void list_occurrence(struct bytes *input, const char *const *phrase,
                            const char *const *phrase_tags, int n, unsigned count)
{
    for (unsigned subset = 0; subset < 1u << n; subset++)
        for (int alone = 0; alone < (subset > 0) + 1; alone++) {
            for (int i = 0; i < n; i++) {
                const char *word = phrase[i], *tag = phrase_tags[i];
                int is_boundary = *tag == '\0', is_tagged = subset >> i & 1;
                if (is_boundary && is_tagged)
                    goto next; /* it has no tag: there is no such entry */
                bytes_print(input, i > 0 ? " " : "");
                if (!is_tagged)
                    bytes_print(input, "%s", word);
                else if (alone)
                    bytes_print(input, "_%s_", tag);
                else
                    bytes_print(input, "%s_%s", word, tag);
            }
            bytes_print(input, "\t1999\t%u\t1\n", count);
            continue;
        next:
            input->size =
                1 + (size_t)((char *)memrchr(input->data, '\n', input->size) - input->data);
        }
}

static void make_phrases(struct bytes *input, struct bytes *plain, uint64_t *random)
{
    static const char *const vocabulary[] = {"the", "an_old", "W_hat", "9_", "=>", "AFFECTS_"};
    static const char *const tags[] = {"NOUN", "VERB", "ADJ",  "ADV", "PRON", "DET",
                                       "ADP",  "NUM",  "CONJ", "PRT", "X",    "."};
    bytes_print(input, "first\t1999\t1\t1\nfirst_X\t1999\t1\t1\n");
    bytes_print(plain, "first\t1999\t1\t1\n");
    for (int i = 0; i < 300; i++) {
        const char *phrase[N_PHRASE], *phrase_tags[N_PHRASE];
        int n = 1 + (int)random_below(random, N_PHRASE);
        unsigned count = (unsigned)random_below(random, 1000);
        for (int j = 0; j < n; j++) {
            phrase[j] = PICK(random, vocabulary);
            phrase_tags[j] = PICK(random, tags);
        }
        if (random_below(random, 4) == 0) {
            phrase[0] = "_START_";
            phrase_tags[0] = "";
        }
        list_occurrence(input, phrase, phrase_tags, n, count);
        list_occurrence(plain, phrase, (const char *const[N_PHRASE]){"", "", "", "", ""}, n, count);
    }
}

static void stripped_entries_add_up_to_the_untagged_ones(void **state)
{
    (void)state;
    static const int workers[] = {0, 1, 2, 7};
    static const uint64_t partition_sizes[] = {0, 1000, 30000};
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct bytes input = {0}, plain = {0}, expected = {0};
        struct oracle oracle;
        struct oracle_filter all = {0};
        uint64_t random = seed;
        make_phrases(&input, &plain, &random);
        oracle_count(&oracle, &plain, 1, &all);
        oracle_write(&oracle, &expected);
        bytes_add(&expected, "", 1);
        save(input.data, input.size);
        for (size_t i = 0; i < 12; i++) {
            wm_options o = job_options(workers[i % 4], partition_sizes[i / 4]);
            o.pos = "untagged";
            assert_says(&o, expected.data);
            o.pos = NULL;
            o.strip_pos = 1;
            assert_says(&o, expected.data);
        }
        oracle_release(&oracle);
        bytes_release(&input);
        bytes_release(&plain);
        bytes_release(&expected);
    }
    remove_input();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_of_a_word_that_does_not_count_may_pass_64_bits),
        cmocka_unit_test(a_word_asked_for_is_written_as_it_is_looked_at),
        cmocka_unit_test(a_word_may_have_many_spellings),
        cmocka_unit_test(a_word_that_would_become_too_long_stays_as_it_is),
        cmocka_unit_test(a_tag_that_is_not_known_is_refused),
        cmocka_unit_test(what_is_no_regular_expression_is_refused),
        cmocka_unit_test(an_expression_that_explodes_is_an_error),
        cmocka_unit_test(stripped_entries_add_up_to_the_untagged_ones),
    };
    return cmocka_run_group_tests(tests, make_input_path, remove_files);
}
