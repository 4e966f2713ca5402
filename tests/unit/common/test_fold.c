/* Folded case: of all code points, of bytes that are none, and of ASCII eight bytes at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter/fold.h"
#include "random.h"

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

#define SIZE_MAX_ASCII 40 /* several times eight bytes, and a rest */
#define BEHIND 8          /* bytes behind a word that belong to somebody else */

static unsigned naive_look(const char *word, size_t size)
{
    unsigned looks = 0;
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)word[i] >= 0x80)
            return FOLD_OTHER;
        if (word[i] == '_')
            looks |= FOLD_UNDERSCORE;
        if (word[i] == ' ' || word[i] == '=')
            looks |= FOLD_SEVERAL;
    }
    return looks;
}

/* The word in memory that ends where fold.h says; behind it stand any bytes. */
static char *place(uint64_t *random, const char *word, size_t size)
{
    static const char hostile[] = "_ =AZaz\0\x7F\x80\xFF";
    char *placed = malloc(size + BEHIND);
    assert_non_null(placed);
    memcpy(placed, word, size);
    random_fill(random, placed + size, BEHIND, hostile, sizeof hostile - 1);
    return placed;
}

static void check_look(uint64_t *random, const char *word, size_t size)
{
    char *placed = place(random, word, size);
    unsigned looks = fold_look(placed, (uint32_t)size);
    if (looks != naive_look(word, size))
        fail_msg("%u instead of %u, of the %zu bytes '%.*s'", looks, naive_look(word, size), size,
                 (int)size, word);
    free(placed);
}

static void what_is_seen_is_in_the_word_and_not_behind_it(void **state)
{
    (void)state;
    char word[SIZE_MAX_ASCII];
    uint64_t random = 1;
    for (size_t size = 0; size <= sizeof word; size++) {
        memset(word, 'x', sizeof word);
        check_look(&random, word, size);
        for (size_t at = 0; at < size; at++)
            for (int byte = 0; byte < 256; byte++) {
                memset(word, 'x', sizeof word);
                word[at] = (char)byte;
                check_look(&random, word, size);
            }
    }
}

static void words_of_any_bytes_look_as_they_do_byte_by_byte(void **state)
{
    (void)state;
    /* The last one alone is not ASCII; the others are what is looked for, and its neighbours. */
    static const char bytes[] = "aZ09\0\x01\x1F !<=>?@^_`\x7F\xC3";
    uint64_t random = 2;
    for (int i = 0; i < 100000; i++) {
        char word[SIZE_MAX_ASCII];
        size_t size = random_below(&random, sizeof word + 1);
        size_t n_letters = 2 + random_below(&random, sizeof bytes - 2);
        random_fill(&random, word, size, bytes, n_letters);
        check_look(&random, word, size);
    }
}

static void ascii_is_folded_where_it_stands(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 100000; i++) {
        char word[SIZE_MAX_ASCII], behind[BEHIND];
        size_t size = random_below(&random, sizeof word + 1);
        for (size_t at = 0; at < size; at++)
            word[at] = (char)random_below(&random, 128);
        char *placed = place(&random, word, size);
        memcpy(behind, placed + size, BEHIND);
        fold_case_ascii(placed, (uint32_t)size);
        for (size_t at = 0; at < size; at++)
            assert_int_equal(placed[at],
                             word[at] >= 'A' && word[at] <= 'Z' ? word[at] - 'A' + 'a' : word[at]);
        assert_memory_equal(placed + size, behind, BEHIND);
        free(placed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_ascii_and_no_other_bytes_change),
        cmocka_unit_test(code_points_become_one_code_point_each),
        cmocka_unit_test(folding_is_that_of_unicode),
        cmocka_unit_test(no_character_grows_by_more_than_half),
        cmocka_unit_test(bytes_that_are_no_utf8_stay),
        cmocka_unit_test(folding_a_folded_word_changes_nothing),
        cmocka_unit_test(what_is_seen_is_in_the_word_and_not_behind_it),
        cmocka_unit_test(words_of_any_bytes_look_as_they_do_byte_by_byte),
        cmocka_unit_test(ascii_is_folded_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
