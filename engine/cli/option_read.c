/*
 * getopt_long's tables are made of the rows that a command has. A row is known again by its letter,
 * or by its place if it has none.
 */
#include "option_read.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

#include "console.h"
#include "option_value.h"
#include "shard.h"

enum { ROWS_MAX = 64, LETTERS_SIZE = 3 * ROWS_MAX };

/* What getopt_long returns for a row. */
static int row_value(const struct option_row *row)
{
    return row->letter != 0 ? row->letter : 256 + (int)(row - option_table);
}

static int row_argument(const struct option_row *row)
{
    if (!row->argument)
        return no_argument;
    return option_is_free(row) ? optional_argument : required_argument;
}

static void tables_make(enum command command, struct option *names, char *letters)
{
    size_t n = 0, used = 0;
    letters[used++] = ':';
    const struct option_row *row = option_first(option_table, command);
    for (; row->name && n < ROWS_MAX - 1; row = option_first(row + 1, command)) {
        names[n++] = (struct option){row->name, row_argument(row), NULL, row_value(row)};
        if (row->letter == 0)
            continue;
        letters[used++] = row->letter;
        if (row->argument)
            letters[used++] = ':';
    }
    names[n] = (struct option){NULL, 0, NULL, 0};
    letters[used] = '\0';
}

static const struct option_row *row_of(enum command command, int value)
{
    const struct option_row *row = option_first(option_table, command);
    while (row->name && row_value(row) != value)
        row = option_first(row + 1, command);
    return row;
}

/* The value that an option had before. */
struct given {
    const struct option_row *row;
    const char *value;
};

/*
 * Of what counts, a second value may be meant as one more, as a second --word is. Yet it replaces
 * the first, as does a second --output. Returns whether it is another value.
 */
static int is_replaced(struct given *given, const struct option_row *row, const char *value)
{
    const char *text = value ? value : "";
    size_t i = 0;
    if ((row->group != GROUP_WHAT && row->set != set_output) || row->set == set_word)
        return 0;
    while (given[i].row && given[i].row != row)
        i++;
    int is_other = given[i].row && strcmp(given[i].value, text) != 0;
    given[i] = (struct given){row, text};
    return is_other;
}

int options_read(struct settings *settings, enum command command, int argc, char **argv)
{
    struct option names[ROWS_MAX];
    char letters[LETTERS_SIZE], help[64];
    struct given given[ROWS_MAX] = {{NULL, NULL}};
    const struct option_row *replaced = NULL;
    int c;
    tables_make(command, names, letters);
    opterr = 0;
    while (!settings->help_is_asked && (c = getopt_long(argc, argv, letters, names, NULL)) != -1) {
        const struct option_row *row = row_of(command, c);
        if (!row->name) {
            snprintf(help, sizeof help, "wordmill %s --help", command_table[command].name);
            return option_reject(c, argv, names, help);
        }
        /* A value that may be left out getopt_long takes only behind a '='. */
        if (!optarg && row->set == set_shard && argv[optind] && shard_is(argv[optind]))
            optarg = argv[optind++];
        if (is_replaced(given, row, optarg))
            replaced = row;
        int rc = row->set(settings, row, optarg);
        if (rc == 0 && command == COMMAND_BENCH && row->commands & 1U << COMMAND_COUNT)
            rc = settings_pass(settings, row, optarg);
        if (rc < 0)
            return rc;
    }
    if (replaced && !settings->is_quiet)
        console_say("--%s is given more than once: the last one counts", replaced->name);
    return 0;
}

static const struct option *option_of(const struct option *options, int val)
{
    for (; options->name; options++)
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
    for (; options->name; options++) {
        if (strncmp(options->name, argument + 2, size) != 0)
            continue;
        if (last)
            list_add(list, list_size, "--", last->name, 0);
        last = options;
    }
    if (last)
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
    } else if (known) {
        console_say("option '--%s' takes no value; see '%s'", known->name, help);
    } else if (optopt > ' ' && optopt < 127) {
        console_say("unknown option '-%c'; see '%s'", optopt, help);
    } else if (optopt != 0) {
        console_say("unknown option '-\\x%02x'; see '%s'", optopt & 0xff, help);
    } else {
        char list[512] = "";
        candidates_list(argument, options, list, sizeof list);
        if (list[0] == '\0')
            console_say("unknown option '%.*s'; see '%s'", size, argument, help);
        else
            console_say("option '%.*s' may be %s", size, argument, list);
    }
    return WM_EINVAL;
}
