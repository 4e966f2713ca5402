/*
 * Gives words of a slice the lines they lack, one for each year or decade of a range. What comes
 * out may be much more than what was gathered, so it comes in batches.
 */
#ifndef WORKER_TASKS_FILL_H
#define WORKER_TASKS_FILL_H

#include "context/context.h"
#include "runs/gather.h"
#include "words/period.h"

struct fill_year {
    uint32_t size;
    char text[20];
};

/* Nothing is in it unless the job fills. */
struct fill {
    struct context *context;
    struct fill_year *years; /* all that a word should have, in the order of their bytes */
    size_t n_years;
    struct gather batch; /* what comes out */
    char *entries;       /* those of it that are new */
    size_t size;
    char *scratch; /* the pick's */
};

/* 0 or CODE_NOMEM: there is nothing to release. */
int fill_init(struct fill *fill, struct context *context);
void fill_release(struct fill *fill);

/* Takes a batch, some lines in the order of words; it may put them in another. 0 or a negative
 * code. */
typedef int fill_fn(void *user, struct gather *batch);

/*
 * Fills the words that were gathered, which are in order and have all their lines there, and hands
 * all out. A line with an empty year stands for a word that may have none, and is left out. 0 or a
 * negative code.
 */
int fill_words(struct fill *fill, const struct gather *gather, struct periods range, fill_fn *take,
               void *user);

#endif
