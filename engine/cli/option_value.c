/*
 * The values of options. Numbers are read by hand: strtoull takes blanks and signs, and reads '-1'
 * as a very large number.
 */
#include "option_value.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
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

static int suffix_shift(const char *suffix)
{
    if (suffix[0] == '\0')
        return 0;
    if (suffix[1] != '\0')
        return -1;
    switch (suffix[0]) {
    case 'K':
    case 'k':
        return 10;
    case 'M':
    case 'm':
        return 20;
    case 'G':
    case 'g':
        return 30;
    default:
        return -1;
    }
}

int option_size(const char *what, const char *text, uint64_t *size)
{
    /* An offset in a file has 63 bits. */
    const uint64_t most = INT64_MAX;
    struct digits d = digits_read(text);
    int shift = suffix_shift(d.end);
    if (d.end == text || shift < 0) {
        console_say("'%s' is not a size: use a number with K, M or G", text);
        return WM_EINVAL;
    }
    if (d.overflow || d.number > most >> shift) {
        console_say("%s %s is too large: at most %" PRIu64 "G", what, text, most >> 30);
        return WM_EINVAL;
    }
    if (d.number == 0) {
        console_say("%s %s is too small: at least 1", what, text);
        return WM_EINVAL;
    }
    *size = d.number << shift;
    return 0;
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

int option_seconds(const char *what, const char *text, double *seconds)
{
    const uint64_t most = 1000000000;
    struct digits d = digits_read(text);
    double number = (double)d.number, unit = 1;
    const char *end = d.end;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++)
            number += (double)(*end - '0') * (unit /= 10);
    if (d.end == text || *end != '\0') {
        console_say("%s '%s' is not a number of seconds", what, text);
        return WM_EINVAL;
    }
    if (d.overflow || number > (double)most) {
        console_say("%s %s is too large: at most %" PRIu64, what, text, most);
        return WM_EINVAL;
    }
    *seconds = number;
    return 0;
}

int option_shard(const char *text, unsigned *i, unsigned *n)
{
    const char *slash = strchr(text, '/');
    char first[24];
    uint64_t shard, n_shards;
    if (slash == NULL || (size_t)(slash - text) >= sizeof(first)) {
        console_say("'%s' is not a shard: use I/N, such as 3/16", text);
        return WM_EINVAL;
    }
    snprintf(first, sizeof(first), "%.*s", (int)(slash - text), text);
    if (option_number("the number of shards", slash + 1, 1, UINT_MAX, &n_shards) < 0 ||
        option_number("shard", first, 1, n_shards, &shard) < 0)
        return WM_EINVAL;
    *i = (unsigned)shard;
    *n = (unsigned)n_shards;
    return 0;
}

/* Adds the next of a list, 'a, b or c', to text, which holds size bytes. */
static void list_add(char *text, size_t size, const char *prefix, const char *word, int is_last)
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

static const struct option *option_of(const struct option *options, int val)
{
    for (; options->name != NULL; options++)
        if (options->val == val)
            return options;
    return NULL;
}

/* Lists the options that an abbreviation, such as '--p=3', may stand for. */
static void candidates_list(const char *argument, const struct option *options, char *list,
                            size_t list_size)
{
    size_t size = strcspn(argument + 2, "=");
    const struct option *last = NULL;
    for (; options->name != NULL; options++) {
        if (strncmp(options->name, argument + 2, size) != 0)
            continue;
        if (last != NULL)
            list_add(list, list_size, "--", last->name, 0);
        last = options;
    }
    if (last != NULL)
        list_add(list, list_size, "--", last->name, 1);
}

int option_reject(int c, char **argv, const struct option *options, const char *help)
{
    const char *argument = argv[optind - 1];
    int size = (int)strcspn(argument, "=");
    const struct option *known = option_of(options, optopt);

    if (c == ':' && strncmp(argument, "--", 2) == 0) {
        console_say("option '%s' needs a value; see '%s'", argument, help);
    } else if (c == ':') {
        console_say("option '-%c' needs a value; see '%s'", optopt, help);
    } else if (known != NULL) {
        console_say("option '--%s' takes no value; see '%s'", known->name, help);
    } else if (optopt > ' ' && optopt < 127) {
        console_say("unknown option '-%c'; see '%s'", optopt, help);
    } else if (optopt != 0) {
        console_say("unknown option '-\\x%02x'; see '%s'", optopt & 0xff, help);
    } else {
        char list[512] = "";
        candidates_list(argument, options, list, sizeof(list));
        if (list[0] == '\0')
            console_say("unknown option '%.*s'; see '%s'", size, argument, help);
        else
            console_say("option '%.*s' may be %s", size, argument, list);
    }
    return WM_EINVAL;
}
