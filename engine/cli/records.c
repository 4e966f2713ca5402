#include "records.h"

#include <limits.h>
#include <string.h>

#include "console.h"
#include "option_value.h"

const char *const records_formats[] = {"auto", "v1", "v2", "v3", "columns", "text", "counts", NULL};

/* counts is what sum reads. */
static const char *const formats[] = {"auto", "v1", "v2", "v3", "columns", "text", NULL};

static const char *const values[] = {"matches", "volumes", "pages", "records", NULL};
static const char *const groups[] = {"word", "year", "decade", NULL};

static int column_set(const char *what, const char *text, unsigned *column)
{
    uint64_t number;
    int rc = option_number(what, text, 1, UINT_MAX, &number);
    if (rc == 0)
        *column = (unsigned)number;
    return rc;
}

static int delimiter_set(wm_options *o, const char *text)
{
    if (strcmp(text, "\\t") == 0)
        text = "\t";
    if (strlen(text) != 1 || *text == '\n') {
        console_say("delimiter '%s' is not one byte: use a character, or \\t for a TAB", text);
        return WM_EINVAL;
    }
    o->delimiter = *text;
    return 0;
}

/* 'A-B', 'A-', '-B' or 'A'. */
static int years_set(wm_options *o, const char *text)
{
    char first[32], last[32];
    const char *dash = strchr(text, '-');
    size_t size = dash ? (size_t)(dash - text) : strlen(text);
    uint64_t from = 0, to = 0;
    if (size >= sizeof first || (dash && (strlen(dash + 1) >= sizeof last)) ||
        strcmp(text, "-") == 0 || *text == '\0') {
        console_say("'%s' is not a range of years: use 1900-1999, 1900- or -1899", text);
        return WM_EINVAL;
    }
    memcpy(first, text, size);
    first[size] = '\0';
    strcpy(last, dash ? dash + 1 : first);
    int rc = size > 0 ? option_number("year", first, 0, UINT64_MAX, &from) : 0;
    if (rc == 0 && *last != '\0')
        rc = option_number("year", last, 1, UINT64_MAX, &to);
    if (rc < 0)
        return rc;
    if (to > 0 && from > to) {
        console_say("there are no years from %s to %s", first, last);
        return WM_EINVAL;
    }
    o->first_year = from;
    o->last_year = to;
    return 0;
}

int records_set(wm_options *o, int c, const char *text)
{
    int index = 0, rc;
    switch (c) {
    case RECORDS_KEY_COLUMN:
        return column_set("key column", text, &o->key_column);
    case RECORDS_VALUE_COLUMN:
        return column_set("value column", text, &o->value_column);
    case RECORDS_DELIMITER:
        return delimiter_set(o, text);
    case RECORDS_YEARS:
        return years_set(o, text);
    case RECORDS_VALUE:
        rc = option_choice("value", text, values, &index);
        o->value = (enum wm_value)index;
        return rc;
    case RECORDS_BY:
        rc = option_choice("--by", text, groups, &index);
        o->by = (enum wm_by)index;
        return rc;
    default:
        rc = option_choice("format", text, formats, &index);
        o->format = (enum wm_format)index;
        return rc;
    }
}

int records_check(const wm_options *o)
{
    if (o->format != WM_FORMAT_COLUMNS &&
        (o->key_column > 0 || o->value_column > 0 || o->delimiter != '\0')) {
        console_say("--key-column, --value-column and --delimiter are for --format columns");
        return WM_EINVAL;
    }
    return 0;
}
