/* The text of --help. */
#ifndef ENGINE_CLI_OPTION_HELP_H
#define ENGINE_CLI_OPTION_HELP_H

#include "option_table.h"

struct help {
    const char *about;    /* paragraphs before the options */
    const char *notes;    /* and behind them, or NULL */
    const char *examples; /* lines */
    const char *statuses; /* of exit, lines; NULL: those that all commands have */
};

/* Prints it, and returns the exit status. */
int help_print(enum command command, const struct help *help);

#endif
