/* Which entries count, by the kinds of their tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "filter/pos.h"

enum { N_ENTRIES = 16 };

static const char *const entries[N_ENTRIES] = {"red",
                                               "red_ADJ",
                                               "_ADJ_",
                                               "red hen",
                                               "red_ADJ hen",
                                               "red_ADJ hen_NOUN",
                                               "red_NOUN hen_NOUN",
                                               "_START_ red_ADJ hen_NOUN",
                                               "_START_",
                                               "_START_ red",
                                               "_START_ red_ADJ",
                                               "hen_NOUN=>red_ADJ",
                                               "red _NOUN_",
                                               "_ADJ_ hen_NOUN",
                                               "",
                                               "red_ADJ _END_"};

/* Those that are taken, as a row of 0 and 1. */
static void check(const char *text, const char *expected)
{
    struct pos pos;
    const char *name = NULL;
    size_t size = 0;
    char taken[N_ENTRIES + 1] = "";
    assert_int_equal(pos_parse(&pos, text, &name, &size), 0);
    for (int i = 0; i < N_ENTRIES; i++)
        taken[i] = pos_takes(&pos, entries[i], (uint32_t)strlen(entries[i])) ? '1' : '0';
    pos_release(&pos);
    if (strcmp(taken, expected) != 0)
        fail_msg("%s takes %s instead of %s", text, taken, expected);
}

static void words_say_what_no_tag_says(void **state)
{
    (void)state;
    check("all", "1111111111111111");
    check("untagged", "1001000011000010");
    check("tagged", "0100011110110001");
    check(" Tagged\t", "0100011110110001");
}

static void every_token_has_one_of_the_tags(void **state)
{
    (void)state;
    check("ADJ", "0100000000100001");
    check("NOUN", "0000001000000000");
    check("ADJ,NOUN", "0100011100110001");
    check("_adj_, noun_", "0100011100110001");
    check("X", "0000000000000000");
}

static void a_phrase_has_exactly_its_tags_in_their_order(void **state)
{
    (void)state;
    check("ADJ NOUN", "0000010100000000");
    check("adj  _NOUN_", "0000010100000000");
    check("ADJ NOUN,NOUN NOUN", "0000011100000000");
    check("NOUN ADJ", "0000000000010000");
    check("NOUN NOUN NOUN,ADJ", "0100000000100001");
}

static void a_boundary_that_is_named_has_to_be_there(void **state)
{
    (void)state;
    check("START", "0000000011000000");
    check("start,END", "0000000011000000");
    check("ADJ,START", "0000000000100000");
    check("ADJ,START,END", "0000000000100001");
    check("START ADJ NOUN", "0000000100000000");
    check("ADJ END", "0000000000000001");
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"", ""},
                                           {",", ""},
                                           {"NOUN,", ""},
                                           {"NOUNS", "NOUNS"},
                                           {"ADJ none", "none"},
                                           {"__NOUN", "__NOUN"},
                                           {"all,X", "all"},
                                           {"_", "_"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct pos pos;
        const char *name = NULL;
        size_t size = 0;
        assert_int_equal(pos_parse(&pos, wrong[i][0], &name, &size), POS_UNKNOWN);
        assert_int_equal(size, strlen(wrong[i][1]));
        assert_memory_equal(name, wrong[i][1], size);
        pos_release(&pos);
    }
}

static void a_phrase_has_sixteen_tags_at_most(void **state)
{
    (void)state;
    char text[100] = "", entry[200] = "";
    struct pos pos;
    const char *name;
    size_t size;
    for (int n = 1; n <= POS_PHRASE_MAX + 1; n++) {
        strcat(text, n > 1 ? " ADV" : "ADV");
        strcat(entry, n > 1 ? " a_ADV" : "a_ADV");
        int is_long = n > POS_PHRASE_MAX;
        assert_int_equal(pos_parse(&pos, text, &name, &size), is_long ? POS_LONG : 0);
        if (!is_long)
            assert_int_equal(pos_takes(&pos, entry, (uint32_t)strlen(entry)), 1);
        pos_release(&pos);
    }
    text[POS_PHRASE_MAX * 4 - 1] = 0;
    assert_int_equal(pos_parse(&pos, text, &name, &size), 0);
    assert_int_equal(pos_takes(&pos, entry, (uint32_t)strlen(entry)), 0);
    pos_release(&pos);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_say_what_no_tag_says),
        cmocka_unit_test(every_token_has_one_of_the_tags),
        cmocka_unit_test(a_phrase_has_exactly_its_tags_in_their_order),
        cmocka_unit_test(a_boundary_that_is_named_has_to_be_there),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_phrase_has_sixteen_tags_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
