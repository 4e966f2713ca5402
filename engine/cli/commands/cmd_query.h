/* wordmill query: takes its own name as argv[0] and returns the exit status. */
#ifndef ENGINE_CLI_COMMANDS_CMD_QUERY_H
#define ENGINE_CLI_COMMANDS_CMD_QUERY_H

int cmd_query(int argc, char **argv);

#endif
