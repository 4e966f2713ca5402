/* The manual pages that were built or installed with this command, shown by man. */
#ifndef ENGINE_CLI_MANUAL_PAGE_H
#define ENGINE_CLI_MANUAL_PAGE_H

/*
 * Becomes man, which shows 'wordmill-COMMAND(1)'. Returns only if that cannot be: there is no such
 * page beside this command, or no man.
 */
void manual_page_open(const char *command);

#endif
