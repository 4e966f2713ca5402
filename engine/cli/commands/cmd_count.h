/*
 * wordmill count, and what adding up results has in common with it: one job, made of options and
 * files.
 */
#ifndef ENGINE_CLI_COMMANDS_CMD_COUNT_H
#define ENGINE_CLI_COMMANDS_CMD_COUNT_H

#include <wordmill.h>

#include "option_help.h"

struct count_kind {
    enum command command;
    struct help help;
    enum wm_format format; /* of its inputs */
};

/* Takes its own name as argv[0] and returns the exit status. */
int cmd_count(int argc, char **argv);

/* The same of this kind. */
int count_run(const struct count_kind *kind, int argc, char **argv);

#endif
