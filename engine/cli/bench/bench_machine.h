/* Where and how a bench was made. */
#ifndef ENGINE_CLI_BENCH_BENCH_MACHINE_H
#define ENGINE_CLI_BENCH_BENCH_MACHINE_H

#include <stddef.h>

struct machine {
    char version[32]; /* of wordmill */
    char date[32];    /* UTC, ISO 8601 */
    char system[256];
    char architecture[80];
    char cpu[256];
    int cpus;                   /* that this process may run on */
    const char *const *command; /* the arguments, the caller's */
    size_t n_command;
};

/* This machine, now. */
void machine_see(struct machine *machine, const char *const *command, size_t n_command);

/* The command as a shell would take it again. */
void machine_command(const struct machine *machine, char *text, size_t room);

#endif
