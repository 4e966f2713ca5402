/*
 * The options of all commands, a row each. getopt's table, --help, the lists of the manual page and
 * the completions of shells are made of it. So an option is added to a command by adding a row. If
 * it is the library's it also needs a field in wordmill.h and a row in engine/api/option_set.c.
 */
#ifndef ENGINE_CLI_OPTION_TABLE_H
#define ENGINE_CLI_OPTION_TABLE_H

#include <stddef.h>

#include "option_row.h"

struct command_words {
    const char *name;
    const char *summary;
    const char *operands; /* what follows the options */
    int has_groups;       /* its options have headings */
};

extern const struct command_words command_table[N_COMMANDS];

/* 'wordmill help', which has no options of its own. */
extern const struct command_words help_words;

extern const char *const group_names[N_GROUPS];

/* Ends with a row whose name is NULL. */
extern const struct option_row option_table[];

/* The first row from row on that the command has, or the end. */
const struct option_row *option_first(const struct option_row *row, enum command command);

/* Whether its value may be left out. */
int option_is_free(const struct option_row *row);

/* '-j, --workers N', with blanks in place of a letter if it has none: as --help has it. */
void option_spell(const struct option_row *row, char *text, size_t size);

#endif
