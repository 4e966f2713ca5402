/*
 * Words counted by spelling become one word each, under the name of its commonest spelling. All
 * spellings of a word are in one slice, so the last round can do that to each slice alone.
 */
#ifndef WORKER_TASKS_SPELLING_H
#define WORKER_TASKS_SPELLING_H

#include "context/context.h"
#include "runs/gather.h"
#include "words/table.h"

/* Nothing is in it unless spellings are to be folded. All tables grow. */
struct spelling {
    struct context *context;
    struct gather *gather;
    struct table spellings;        /* what each has in all years */
    struct table numbers;          /* of words in lower case */
    struct table renamed;          /* the result */
    struct filter_scratch scratch; /* a key, and a word folded */
};

/* The gather is lent. 0 or CODE_NOMEM: there is nothing to release. */
int spelling_init(struct spelling *spelling, struct context *context, struct gather *gather);
void spelling_release(struct spelling *spelling);

/* Makes one word of the spellings of each that was gathered; unsorted afterwards. 0 or a negative
 * code. */
int spelling_choose(struct spelling *spelling);

#endif
