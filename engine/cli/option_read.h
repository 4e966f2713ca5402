/* Reads the options of a command line, as the table of options says. */
#ifndef ENGINE_CLI_OPTION_READ_H
#define ENGINE_CLI_OPTION_READ_H

#include "option_table.h"
#include "settings.h"

struct option;

/*
 * Sets what the options of argv say; getopt's optind is then that of the first operand. Stops at
 * --help. 0, or WM_EINVAL after saying on standard error what is wrong.
 */
int options_read(struct settings *settings, enum command command, int argc, char **argv);

/*
 * Says why getopt_long returned c ('?' or ':'), and always returns WM_EINVAL. help is the command
 * to look at. Needs opterr 0, a ':' first in the optstring, and a val of 256 or more for options
 * that have no letter.
 */
int option_reject(int c, char **argv, const struct option *options, const char *help);

#endif
