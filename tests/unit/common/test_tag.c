/* Which words have tags, and what they are without them. */
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

static void check(const char *word, unsigned tags, const char *stripped)
{
    char out[100];
    uint32_t size = (uint32_t)strlen(word);
    if (tags_of(word, size) != tags)
        fail_msg("'%s' has %#x instead of %#x", word, tags_of(word, size), tags);
    size = tags_strip(out, word, size);
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
    check("plain run_VERB", named("VERB"), "plain run");
    check("run_VERB=>fast_ADV", named("VERB") | named("ADV"), "run=>fast");
    check("_NOUN_ _CONJ =>", named("NOUN"), "_NOUN_ _CONJ =>");
}

static void a_token_may_be_a_tag_alone(void **state)
{
    (void)state;
    check("_NOUN_", named("NOUN"), "_NOUN_");
    check("_._", named("."), "_._");
    check("_START_ The_DET", named("START") | named("DET"), "_START_ The");
    check("_ROOT_=>be", named("ROOT"), "_ROOT_=>be");
    check("  _END_ ", named("END"), "  _END_ ");
}

static void what_only_looks_like_a_tag_is_none(void **state)
{
    (void)state;
    static const char *const words[] = {"",        "W_hat",       "AFFECTS_",      "SC_CLOSE",
                                        "_",       "__",          "___",           "run_verb",
                                        "_NOUN",   "run_NOUN_",   "run_NOUNS",     "NOUN",
                                        "=>",      "a=b",         "run_",          "x_ END_",
                                        "a_START", "run_VERBx y", "EM_LINESCROLL", "_hat_",
                                        "._",      "_NOUN_x",     "VERB_run"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check(words[i], TAGS_UNTAGGED, words[i]);
}

static void names_are_whole_and_in_capitals(void **state)
{
    (void)state;
    assert_int_equal(tag_named("", 0), 0);
    assert_int_equal(tag_named("noun", 4), 0);
    assert_int_equal(tag_named("NOUN", 3), 0);
    assert_int_equal(tag_named("NOUN_", 5), 0);
    assert_int_equal(tag_named("NOUN", 4) & TAGS_UNTAGGED, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_stands_behind_the_last_underscore_of_a_token),
        cmocka_unit_test(a_token_may_be_a_tag_alone),
        cmocka_unit_test(what_only_looks_like_a_tag_is_none),
        cmocka_unit_test(names_are_whole_and_in_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
