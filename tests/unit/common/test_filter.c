/* Folded case, and what becomes of the part of a key that is no word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter/filter.h"
#include "filter/tag.h"
#include "random.h"

#define SEED 7

#define POINTS 0x110000

static void assert_folds(const char *word, size_t size, const char *expected, size_t expected_size)
{
    char out[FOLD_SIZE_MAX(300)];
    assert_true(size <= 300);
    assert_int_equal(fold_case(out, word, (uint32_t)size), expected_size);
    assert_memory_equal(out, expected, expected_size);
}

static void letters_of_ascii_and_no_other_bytes_change(void **state)
{
    (void)state;
    for (size_t place = 0; place < 20; place++)
        for (int byte = 0; byte < 256; byte++) {
            char word[20], expected[20];
            memset(word, '@', sizeof word);
            memset(expected, '@', sizeof expected);
            word[place] = (char)byte;
            expected[place] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
            assert_folds(word, sizeof word, expected, sizeof expected);
        }
}

static void code_points_become_one_code_point_each(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"\xc3\x89T\xc3\x89", "\xc3\xa9t\xc3\xa9"},
        {"\xce\x9f\xce\xa3", "\xce\xbf\xcf\x83"},         /* no final sigma */
        {"\xe1\xba\x9e", "\xc3\x9f"},                     /* sharp s */
        {"\xcf\x82\xc5\xbf", "\xcf\x83s"},                /* final sigma, long s */
        {"\xc4\xb0\xc4\xb1I", "\xc4\xb0\xc4\xb1i"},       /* i with and without a dot */
        {"\xc8\xba\xc8\xbe", "\xe2\xb1\xa5\xe2\xb1\xa6"}, /* they grow */
        {"\xe2\x84\xa6", "\xcf\x89"},                     /* ohm */
        {"\xf0\x90\x90\x80Z", "\xf0\x90\x90\xa8z"},       /* deseret */
        {"\xe4\xb8\x96\xf0\x9f\x98\x80", "\xe4\xb8\x96\xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_folds(pairs[i][0], strlen(pairs[i][0]), pairs[i][1], strlen(pairs[i][1]));
}

static void folding_is_that_of_unicode(void **state)
{
    (void)state;
    static uint32_t folds[POINTS];
    static const char first[] = "# CaseFolding-" FOLD_UNICODE ".txt";
    char line[300];
    unsigned from, to;
    char kind;
    FILE *file = fopen("/usr/share/unicode/CaseFolding.txt", "r");
    if (!file)
        skip(); /* it is in Debian's package unicode-data */
    assert_non_null(fgets(line, sizeof line, file));
    /* A later version may fold what did not fold before, and nothing else. */
    int is_later = strncmp(line, first, sizeof first - 1) != 0;
    for (uint32_t point = 0; point < POINTS; point++)
        folds[point] = point;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%x; %c; %x", &from, &kind, &to) == 3 && (kind == 'C' || kind == 'S'))
            folds[from] = to;
    fclose(file);
    for (uint32_t point = 0; point < POINTS; point++)
        if (fold_point(point) != folds[point] && !(is_later && fold_point(point) == point))
            fail_msg("%x becomes %x instead of %x", point, fold_point(point), folds[point]);
}

