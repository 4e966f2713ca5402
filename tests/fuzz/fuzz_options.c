/* Values of options, by name and on the command line: right or refused, and never anything in
 * between. */
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

/* By name: *rc as wm_options_set, which says why it is not 0 and leaves o alone then. */
static wm_options set(const char *name, const char *text, int *rc)
{
    wm_options o, before;
    wm_error error = {0};
    wm_options_init(&o);
    before = o;
    *rc = wm_options_set(&o, name, text, &error);
    check(*rc == error.code && !*rc == !error.message[0]);
    check(*rc == 0 || memcmp(&o, &before, sizeof o) == 0);
    return o;
}

static void try_names(const char *text)
{
    wide value;
    int rc;
    int right = naive(text, 1, &value) && value >= 1 && value <= INT64_MAX;
    wm_options o = set("partition-size", text, &rc);
    check(rc == (right ? 0 : WM_EINVAL) && (!right || o.partition_size == (uint64_t)value));

    right = naive(text, 0, &value) && value >= 2 && value <= UINT32_MAX;
    o = set("fan-in", text, &rc);
    check(rc == (right ? 0 : WM_EINVAL) && (!right || o.fan_in == (unsigned)value));

    o = set("shard", text, &rc);
    check(rc != 0 || (o.shard >= 1 && o.shard <= o.n_shards));

    o = set("sort", text, &rc);
    check(rc != 0 || strcmp(text, wm_name(WM_NAMES_SORT, (int)o.sort)) == 0);

    o = set("years", text, &rc);
    check(rc != 0 || o.last_year == 0 || o.first_year <= o.last_year);

    o = set("task-timeout", text, &rc);
    check(rc != 0 || (o.task_timeout >= 0 && o.task_timeout <= 1e9));
    set("delimiter", text, &rc);
    set(text, text, &rc);
    set(text, NULL, &rc);
}

static void try_command(const char *text)
{
    static const char *const choices[] = {"word", "count", "none", NULL};
    const uint64_t untouched = 12345;
    uint64_t got = untouched;
    int choice = -1;
    wide value;
    n_said = 0;
    int right = naive(text, 0, &value) && value >= 2 && value <= UINT64_MAX - 5;
    int rc = option_number("number", text, 2, UINT64_MAX - 5, &got);
    check(rc == (right ? 0 : WM_EINVAL) && n_said == !right);
    check(got == (right ? (uint64_t)value : untouched));

    rc = option_choice("choice", text, choices, &choice);
    check(rc == 0 ? strcmp(text, choices[choice]) == 0 : choice == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    check(text);
    memcpy(text, data, size);
    text[size] = '\0';
    try_names(text);
    try_command(text);
    free(text);
    return 0;
}
