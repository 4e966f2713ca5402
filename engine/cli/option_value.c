/*
 * Numbers are read by hand: strtoull takes blanks and signs, and reads '-1' as a very large number.
 */
#include "option_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

#include "console.h"

/* The digits at the start of text: their number, where they end, and whether it passes 64 bits. */
struct digits {
    uint64_t number;
    const char *end;
    int overflow;
};

static struct digits digits_read(const char *text)
{
    struct digits d = {.end = text};
    for (; *d.end >= '0' && *d.end <= '9'; d.end++) {
        uint64_t digit = (uint64_t)(*d.end - '0');
        d.overflow |= d.number > (UINT64_MAX - digit) / 10;
        d.number = d.number * 10 + digit;
    }
    return d;
}

int option_number(const char *what, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number)
{
    struct digits d = digits_read(text);
    if (d.end == text || *d.end != '\0') {
        console_say("%s '%s' is not a whole number: at least %" PRIu64, what, text, least);
        return WM_EINVAL;
    }
    if (d.overflow || d.number > most) {
        console_say("%s %s is too large: at most %" PRIu64, what, text, most);
        return WM_EINVAL;
    }
    if (d.number < least) {
        console_say("%s %s is too small: at least %" PRIu64, what, text, least);
        return WM_EINVAL;
    }
    *number = d.number;
    return 0;
}

void list_add(char *text, size_t size, const char *prefix, const char *word, int is_last)
{
    size_t used = strlen(text);
    const char *comma = used == 0 ? "" : is_last ? " or " : ", ";
    snprintf(text + used, size - used, "%s%s%s", comma, prefix, word);
}

int option_choice(const char *what, const char *text, const char *const *choices, int *index)
{
    for (int i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], text) == 0) {
            *index = i;
            return 0;
        }
    }
    char list[256] = "";
    for (int i = 0; choices[i] != NULL; i++)
        list_add(list, sizeof(list), "", choices[i], choices[i + 1] == NULL);
    console_say("unknown %s '%s': use %s", what, text, list);
    return WM_EINVAL;
}
