/* What is known of an option: one row of the table. */
#ifndef ENGINE_CLI_OPTION_ROW_H
#define ENGINE_CLI_OPTION_ROW_H

#include <stddef.h>

struct settings;
struct option_row;

/* Puts value where the row says. 0, or WM_EINVAL after saying on standard error what is wrong. */
typedef int setter(struct settings *settings, const struct option_row *row, const char *value);

enum command { COMMAND_COUNT, COMMAND_SUM, COMMAND_QUERY, COMMAND_BENCH, N_COMMANDS };

/* What options have headings by: rows stand in this order. */
enum option_group {
    GROUP_MEASURE,
    GROUP_REPORT,
    GROUP_HOW,
    GROUP_WHAT,
    GROUP_OUTPUT,
    GROUP_MESSAGES,
    N_GROUPS
};

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

#endif
