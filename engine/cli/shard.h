/* The value of --shard. */
#ifndef ENGINE_CLI_SHARD_H
#define ENGINE_CLI_SHARD_H

#include <wordmill.h>

/* Whether text is digits, a slash and digits: what follows '--shard' is then its value. */
int shard_is(const char *text);

/*
 * Sets o->shard and o->n_shards from the variables that Slurm sets in each task of a job array. 0,
 * or WM_EINVAL after saying on standard error what is wrong.
 */
int shard_choose(wm_options *o);

#endif
