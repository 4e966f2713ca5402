/*
 * Files that are not in their place yet. Nobody can guess their names, lead us to them through a
 * link, or read them. Where the file system can do it, they have no name at all, so nothing is left
 * of them however the process ends.
 */
#ifndef ENGINE_FILES_TEMPORARY_H
#define ENGINE_FILES_TEMPORARY_H

#include <sys/types.h>

#define TEMPORARY_NAME_SIZE 32 /* with the NUL */

/* Where files go that are not to be beside another: $TMPDIR, else /tmp. */
const char *temporary_folder(void);

/* A file without a name, for as long as it is open. Its descriptor, or -1 with errno. */
int temporary_nameless(const char *folder);

/* A name that nobody knows beforehand. */
void temporary_choose(char name[TEMPORARY_NAME_SIZE]);

/*
 * A file in a folder, for reading and writing, with mode 600; *mode is what the caller's umask, or
 * the folder's ACL, gives any new file. name is "" if it has none. Its descriptor, or -1 with
 * errno.
 */
int temporary_beside(int folder, char name[TEMPORARY_NAME_SIZE], mode_t *mode);

/* One that has a name, with mode 600. */
int temporary_named(int folder, char name[TEMPORARY_NAME_SIZE]);

/* Gives a file of temporary_beside a name that is not there yet. 0, or -1 with errno. */
int temporary_link(int fd, int folder, const char *name);

#endif
