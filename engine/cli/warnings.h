/* What a run did as asked, and may not be what was meant: a name for scripts, a line for people. */
#ifndef ENGINE_CLI_WARNINGS_H
#define ENGINE_CLI_WARNINGS_H

#include <stdint.h>
#include <stdio.h>

#include <wordmill.h>

/* A line on standard error for each of the set, stats->warnings. */
void warnings_say(const wm_stats *stats);

/* The names, as a list in JSON. */
void warnings_write(uint64_t warnings, FILE *file);

#endif
