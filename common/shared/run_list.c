/* A list of runs is short, however long the runs are. */
#include "shared/run_list.h"

#include "base/code.h"
#include "base/grow.h"

int run_list_add(struct run_list *list, struct extent_range run)
{
    struct extent_range *items =
        grow(list->items, &list->capacity, list->n + 1, sizeof *list->items);
    if (!items)
        return CODE_NOMEM;
    list->items = items;
    list->items[list->n++] = run;
    return 0;
}

int run_list_add_all(struct run_list *list, const struct extent_range *runs, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = run_list_add(list, runs[i]);
    return rc;
}
