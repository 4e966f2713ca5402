/*
 * Whether words come back after more words than a table holds, as they do in daily logs, or in
 * results laid end to end. A sample of the distinct words tells: those whose hash ends in so many
 * zeros. When it is full, one more zero is asked for, so it also tells how many words there are
 * (adaptive sampling: Flajolet, "On adaptive sampling", Computing 43, 1990).
 */
#ifndef WORKER_TASKS_RECURRENCE_H
#define WORKER_TASKS_RECURRENCE_H

#include <stddef.h>
#include <stdint.h>

#include "words/table.h"

#define RECURRENCE_SLOTS 4096 /* a power of 2; half of them are used */
#define RECURRENCE_LEAST 16   /* words of the sample that are looked at before they are judged */

struct recurrence {
    uint64_t slots[RECURRENCE_SLOTS]; /* hashes; 0: empty */
    unsigned n;                       /* in the sample */
    unsigned n_zeros;
    unsigned n_looked_at; /* words of the sample in what was noted last: RECURRENCE_LEAST or more */
    unsigned n_back;      /* of them, those that were there before */
};

/* Has seen no word: at first one in 32 is sampled. */
#define RECURRENCE_NONE ((struct recurrence){.n_zeros = 5})

/* Notes the entries of the table that begin at byte start or later. */
void recurrence_note(struct recurrence *recurrence, const struct table *table, size_t start);

/* Of the words that were noted last, whether half or more had come before. */
static inline int recurrence_is_seen(const struct recurrence *recurrence)
{
    return recurrence->n_looked_at >= RECURRENCE_LEAST &&
           2 * recurrence->n_back >= recurrence->n_looked_at;
}

/* How many distinct words there were, about. */
static inline uint64_t recurrence_n_words(const struct recurrence *recurrence)
{
    return (uint64_t)recurrence->n << recurrence->n_zeros;
}

#endif
