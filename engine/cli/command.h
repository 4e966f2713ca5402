/* The subcommands: each takes its own name as argv[0] and returns the exit status. */
#ifndef ENGINE_CLI_COMMAND_H
#define ENGINE_CLI_COMMAND_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SKIPPED = 3 /* done, but bad lines were skipped */
};

int cmd_bench(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_query(int argc, char **argv);
int cmd_sum(int argc, char **argv);

#endif
