/* The manual page, with options out of their table. */
#ifndef ENGINE_CLI_PAGES_MANUAL_H
#define ENGINE_CLI_PAGES_MANUAL_H

/*
 * Copies standard input, the source of the page, to standard output, and puts the options of a
 * command in place of each line '@options COMMAND@', and batch systems in that of '@arrays@'. 0, or
 * -1 after saying that there is no such command.
 */
int manual_write(void);

#endif
