/* wordmill sum: takes its own name as argv[0] and returns the exit status. */
#ifndef ENGINE_CLI_COMMANDS_CMD_SUM_H
#define ENGINE_CLI_COMMANDS_CMD_SUM_H

int cmd_sum(int argc, char **argv);

#endif
