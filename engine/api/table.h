/* A table file as it is mapped, and places in it. */
#ifndef ENGINE_API_TABLE_H
#define ENGINE_API_TABLE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "wmt/wmt_read.h"
#include "wordmill.h"

struct wm_table {
    struct wmt_view view;
    void *data;
    size_t size;
    char *path; /* for messages */
    int fd;
    struct stat was;       /* when it was opened */
    atomic_uint n_cursors; /* which hold it, beside its owner */
};

struct table_place {
    uint64_t block;
    struct wmt_cursor word;
};

/* Goes to the first word that does not go before this one. 1; 0: there is none; WM_ETABLE or
 * WM_ECHANGED. */
int table_seek(const wm_table *table, const char *word, size_t size, struct table_place *place,
               wm_error *error);

/* Goes on to the next word. Returns the same. */
int table_next(const wm_table *table, struct table_place *place, wm_error *error);

#endif
