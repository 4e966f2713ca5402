/* What is UTF-8: RFC 3629. */
#ifndef COMMON_BASE_UTF8_H
#define COMMON_BASE_UTF8_H

#include <stddef.h>

#include "base/bytes.h"

/* The bytes of the character that starts here, of left > 0 at most; 0: none does. */
static inline size_t utf8_size(const char *text, size_t left)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned lead = at[0], least = 0x80, most = 0xBF;
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < size)
        return 0;
    if (lead == 0xE0)
        least = 0xA0;
    else if (lead == 0xED)
        most = 0x9F;
    else if (lead == 0xF0)
        least = 0x90;
    else if (lead == 0xF4)
        most = 0x8F;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

static inline int utf8_is_valid(const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        if (end - text >= 8 && (load_le64(text) & EACH_BYTE(0x80)) == 0) {
            text += 8;
            continue;
        }
        size_t n = utf8_size(text, (size_t)(end - text));
        if (n == 0)
            return 0;
        text += n;
    }
    return 1;
}

#endif
