/* What tokens are, and what words are without their tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "filter/tag.h"

static unsigned named(const char *name)
{
    unsigned tag = tag_named(name, strlen(name));
    assert_int_not_equal(tag, 0);
    return tag;
}

static void check(const char *word, unsigned set, const char *stripped)
{
    char out[100];
    uint32_t size = (uint32_t)strlen(word);
    if (tag_set(word, size) != set)
        fail_msg("'%s' has %#x instead of %#x", word, tag_set(word, size), set);
    size = tag_strip(out, word, size);
    out[size] = 0;
    assert_string_equal(out, stripped);
}

static void a_tag_stands_behind_the_last_underscore_of_a_token(void **state)
{
    (void)state;
    check("run_VERB", named("VERB"), "run");
    check("a_b_NOUN", named("NOUN"), "a_b");
    check("__X", named("X"), "_");
    check("._.", named("."), ".");
    check("_NOUN__VERB", named("VERB"), "_NOUN_");
    check("can_VERB n't_ADV", named("VERB") | named("ADV"), "can n't");
    check("plain run_VERB", TAG_PLAIN | named("VERB"), "plain run");
    check("run_VERB  fast", TAG_PLAIN | named("VERB"), "run  fast");
    check("run_VERB ", named("VERB"), "run ");
}

static void a_token_may_stand_for_others_or_be_a_boundary(void **state)
{
    (void)state;
    check("_NOUN_", TAG_PLACEHOLDER, "_NOUN_");
    check("_._", TAG_PLACEHOLDER, "_._");
    check("_NOUN_ _CONJ", TAG_PLACEHOLDER | TAG_PLAIN, "_NOUN_ _CONJ");
    check("_START_ The_DET", named("START") | named("DET"), "_START_ The");
    check("_END_", named("END"), "_END_");
    check(" _END_ ", TAG_PLAIN | named("END"), " _END_ ");
    check("_START__NOUN", named("NOUN"), "_START_");
}

static void a_relation_is_two_tokens(void **state)
{
    (void)state;
    check("run_VERB=>fast_ADV", named("VERB") | named("ADV"), "run=>fast");
    check("_ROOT_=>be", named("ROOT") | TAG_PLAIN, "_ROOT_=>be");
    check("be_VERB=>_NOUN_", named("VERB") | TAG_PLACEHOLDER, "be=>_NOUN_");
    check("=>_.", named("."), "=>");
    check("a_X =>_. b_X", named("X") | named("."), "a => b");
    check("=>=>a_X", TAG_PLAIN | named("X"), "=>=>a");
    check("a_X=>", TAG_PLAIN, "a_X=>");
    check("a_X=> b_X", TAG_PLAIN | named("X"), "a_X=> b");
}

static void what_only_looks_like_a_tag_is_none(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",      "W_hat",     "AFFECTS_",  "SC_CLOSE",      "_",     "__",  "___",     "run_verb",
        "_NOUN", "run_NOUN_", "run_NOUNS", "NOUN",          "=>",    "a=b", "run_",    "9_",
        "A_",    "a_START",   "_VERBx y",  "EM_LINESCROLL", "_hat_", "._",  "_NOUN_x", "VERB_run",
        "_.",    "_noun_",    "a_ROOT",    "_Start_"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check(words[i], TAG_PLAIN, words[i]);
    check("x_ END_X y", TAG_PLAIN | named("X"), "x_ END y");
}

static void names_are_whole_and_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(tag_named("", 0), 0);
    assert_int_equal(tag_named("NOUN", 3), 0);
    assert_int_equal(tag_named("NOUN_", 5), 0);
    assert_int_equal(tag_named("NOUNNOUNNOUN", 12), 0);
    assert_int_equal(tag_named("noun", 4), named("NOUN"));
    assert_int_equal(tag_named("Root", 4), named("ROOT"));
    for (unsigned i = 0; i < TAG_N; i++)
        assert_int_equal(named(tag_name(i)), 1u << i);
    assert_int_equal(named("START") | named("END") | named("ROOT"), TAG_BOUNDARIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_stands_behind_the_last_underscore_of_a_token),
        cmocka_unit_test(a_token_may_stand_for_others_or_be_a_boundary),
        cmocka_unit_test(a_relation_is_two_tokens),
        cmocka_unit_test(what_only_looks_like_a_tag_is_none),
        cmocka_unit_test(names_are_whole_and_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
