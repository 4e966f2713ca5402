/*
 * What an output's name stands for. It is asked of the file that the kernel opens under that name,
 * links and all, and not of the name. So the kernel's own rules hold here, too: those about links
 * and files of others in a folder that all may write to (protected_symlinks, protected_regular).
 */
#ifndef ENGINE_FILES_TARGET_H
#define ENGINE_FILES_TARGET_H

#include <sys/stat.h>

struct target {
    int fd;          /* open for writing; -1: there was no such file */
    int is_direct;   /* a pipe, a device, a descriptor of ours: written to as it is */
    struct stat was; /* of fd */
    int folder; /* where a regular file has its name; -1: not known, it has to be written into */
    char *name; /* there */
};

/*
 * Opens what path is; blocks until a FIFO has a reader. A regular file keeps what is in it, and one
 * that is not there is not made. 0, or -1 with errno.
 */
int target_open(struct target *target, const char *path);

/* The same for a descriptor of ours. */
int target_open_descriptor(struct target *target, int fd);

/* Whether a regular file still has its name. */
int target_is_in_place(const struct target *target);

/* Whether what is written to one is written over the other. */
int target_is_same(const struct target *a, const struct target *b);

/* Whether it is this file, a regular one. */
int target_is_file(const struct target *target, dev_t device, ino_t inode);

/* Takes a closed one too. */
void target_close(struct target *target);

#endif
