/* Numbers and sizes on the command line: right or refused, and never anything in between. */
#include <stdarg.h>

#include <wordmill.h>

#include "console.h"
#include "fuzz.h"
#include "option_value.h"

__extension__ typedef unsigned __int128 wide;

static int n_said;

/* Instead of the command's. */
void console_say(const char *format, ...)
{
    char words[2048];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    check(n > 0);
    n_said++;
}

/* The number that text is, capped well past 64 bits, or 0: it is none. */
static int naive(const char *text, int suffixes, wide *value)
{
    size_t n = strspn(text, "0123456789");
    *value = 0;
    for (size_t i = 0; i < n; i++)
        *value = *value >> 90 ? *value : *value * 10 + (unsigned)(text[i] - '0');
    if (suffixes && text[n] && strchr("KkMmGg", text[n])) {
        *value <<= strchr("Kk", text[n]) ? 10 : strchr("Mm", text[n]) ? 20 : 30;
        return n > 0 && text[n + 1] == '\0';
    }
    return n > 0 && text[n] == '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const choices[] = {"word", "count", "none", NULL};
    char *text = malloc(size + 1);
    const uint64_t untouched = 12345;
    uint64_t got = untouched;
    int choice = -1;
    wide value;
    check(text);
    memcpy(text, data, size);
    text[size] = '\0';

    n_said = 0;
    int right = naive(text, 1, &value) && value >= 1 && value <= INT64_MAX;
    int rc = option_size("size", text, &got);
    check(rc == (right ? 0 : WM_EINVAL) && n_said == !right);
    check(got == (right ? (uint64_t)value : untouched));

    n_said = 0;
    got = untouched;
    right = naive(text, 0, &value) && value >= 2 && value <= UINT64_MAX - 5;
    rc = option_number("number", text, 2, UINT64_MAX - 5, &got);
    check(rc == (right ? 0 : WM_EINVAL) && n_said == !right);
    check(got == (right ? (uint64_t)value : untouched));

    rc = option_choice("choice", text, choices, &choice);
    check(rc == 0 ? strcmp(text, choices[choice]) == 0 : choice == -1);

    unsigned shard = 0, n_shards = 0;
    n_said = 0;
    rc = option_shard(text, &shard, &n_shards);
    check(n_said == (rc != 0));
    check(rc == 0 ? shard >= 1 && shard <= n_shards : shard == 0 && n_shards == 0);
    free(text);
    return 0;
}
