/* The value of --shard, and the batch systems that it knows. */
#ifndef ENGINE_CLI_SHARD_H
#define ENGINE_CLI_SHARD_H

#include <wordmill.h>

/* What a system tells each task of an array, by the names of variables; NULL: it does not. */
struct shard_system {
    const char *name;         /* NULL ends the table */
    const char *index;        /* which task this is */
    const char *n;            /* how many there are */
    const char *first, *last; /* of the indices */
    const char *step;         /* from one to the next */
    const char *none;         /* what index is where there is no array; NULL: not set */
    unsigned least, most;     /* where the indices of a whole array may begin */
};

extern const struct shard_system shard_systems[];

/* The i-th variable of the system, from 0 on; NULL: there are no more. */
const char *shard_variable(const struct shard_system *system, int i);

/* Where the indices of a whole array may begin, as text. */
const char *shard_begins(const struct shard_system *system);

/* Whether the system does not say how many tasks there are, or where they begin. */
static inline int shard_needs_n(const struct shard_system *system)
{
    return !system->n && !system->first;
}

/* Whether text is I/N or /N, in digits: what follows '--shard' is then its value. */
int shard_is(const char *text);

/*
 * Sets o->shard and o->n_shards from the variables of a system. value: NULL, or '/N' for an array
 * of N tasks. 0, or WM_EINVAL after saying why they do not tell which share is meant.
 */
int shard_choose(wm_options *o, const char *value);

#endif
