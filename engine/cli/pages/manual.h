/* The manual page, with options out of their table. */
#ifndef ENGINE_CLI_PAGES_MANUAL_H
#define ENGINE_CLI_PAGES_MANUAL_H

/*
 * Copies standard input, the source of the page, to standard output. In place of each line
 * '@options COMMAND@' it puts the options of a command, and batch systems in place of '@arrays@'.
 * 0, or -1 after saying that there is no such command.
 */
int manual_write(void);

#endif
