/*
 * What a map task does with words that have series. They are put one behind the other. Whenever
 * there is no more room, and at the end, they are sorted and made runs. A word that comes back is
 * there more than once. What lets words of scattered lines find each other is a table before that,
 * whose keys have their period (tasks/combine.h).
 */
#ifndef WORKER_TASKS_SERIES_H
#define WORKER_TASKS_SERIES_H

#include <stdint.h>

#include "context/context.h"
#include "runs/gather.h"
#include "tasks/recurrence.h"
#include "words/series.h"
#include "words/table.h"

/* Nothing is in it unless the job has series. */
struct series {
    struct context *context;
    struct gather *gather;          /* to sort the list in */
    struct filter_scratch *scratch; /* with spec->filter */
    struct table list;
    struct gather sorted; /* of a table that is taken */
    struct points points; /* the same */
    unsigned tokens;      /* of words so far, as spec->noted says */
    uint32_t task;

    /* So far: */
    uint64_t n_words;
    uint64_t n_points;
    uint64_t n_descents;          /* words that go before the one before */
    uint64_t last_key;            /* order key of that one */
    struct recurrence recurrence; /* of words in decades; years of a word come but once */
};

/* The gather and the scratch are lent. 0 or CODE_NOMEM. */
int series_init(struct series *series, struct context *context, struct gather *gather,
                struct filter_scratch *scratch);
void series_release(struct series *series);

/* Adds a word, without a TAB, if the filter lets it through; its points are in any order, and are
 * useless afterwards. 0 or a negative code, as the others. */
int series_add(struct series *series, const char *word, uint32_t size, struct points *points);

/* Whether a table would be better: words mostly come with one period, and in no order, or again. */
int series_is_scattered(const struct series *series);

/* Adds all words of a table, whose keys are words with TAB and period, and empties it. */
int series_take_table(struct series *series, struct table *table);

/* Makes runs of what there is. */
int series_flush(struct series *series);

#endif
