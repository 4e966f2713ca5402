/* A list of runs, by where they lie in the arena. {0} is empty. */
#ifndef COMMON_SHARED_RUN_LIST_H
#define COMMON_SHARED_RUN_LIST_H

#include <stddef.h>

#include "shared/extent.h"

struct run_list {
    struct extent_range *items;
    size_t n;
    size_t capacity;
};

/* 0 or CODE_NOMEM. */
int run_list_add(struct run_list *list, struct extent_range run);
int run_list_add_all(struct run_list *list, const struct extent_range *runs, size_t n);

#endif
