/* The workers of a process, as anybody sees them. */
#ifndef TESTS_SUPPORT_CHILDREN_H
#define TESTS_SUPPORT_CHILDREN_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#define N_CHILDREN_MAX 64

/* The children of a process, found by their parent's number in /proc. */
static inline size_t find_children(pid_t parent, pid_t *children)
{
    DIR *folder = opendir("/proc");
    struct dirent *item;
    size_t n = 0;
    while (folder && n < N_CHILDREN_MAX && (item = readdir(folder))) {
        char path[300], line[400];
        int pid, parent_pid;
        if (item->d_name[0] < '1' || item->d_name[0] > '9')
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", item->d_name);
        FILE *file = fopen(path, "re");
        if (!file)
            continue;
        char *name_end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
        fclose(file);
        if (name_end && sscanf(name_end + 2, "%*c %d", &parent_pid) == 1 && parent_pid == parent &&
            sscanf(line, "%d", &pid) == 1)
            children[n++] = pid;
    }
    if (folder)
        closedir(folder);
    return n;
}

#endif