static uint32_t utf8_size(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static void no_character_grows_by_more_than_half(void **state)
{
    (void)state;
    for (uint32_t point = 0; point < POINTS; point++) {
        assert_true(2 * utf8_size(fold_point(point)) <= 3 * utf8_size(point));
        assert_int_equal(fold_point(fold_point(point)), fold_point(point));
    }
}

static void tags_and_tokens_that_are_no_words_keep_their_case(void **state)
{
    (void)state;
    static const char *const words[][2] = {{"Burnt_VERB", "burnt_VERB"},
                                           {"Burnt_Verb", "burnt_verb"},
                                           {"_VERB_ It", "_VERB_ it"},
                                           {"_START_ The_DET", "_START_ the_DET"},
                                           {"A_B=>C_NOUN", "a_b=>c_NOUN"},
                                           {"W_HAT", "w_hat"},
                                           {"_Start_", "_start_"},
                                           {"\xce\x9f\xce\xa3_X _._", "\xce\xbf\xcf\x83_X _._"},
                                           {"_NOUN", "_noun"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char out[FOLD_SIZE_MAX(100)];
        uint32_t size = filter_fold(out, words[i][0], (uint32_t)strlen(words[i][0]));
        assert_int_equal(size, strlen(words[i][1]));
        assert_memory_equal(out, words[i][1], size);
    }
}

static void bytes_that_are_no_utf8_stay(void **state)
{
    (void)state;
    static const char *const words[][2] = {
        {"\xc3", "\xc3"},
        {"A\xc3", "a\xc3"},
        {"\xc3\x28\xff\xfe", "\xc3\x28\xff\xfe"},
        {"\xed\xa0\x80X", "\xed\xa0\x80x"},               /* a surrogate */
        {"\xc1\x81\xe0\x80\x81", "\xc1\x81\xe0\x80\x81"}, /* overlong letters */
        {"\xf4\x90\x80\x80Q", "\xf4\x90\x80\x80q"},       /* past the last code point */
        {"\x89\xc3\x89", "\x89\xc3\xa9"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_folds(words[i][0], strlen(words[i][0]), words[i][1], strlen(words[i][1]));
}

static void folding_a_folded_word_changes_nothing(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 20000; i++) {
        char word[40], once[FOLD_SIZE_MAX(sizeof word)];
        static const char bytes[] = "aZ\xc3\x89\x9e\xe1\xba\xc8\xbe\xf0\x90\x80\0\xff";
        size_t size = random_below(&random, sizeof word);
        random_fill(&random, word, size, bytes, sizeof bytes - 1);
        uint32_t n = fold_case(once, word, (uint32_t)size);
        assert_true(n <= size + size / 2);
        assert_folds(once, n, once, n);
    }
}

static int run(const struct filter *filter, struct filter_scratch *scratch,
               struct filter_word *word, const char *data, size_t size)
{
    *word = (struct filter_word){data, (uint32_t)size, table_hash(data, size, SEED)};
    return filter_word(filter, scratch, word);
}

static void what_follows_the_word_is_not_looked_at_and_stays(void **state)
{
    (void)state;
    static const char key[] = "Tab\tRun_VERB\t1999";
    struct filter_word word;
    struct filter_scratch scratch;
    struct filter filter = {.dated = 1, .seed = SEED};
    const char *name;
    size_t size;
    assert_int_equal(pos_parse(&filter.pos, "VERB", &name, &size), 0);
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 1);
    assert_ptr_equal(word.data, key);
    filter.dated = 0;
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 0);
    filter.dated = 1;
    filter.strip = 1;
    filter.fold = FOLD_LOWER;
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 1);
    assert_int_equal(word.size, 12);
    assert_memory_equal(word.data, "tab\trun\t1999", 12);
    assert_int_equal(word.hash, table_hash("tab\trun\t1999", 12, SEED));
    filter_scratch_release(&scratch);
}

static void spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own(void **state)
{
    (void)state;
    static const char *const spellings[] = {"word", "Word", "WORD", "word\t1", "Word\t2"};
    const struct filter filter = {.dated = 1, .fold = FOLD_DOMINANT, .seed = SEED};
    struct filter_scratch scratch;
    uint64_t hashes[5];
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    for (int i = 0; i < 5; i++) {
        struct filter_word word;
        assert_int_equal(run(&filter, &scratch, &word, spellings[i], strlen(spellings[i])), 1);
        assert_memory_equal(word.data, spellings[i], word.size);
        hashes[i] = word.hash;
        assert_int_equal(hashes[i] >> (64 - FILTER_HASH_BITS),
                         hashes[0] >> (64 - FILTER_HASH_BITS));
        for (int j = 0; j < i; j++)
            assert_int_not_equal((uint32_t)hashes[i], (uint32_t)hashes[j]);
    }
    assert_int_equal(hashes[0], table_hash("word", 4, SEED));
    filter_scratch_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_ascii_and_no_other_bytes_change),
        cmocka_unit_test(code_points_become_one_code_point_each),
        cmocka_unit_test(folding_is_that_of_unicode),
        cmocka_unit_test(no_character_grows_by_more_than_half),
        cmocka_unit_test(tags_and_tokens_that_are_no_words_keep_their_case),
        cmocka_unit_test(bytes_that_are_no_utf8_stay),
        cmocka_unit_test(folding_a_folded_word_changes_nothing),
        cmocka_unit_test(what_follows_the_word_is_not_looked_at_and_stays),
        cmocka_unit_test(spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
