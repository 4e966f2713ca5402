/* What the build makes of the table of options. Each function writes to standard output. */
#ifndef ENGINE_CLI_PAGES_PAGES_H
#define ENGINE_CLI_PAGES_PAGES_H

/*
 * Copies standard input, the source of the manual page, and puts the options of a command in place
 * of each line '@options COMMAND@', and batch systems in that of '@arrays@'. 0, or -1 after saying
 * that there is no such command.
 */
int manual_write(void);

/* What a shell reads. */
void bash_write(void);
void zsh_write(void);
void fish_write(void);

#endif
