/*
 * The pages of this very build are those to show, wherever it was moved, and not those of another
 * version that man would find by itself. So they are looked for from where this program stands.
 */
#include "manual_page.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From the folder of the program:
 * where pages are after an install, and in a folder of the build. */
static const char *const folders[] = {WORDMILL_MANUALS, "engine/man", NULL};

/* The folder of this program: 0, or -1 if it is not known. */
static int program_folder(char *path, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", path, size);
    if (n <= 0 || (size_t)n == size)
        return -1;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash)
        return -1;
    *slash = '\0';
    return 0;
}

/* Whether the file 'FOLDER/man1/PAGE.1ENDING' can be read. */
static int page_is_there(const char *folder, const char *page, const char *ending)
{
    char *path;
    if (asprintf(&path, "%s/man1/%s.1%s", folder, page, ending) < 0)
        return 0;
    int rc = access(path, R_OK);
    free(path);
    return rc == 0;
}

/* Puts the folder in front of those that man looks into. 0, or -1. */
static int folder_set(const char *folder)
{
    const char *others = getenv("MANPATH");
    char *path;
    if (asprintf(&path, "%s:%s", folder, others ? others : "") < 0)
        return -1;
    int rc = setenv("MANPATH", path, 1);
    free(path);
    return rc;
}

/* Becomes man, if the folder has the page; packages have theirs packed. */
static void folder_try(const char *folder, const char *page)
{
    if ((!page_is_there(folder, page, "") && !page_is_there(folder, page, ".gz")) ||
        folder_set(folder) < 0)
        return;
    /* What this program ignores is its own affair. */
    signal(SIGUSR1, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    execlp("man", "man", "1", page, (char *)NULL);
}

void manual_page_open(const char *command)
{
    char program[PATH_MAX], page[64], *folder;
    snprintf(page, sizeof page, "wordmill-%s", command);
    if (program_folder(program, sizeof program) < 0)
        return;
    for (int i = 0; folders[i]; i++) {
        if (asprintf(&folder, "%s/%s", program, folders[i]) < 0)
            return;
        folder_try(folder, page);
        free(folder);
    }
}
