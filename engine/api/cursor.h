/*
 * The words of a result or of a table in an order that was asked for. They are put in order slice
 * by slice where they lie so, or all at once; whoever reads them takes them from the slice at hand.
 */
#ifndef ENGINE_API_CURSOR_H
#define ENGINE_API_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "api/block.h"
#include "api/result.h"
#include "api/table.h"
#include "runs/bounds.h"
#include "words/order.h"

struct wm_cursor {
    struct wm_result *result; /* held; or NULL */
    struct wm_table *table;   /* instead */
    const struct columns *columns;
    struct columns of_table;
    enum order order;
    int is_reversed;
    int is_sorted; /* the words have to be put in order as a whole */
    char *prefix;
    size_t prefix_size;
    struct entry *lower, *upper; /* of the prefix, made for a result by word; NULL: no bound */

    const struct entry **bounds; /* n_slices - 1 */
    const struct entry *end;     /* of the last slice; NULL: the last word */
    size_t n_slices;
    size_t n_fetched;         /* slices */
    struct table_place place; /* the first word that was not fetched */
    int at_word;              /* there is one */
    char *entries;            /* those of the slice, of a table, which has none */
    size_t entries_size, entries_capacity;

    struct gather gather; /* the slice at hand */
    size_t n_taken;       /* of it */
    uint64_t n_left;      /* words that may still be taken */
    uint64_t counts[1 + ENTRY_MORE_MAX];
    struct block block;
};

#endif
