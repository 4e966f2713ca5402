/*
 * The values that the library does not read. What is no number is refused before strtoull sees it,
 * which takes blanks and signs, and reads '-1' as a very large number.
 */
#include "option_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wordmill.h>

#include "console.h"

int option_number(const char *what, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
        console_say("%s '%s' is not a whole number: at least %" PRIu64, what, text, least);
        return WM_EINVAL;
    }
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (errno == ERANGE || value > most) {
        console_say("%s %s is too large: at most %" PRIu64, what, text, most);
        return WM_EINVAL;
    }
    if (value < least) {
        console_say("%s %s is too small: at least %" PRIu64, what, text, least);
        return WM_EINVAL;
    }
    *number = value;
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
    for (int i = 0; choices[i]; i++) {
        if (strcmp(choices[i], text) == 0) {
            *index = i;
            return 0;
        }
    }
    char list[256] = "";
    for (int i = 0; choices[i]; i++)
        list_add(list, sizeof list, "", choices[i], !choices[i + 1]);
    console_say("unknown %s '%s': use %s", what, text, list);
    return WM_EINVAL;
}
