/* wordmill bench: takes its own name as argv[0] and returns the exit status. */
#ifndef ENGINE_CLI_COMMANDS_CMD_BENCH_H
#define ENGINE_CLI_COMMANDS_CMD_BENCH_H

int cmd_bench(int argc, char **argv);

#endif
