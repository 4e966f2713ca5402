/*
 * What is shown of bytes of others: no control of a terminal goes through, and no two look alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <wordmill.h>

#include "random.h"

static void assert_shown(const char *text, const char *expected)
{
    char out[256];
    assert_int_equal(wm_quote(text, strlen(text), out, sizeof out), strlen(expected));
    assert_string_equal(out, expected);
}

static void what_can_be_shown_stays_as_it_is(void **state)
{
    (void)state;
    assert_shown("", "");
    assert_shown("plain text, C:\\windows\\x", "plain text, C:\\windows\\x");
    assert_shown("d\u00e9j\u00e0 \u4f60\u597d \U0001F600 \u00a0",
                 "d\u00e9j\u00e0 \u4f60\u597d \U0001F600 \u00a0");
}

static void controls_are_written_out(void **state)
{
    (void)state;
    assert_shown("a\tb\nc\r\033[31m\x7f", "a\\x09b\\x0ac\\x0d\\x1b[31m\\x7f");
    assert_shown("\x9b[31m", "\\x9b[31m");          /* C1, raw */
    assert_shown("\xC2\x9b[31m", "\\xc2\\x9b[31m"); /* and as UTF-8 */
    assert_shown("\u202egpj.exe", "\\xe2\\x80\\xaegpj.exe");
    assert_shown("\u2066a\u2069\u200f\u061c\u2028", "\\xe2\\x81\\xa6a\\xe2\\x81\\xa9\\xe2\\x80\\x8f"
                                                    "\\xd8\\x9c\\xe2\\x80\\xa8");
    char out[16];
    assert_int_equal(wm_quote("a\0b", 3, out, sizeof out), 6);
    assert_string_equal(out, "a\\x00b");
}

static void what_is_no_utf8_is_written_out(void **state)
{
    (void)state;
    assert_shown("caf\xe9", "caf\\xe9");
    assert_shown("\xe4\xbd", "\\xe4\\xbd");          /* cut off */
    assert_shown("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* half of a pair */
    assert_shown("\xc0\xaf", "\\xc0\\xaf");          /* too long */
}

static void what_looks_written_out_has_its_backslash_written_out(void **state)
{
    (void)state;
    assert_shown("\\x1b", "\\x5cx1b");
    assert_shown("\\\\x1B", "\\\\x5cx1B");
    assert_shown("\\x1", "\\x1");
    assert_shown("\\xg0", "\\xg0");
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The only text without a NUL that is shown so. */
static size_t undo(const char *shown, char *text)
{
    size_t size = 0;
    while (*shown) {
        if (shown[0] == '\\' && shown[1] == 'x' &&
            strspn(shown + 2, "0123456789abcdefABCDEF") >= 2) {
            text[size++] = (char)(digit(shown[2]) << 4 | digit(shown[3]));
            shown += 4;
        } else {
            text[size++] = *shown++;
        }
    }
    return size;
}

static void every_text_can_be_told_from_what_is_shown(void **state)
{
    (void)state;
    static const char alphabet[] = "\\x0123abF\n\t\x1b\xc2\x9b\xe2\x80\xae\xff .";
    uint64_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        char text[24], shown[sizeof text * 4 + 1], back[sizeof shown];
        size_t size = (size_t)random_below(&seed, sizeof text);
        for (size_t k = 0; k < size; k++)
            text[k] = alphabet[random_below(&seed, sizeof alphabet - 1)];
        size_t shown_size = wm_quote(text, size, shown, sizeof shown);
        assert_int_equal(shown_size, strlen(shown));
        for (size_t k = 0; k < shown_size; k++)
            assert_false((unsigned char)shown[k] < 0x20 || shown[k] == 0x7f);
        assert_int_equal(undo(shown, back), size);
        assert_memory_equal(back, text, size);
    }
}

static void it_is_cut_to_the_room_there_is(void **state)
{
    (void)state;
    static const char *const cut[] = {
        "", "", "", "", "", "\\x09", "\\x09", "\\x09\u00e9", "\\x09\u00e9b"};
    for (size_t capacity = 1; capacity < sizeof cut / sizeof *cut; capacity++) {
        char out[16];
        memset(out, '#', sizeof out);
        assert_int_equal(wm_quote("\t\u00e9b", 4, out, capacity), 7);
        assert_string_equal(out, cut[capacity]);
        for (size_t i = capacity; i < sizeof out; i++)
            assert_int_equal(out[i], '#');
    }
    assert_int_equal(wm_quote("\t", 1, NULL, 0), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_shown_stays_as_it_is),
        cmocka_unit_test(controls_are_written_out),
        cmocka_unit_test(what_is_no_utf8_is_written_out),
        cmocka_unit_test(what_looks_written_out_has_its_backslash_written_out),
        cmocka_unit_test(every_text_can_be_told_from_what_is_shown),
        cmocka_unit_test(it_is_cut_to_the_room_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
