/* What counting and adding up results have in common: one job, made of options and files. */
#ifndef ENGINE_CLI_CMD_COUNT_H
#define ENGINE_CLI_CMD_COUNT_H

#include <wordmill.h>

#include "option_help.h"

struct count_kind {
    enum command command;
    struct help help;
    enum wm_format format; /* of its inputs */
};

/* Runs the subcommand and returns its exit status. */
int count_run(const struct count_kind *kind, int argc, char **argv);

#endif
