/* What shells read to complete options. Each function writes to standard output. */
#ifndef ENGINE_CLI_PAGES_COMPLETIONS_H
#define ENGINE_CLI_PAGES_COMPLETIONS_H

void bash_write(void);
void zsh_write(void);
void fish_write(void);

#endif
