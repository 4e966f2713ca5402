/*
 * The options of all commands, a row each. getopt's table, --help, the lists of the manual page and
 * the completions of shells are made of it, so to add an option to a command is to add a row. If it
 * is the library's it also needs a field in wordmill.h and a row in engine/option_set.c.
 */
#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stddef.h>

#include "settings.h"

enum command { COMMAND_COUNT, COMMAND_SUM, COMMAND_QUERY, COMMAND_BENCH, N_COMMANDS };

struct command_words {
    const char *name;
    const char *summary;
    const char *operands; /* what follows the options */
    int has_groups;       /* its options have headings */
};

extern const struct command_words command_table[N_COMMANDS];

/* What options have headings by: rows stand in this order. */
enum option_group { GROUP_HOW, GROUP_WHAT, GROUP_OUTPUT, GROUP_MESSAGES, N_GROUPS };

extern const char *const group_names[N_GROUPS];

struct option_row {
    const char *name;
    char letter;       /* 0: it has none */
    unsigned commands; /* those that have it: bits, 1 << COMMAND_COUNT and so on */
    enum option_group group;
    const char *argument;  /* what its value is called, in brackets if it may be left out, with a
                              '=' if it must not be an argument of its own; NULL: it has none */
    const char *help;      /* for --help, which breaks lines */
    const char *otherwise; /* the default; NULL: it goes without saying */
    const char *manual;    /* for the manual page: scdoc; NULL: help says all */

    setter *set;
    size_t at;                  /* for set: the field of struct settings */
    unsigned least;             /* set_rounds */
    const char *single;         /* set_axis: the name of that option in the library */
    const char *const *choices; /* the words it takes, up to NULL; NULL: the library's */
    int n_choices;              /* only so many of them; 0: all */
};

/* Ends with a row whose name is NULL. */
extern const struct option_row option_table[];

/* The first row from row on that the command has, or the end. */
const struct option_row *option_first(const struct option_row *row, enum command command);

/* Whether its value may be left out. */
int option_is_free(const struct option_row *row);

/* '-j, --workers N', with blanks in place of a letter if it has none: as --help has it. */
void option_spell(const struct option_row *row, char *text, size_t size);

#endif
