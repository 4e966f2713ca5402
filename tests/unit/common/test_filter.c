/* Lower case, and what becomes of the part of a key that is no word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "filter/filter.h"
#include "filter/tag.h"
#include "random.h"

#define SEED 7

static char scratch[FILTER_SCRATCH_SIZE];

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
        {"\xc4\xb0", "i"},                                /* I with a dot */
        {"\xc8\xba\xc8\xbe", "\xe2\xb1\xa5\xe2\xb1\xa6"}, /* they grow */
        {"\xe2\x84\xa6", "\xcf\x89"},                     /* ohm */
        {"\xf0\x90\x90\x80Z", "\xf0\x90\x90\xa8z"},       /* deseret */
        {"\xe4\xb8\x96\xf0\x9f\x98\x80", "\xe4\xb8\x96\xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_folds(pairs[i][0], strlen(pairs[i][0]), pairs[i][1], strlen(pairs[i][1]));
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
        assert_true(n <= FOLD_SIZE_MAX(size));
        assert_folds(once, n, once, n);
    }
}

static int run(const struct filter *filter, struct filter_word *word, const char *data, size_t size)
{
    *word = (struct filter_word){data, (uint32_t)size, table_hash(data, size, SEED)};
    return filter_word(filter, scratch, word);
}

static void what_follows_the_word_is_not_looked_at_and_stays(void **state)
{
    (void)state;
    static const char key[] = "Tab\tRun_VERB\t1999";
    struct filter_word word;
    struct filter filter = {.dated = 1, .tags = tag_named("VERB", 4), .seed = SEED};
    assert_int_equal(run(&filter, &word, key, sizeof key - 1), 1);
    assert_ptr_equal(word.data, key);
    filter.dated = 0;
    assert_int_equal(run(&filter, &word, key, sizeof key - 1), 0);
    filter.dated = 1;
    filter.strip = 1;
    filter.fold = FOLD_LOWER;
    assert_int_equal(run(&filter, &word, key, sizeof key - 1), 1);
    assert_int_equal(word.size, 12);
    assert_memory_equal(word.data, "tab\trun\t1999", 12);
    assert_int_equal(word.hash, table_hash("tab\trun\t1999", 12, SEED));
}

static void spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own(void **state)
{
    (void)state;
    static const char *const spellings[] = {"word", "Word", "WORD", "word\t1", "Word\t2"};
    const struct filter filter = {.dated = 1, .fold = FOLD_DOMINANT, .seed = SEED};
    uint64_t hashes[5];
    for (int i = 0; i < 5; i++) {
        struct filter_word word;
        assert_int_equal(run(&filter, &word, spellings[i], strlen(spellings[i])), 1);
        assert_memory_equal(word.data, spellings[i], word.size);
        hashes[i] = word.hash;
        assert_int_equal(hashes[i] >> (64 - FILTER_HASH_BITS),
                         hashes[0] >> (64 - FILTER_HASH_BITS));
        for (int j = 0; j < i; j++)
            assert_int_not_equal((uint32_t)hashes[i], (uint32_t)hashes[j]);
    }
    assert_int_equal(hashes[0], table_hash("word", 4, SEED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_ascii_and_no_other_bytes_change),
        cmocka_unit_test(code_points_become_one_code_point_each),
        cmocka_unit_test(bytes_that_are_no_utf8_stay),
        cmocka_unit_test(folding_a_folded_word_changes_nothing),
        cmocka_unit_test(what_follows_the_word_is_not_looked_at_and_stays),
        cmocka_unit_test(spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
