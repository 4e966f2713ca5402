/* The memory of a block: an array for each column, all with room for as many words. */
#ifndef ENGINE_API_BLOCK_H
#define ENGINE_API_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "output/columns.h"
#include "wordmill.h"
#include "words/order.h"

struct block {
    wm_block shown; /* to the caller */
    char *words;
    size_t words_capacity;
    size_t capacity; /* of the arrays, words */
    int64_t *offsets;
    uint64_t *counts[1 + ENTRY_MORE_MAX];
    const uint64_t *shown_counts[1 + ENTRY_MORE_MAX];
    uint64_t *years;
    uint64_t *ranks;
    double *shares[N_COLUMNS]; /* by enum column, but for the rank */
};

void block_release(struct block *block);

/* Leaves no words in it, and has room for n, as far as there is memory. */
void block_begin(struct block *block, const struct columns *columns, uint64_t n);

/*
 * Adds the words of n items, from *item on and then step items further (1 or -1), but none once the
 * block has n_bytes of words. How many, or WM_ENOMEM.
 */
int64_t block_add(struct block *block, const struct columns *columns, const struct order_item *item,
                  ptrdiff_t step, size_t n, size_t n_bytes);

/* What the caller sees of it; the block's. */
const wm_block *block_show(struct block *block);

#endif
