/*
 * Which share of the input is this process's. In a Slurm job array it is the place of the task
 * among the array's indices, but only if these can be told to be all that there ever were: tasks
 * that are submitted again are in an array of their own, and would count other shares than at
 * first. So it has to begin at 0 or 1, without gaps, and to be of more than one task.
 */
#include "shard.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "option_value.h"

static const char digits[] = "0123456789";

int shard_is(const char *text)
{
    size_t size = strspn(text, digits);
    size_t n = text[size] == '/' ? strspn(text + size + 1, digits) : 0;
    return size > 0 && n > 0 && text[size + 1 + n] == '\0';
}

/* A variable of Slurm's that is a number. */
static int variable_read(const char *name, uint64_t *number)
{
    const char *text = getenv(name);
    if (!text) {
        console_say("--shard without I/N is for a Slurm job array, but %s is not set: use "
                    "--shard I/N",
                    name);
        return WM_EINVAL;
    }
    return option_number(name, text, 0, UINT_MAX - 1, number);
}

int shard_choose(wm_options *o)
{
    uint64_t id, least, most, n;
    if (variable_read("SLURM_ARRAY_TASK_ID", &id) < 0 ||
        variable_read("SLURM_ARRAY_TASK_MIN", &least) < 0 ||
        variable_read("SLURM_ARRAY_TASK_MAX", &most) < 0 ||
        variable_read("SLURM_ARRAY_TASK_COUNT", &n) < 0)
        return WM_EINVAL;
    if (n < 2 || least > 1 || most - least != n - 1 || id < least || id > most) {
        console_say("this Slurm job array may be a part of another: one of 2 tasks or more, from 0 "
                    "or 1 on, without gaps, says which share is meant; use --shard I/N");
        return WM_EINVAL;
    }
    o->shard = (unsigned)(id - least + 1);
    o->n_shards = (unsigned)n;
    return 0;
}
