/* Values and what they are called: in options, in reports and in messages. */
#include <stddef.h>

#include "input/formats.h"
#include "output/formats.h"
#include "wordmill.h"

/* A list: its names from that of value 0 on, and their number. */
struct names {
    const char *const *names;
    size_t n;
};

#define NAMES(...)                                                                                 \
    {                                                                                              \
        (const char *const[]){__VA_ARGS__},                                                        \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                      \
    }

static const struct names lists[] = {
    [WM_NAMES_BY] = NAMES("word", "year", "decade"),
    [WM_NAMES_SORT] = NAMES("default", "word", "count", "none"),
    [WM_NAMES_BAD_LINE] = NAMES("fail", "skip"),
    [WM_NAMES_FOLD] = NAMES("none", "lower", "dominant"),
    [WM_NAMES_REDUCE] = NAMES("sum", "min", "max"),
    [WM_NAMES_TOKENS] = NAMES("uax29", "letters", "blanks"),
    [WM_NAMES_NORMALIZE] = NAMES("nfc", "none"),
    [WM_NAMES_PHASE] = NAMES("split", "map", "reduce", "write", "done"),
};

/* Formats have their names in the rows of their tables. */
static const char *input_name_of(int value)
{
    const struct input_format *format = input_format_at((unsigned)value);
    if (value == WM_FORMAT_AUTO)
        return "auto";
    return value < WM_N_FORMATS && format ? format->name : NULL;
}

static const char *output_name_of(int value)
{
    const struct output_format *format = output_format_at((unsigned)value);
    return format ? format->name : NULL;
}

const char *wm_name(enum wm_names list, int value)
{
    if (list == WM_NAMES_FORMAT)
        return input_name_of(value);
    if (list == WM_NAMES_OUTPUT)
        return output_name_of(value);
    if (list == WM_NAMES_VALUE)
        return ngram_value_name((unsigned)value);
    if ((size_t)list >= sizeof lists / sizeof *lists || value < 0 || (size_t)value >= lists[list].n)
        return NULL;
    return lists[list].names[value];
}
