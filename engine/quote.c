/*
 * How text of others is shown. A byte that a terminal or a reader of records would act on, or that
 * is no character, is written as a backslash, x and two digits. What looks like that already has
 * its backslash written so too, so no two texts look the same.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "wordmill.h"

/* Controls, C1 among them; marks that turn the direction of text around; ends of lines. */
static int is_hidden(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* No name holds a NUL, so one that is written out already can only be that. */
static int looks_quoted(const char *text, size_t size)
{
    if (size >= 4 && memcmp(text, "\\x00", 4) == 0)
        return 0;
    return size >= 4 && text[0] == '\\' && text[1] == 'x' && isxdigit((unsigned char)text[2]) &&
           isxdigit((unsigned char)text[3]);
}

/* The bytes that stay as they are: a character, or none. */
static size_t plain_size(const char *text, size_t size)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, &c);
    return n <= 0 || is_hidden(c) || looks_quoted(text, size) ? 0 : (size_t)n;
}

size_t wm_quote(const char *text, size_t size, char *out, size_t capacity)
{
    size_t needed = 0, used = 0;
    int is_full = 0;
    size = text ? size : 0;
    capacity = out ? capacity : 0;
    while (size > 0) {
        char code[5];
        size_t n = plain_size(text, size), step = n > 0 ? n : 1;
        const char *from = n > 0 ? text : code;
        if (n == 0)
            n = (size_t)snprintf(code, sizeof code, "\\x%02x", (unsigned char)*text);
        is_full |= needed + n >= capacity;
        if (!is_full) {
            memcpy(out + used, from, n);
            used += n;
        }
        needed += n;
        text += step;
        size -= step;
    }
    if (capacity > 0)
        out[used] = '\0';
    return needed;
}
