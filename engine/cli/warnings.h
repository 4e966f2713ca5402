/* What a run did as asked, and may not be what was meant: a name for scripts, a line for people. */
#ifndef CLI_WARNINGS_H
#define CLI_WARNINGS_H

#include <stdio.h>

/* A line on standard error for each of the set, wm_stats.warnings. */
void warnings_say(unsigned warnings);

/* The names, as a list in JSON. */
void warnings_write(unsigned warnings, FILE *file);

#endif
