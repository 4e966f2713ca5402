/*
 * The command wordmill: finds the subcommand in a table and runs it. A subcommand knows nothing of
 * the others; to add one, write cmd_NAME.[ch], a row here and one in command_table.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <wordmill.h>

#include "commands/cmd_bench.h"
#include "commands/cmd_count.h"
#include "commands/cmd_query.h"
#include "commands/cmd_sum.h"
#include "console.h"
#include "exit_status.h"
#include "manual_page.h"
#include "option_read.h"

static int (*const runs[N_COMMANDS])(int argc, char **argv) = {
    [COMMAND_COUNT] = cmd_count,
    [COMMAND_SUM] = cmd_sum,
    [COMMAND_QUERY] = cmd_query,
    [COMMAND_BENCH] = cmd_bench,
};

enum { OPTION_VERSION = 256 };

static int usage_print(void)
{
    char text[2048];
    size_t at = (size_t)snprintf(text, sizeof text,
                                 "usage: wordmill COMMAND [OPTIONS] [FILE...]\n"
                                 "       wordmill help [COMMAND]\n"
                                 "       wordmill --help | --version | COMMAND --help\n\n"
                                 "Counts words in files larger than memory likes, with a pool of "
                                 "processes.\n\ncommands:\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "  %-8s  %s\n", command_table[i].name,
                               command_table[i].summary);
    snprintf(text + at, sizeof text - at, "  %-8s  %s\n", help_words.name, help_words.summary);
    return console_print(text) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int version_print(void)
{
    char text[64];
    snprintf(text, sizeof text, "wordmill %s\n", wm_version());
    return console_print(text) == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* The command of this name, or N_COMMANDS after saying that there is none. */
static size_t command_find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(command_table[i].name, name) == 0)
            return i;
    console_say("unknown command '%s'; see 'wordmill --help'", name);
    return N_COMMANDS;
}

/* wordmill help [COMMAND]: its manual page, or what its --help prints. */
static int help_run(int argc, char **argv)
{
    if (argc == 1 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return usage_print();
    if (argc > 2) {
        console_say("help is of one command; see 'wordmill --help'");
        return EXIT_USAGE;
    }
    size_t i = command_find(argv[1]);
    if (i == N_COMMANDS)
        return EXIT_USAGE;
    manual_page_open(argv[1]);
    return runs[i](2, (char *[]){argv[1], "--help", NULL});
}

static int command_run(int argc, char **argv)
{
    if (strcmp(argv[0], help_words.name) == 0)
        return help_run(argc, argv);
    size_t i = command_find(argv[0]);
    return i < N_COMMANDS ? runs[i](argc, argv) : EXIT_USAGE;
}

static int arguments_run(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, OPTION_VERSION},
                                            {NULL, 0, NULL, 0}};
    opterr = 0;
    int c = getopt_long(argc, argv, "+:h", options, NULL);
    if (c == 'h')
        return usage_print();
    if (c == OPTION_VERSION)
        return version_print();
    if (c != -1) {
        option_reject(c, argv, options, "wordmill --help");
        return EXIT_USAGE;
    }
    if (optind >= argc) {
        console_say("no command; see 'wordmill --help'");
        return EXIT_USAGE;
    }
    int first = optind;
    /* 0, not 1, also makes getopt read the optstring anew. */
    optind = 0;
    return command_run(argc - first, argv + first);
}

/* Sorted inputs are all open at once. The lower limit is for programs that use select, which is not
 * used here. */
static void descriptors_allow(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    if (console_open() < 0)
        return EXIT_FAILED;
    descriptors_allow();
    /* The limit of file sizes is an error, as a full disk is. */
    signal(SIGXFSZ, SIG_IGN);
    /* It asks for a line of progress, and never ends what has none. */
    signal(SIGUSR1, SIG_IGN);
    int status = arguments_run(argc, argv);
    /* A network file system may say only now that the disk is full. */
    if (console_close() < 0 && status != EXIT_USAGE)
        status = EXIT_FAILED;
    return status;
}
