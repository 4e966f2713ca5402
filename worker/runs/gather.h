/*
 * The words of many sorted runs between two bounds, in order. The bounds cut the key space into
 * slices, each of which one process gathers and sorts on its own (runs/bounds.h); a radix sort of a
 * slice that fits the cache costs less than a k-way merge of its runs.
 */
#ifndef WORKER_RUNS_GATHER_H
#define WORKER_RUNS_GATHER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "shared/arena.h"
#include "shared/message.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/run.h"

struct gather {
    const struct arena *arena; /* where runs lie; set once. NULL: not in its spill file */
    struct order_item *items;  /* capacity of them, and as many for scratch */
    size_t n;
    size_t capacity;
    int is_lasting; /* entries of the spill file are not copied: they are wanted where they lie */
    char *copies;   /* of others, since that file is mapped for a moment only */
    size_t copies_size;
    char *sums; /* entries of words that came more than once; grows */
    size_t sums_size;
};

static inline const struct run *run_at(const struct arena *arena, struct extent_range extents)
{
    return (const struct run *)(const void *)arena_at(arena, extents.first);
}

void gather_release(struct gather *gather);

/* Room for n items; those there are lost. 0 or CODE_NOMEM (unchanged). */
int gather_reserve(struct gather *gather, size_t n);

/*
 * Gathers the entries from *entry up to end, as many as fit so many bytes but at least one, and
 * sorts them. Sets *entry to the first that is left. 0 or CODE_NOMEM.
 */
int gather_entries(struct gather *gather, enum order order, const struct entry **entry,
                   const struct entry *end, size_t size);

/*
 * Gathers the entries of all runs from lower (NULL: the first) up to, without, upper (NULL: the
 * last), and sorts them; those of spilled runs are copies, there until the next call. 0 or
 * CODE_NOMEM.
 */
int gather_runs(struct gather *gather, enum order order, const struct run *const *runs,
                size_t n_runs, const struct entry *lower, const struct entry *upper);

/* The same of the runs that a message names, which lie in gather->arena. */
int gather_slice(struct gather *gather, enum order order, const struct message_slice *slice);

/* Whether two items are of the same word. Mostly the keys of the sort differ. */
static inline int items_are_same(const struct order_item *a, const struct order_item *b)
{
    return a->key == b->key && a->entry->size == b->entry->size &&
           memcmp(a->entry->key, b->entry->key, a->entry->size) == 0;
}

/* Room for size bytes in gather->sums; what is there is lost. 0 or CODE_NOMEM. */
int gather_reserve_sums(struct gather *gather, size_t size);

/*
 * Makes one item of all that have the same word, just gathered and sorted by word. 0, CODE_NOMEM,
 * or CODE_OVERFLOW: the sum of *failed passes 64 bits.
 */
int gather_combine(struct gather *gather, enum reduce_op reduce, const struct entry **failed);

#endif
