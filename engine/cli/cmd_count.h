/* What counting and adding up results have in common: one job, made of options and files. */
#ifndef CMD_COUNT_H
#define CMD_COUNT_H

#include <wordmill.h>

struct count_kind {
    const char *name;         /* of the subcommand */
    const char *help_text;    /* all of --help */
    const char *letters;      /* of the options it has, as getopt wants them */
    const char *const *names; /* the long ones, a list that ends with NULL; NULL: all of count */
    enum wm_format format;    /* of its inputs */
};

/* Runs the subcommand and returns its exit status. */
int count_run(const struct count_kind *kind, int argc, char **argv);

#endif
