/* Regular expressions match characters, or bytes where there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "filter/match.h"

static int run(const char *expression, const char *word, size_t size)
{
    struct match match;
    struct matcher matcher;
    char words[160] = "";
    if (match_compile(&match, expression, words, sizeof words) != 0)
        fail_msg("'%s': %s", expression, words);
    assert_int_equal(matcher_init(&matcher), 0);
    int rc = match_word(&match, &matcher, word, (uint32_t)size);
    matcher_release(&matcher);
    match_release(&match);
    return rc;
}

static void check(const char *expression, const char *word, int expected)
{
    if (run(expression, word, strlen(word)) != expected)
        fail_msg("'%s' and '%s': not %d", expression, word, expected);
}

static void characters_match(void **state)
{
    (void)state;
    check("^.{5}$",
          "\xc3\xa9"
          "cole",
          1);
    check("^.{6}$",
          "\xc3\xa9"
          "cole",
          0);
    check("^[\xd0\xb0-\xd1\x8f]+$", "\xd0\xbc\xd0\xb8\xd1\x80", 1);
    check("^[[:alpha:]]+$",
          "\xc3\xa9"
          "cole",
          1);
    check("^\\p{Greek}+$", "\xce\xbf\xce\xb4", 1);
    check("^\\p{Greek}+$", "\xd0\xbc", 0);
    check("^\\w\\d$", "\xe0\xa4\xb9\xd9\xa3", 1);
    check("(?i)\xc3\x89t", "\xc3\xa9T", 1);
    check("^.$", "\xf0\x90\x90\x80", 1);
    check("\\x{44f}", "\xd1\x8f", 1);
}

static void a_word_that_is_not_utf8_matches_as_bytes(void **state)
{
    (void)state;
    check("^.{4}$", "caf\xe9", 1);
    check("^caf", "caf\xe9", 1);
    check("^...\\xe9$", "caf\xe9", 1);
    check("\xc3\xa9", "\xff\xc3\xa9", 1);
    check("^.{3}$", "\xff\xc3\xa9", 1);
    check("\\x{44f}|caf", "caf\xe9", 0); /* no byte is so large, so it is none of bytes */
    check("^.{3}$", "\xed\xa0\x80", 1);  /* half of a pair */
    check("^.{4}$", "\xf4\x90\x80\x80", 1);
}

static void an_expression_that_is_not_utf8_matches_bytes(void **state)
{
    (void)state;
    check("\xe9$", "caf\xe9", 1);
    check("\xa9$", "caf\xc3\xa9", 1);
    check("^[\x80-\xff]{2}$", "\xc3\xa9", 1);
}

static void a_word_is_no_line(void **state)
{
    (void)state;
    assert_int_equal(run("^a.b$", "a\nb", 3), 1);
    assert_int_equal(run("^a.b$", "a\0b", 3), 1);
    assert_int_equal(run("^a$", "a\n", 2), 0);
    assert_int_equal(run("^$", "", 0), 1);
    assert_int_equal(run("a\\x00", "a\0", 2), 1);
}

static void what_takes_too_long_ends(void **state)
{
    (void)state;
    static const char *const expressions[] = {"^(x+x+)+$", "(*NO_JIT)^(x+x+)+$", "^(\\w+\\s?)*$",
                                              "(*LIMIT_MATCH=4000000000)^(x+x+)+$"};
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        check(expressions[i], "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!", CODE_MATCH);
}

/* Also on a machine stack that is as small as that of a thread may be. */
static void the_longest_word_is_no_trouble(void **state)
{
    (void)state;
    enum { SIZE = 65536 };
    char *word = malloc(SIZE);
    assert_non_null(word);
    memset(word, 'a', SIZE);
    assert_int_equal(run("^(a|b)*$", word, SIZE), 1);
    assert_int_equal(run("^(?:(?:a|b)(?:a|c))*$", word, SIZE), 1);
    assert_int_equal(run("(*NO_JIT)^(a|b)*$", word, SIZE), 1);
    assert_int_equal(run("^(a|b)*[^a]$", word, SIZE), 0);
    word[SIZE - 1] = '\xff';
    assert_int_equal(run("^(a|b)*.$", word, SIZE), 1);
    free(word);
}

static void what_is_no_expression_is_explained(void **state)
{
    (void)state;
    struct match match;
    char words[160] = "";
    assert_int_equal(match_compile(&match, "a{2}(", words, sizeof words), MATCH_INVALID);
    assert_string_equal(words, "missing closing parenthesis (at byte 5)");
    assert_int_equal(match_compile(&match, "\xff\\C", words, sizeof words), MATCH_INVALID);
    match_release(&match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_match),
        cmocka_unit_test(a_word_that_is_not_utf8_matches_as_bytes),
        cmocka_unit_test(an_expression_that_is_not_utf8_matches_bytes),
        cmocka_unit_test(a_word_is_no_line),
        cmocka_unit_test(what_takes_too_long_ends),
        cmocka_unit_test(the_longest_word_is_no_trouble),
        cmocka_unit_test(what_is_no_expression_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
