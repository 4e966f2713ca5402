/*
 * Which share of the input is this process's. In a Slurm job array the share is the place of the
 * task among the array's indices, which need neither begin at 1 nor have a step of 1; a list of
 * indices with gaps does not tell a task its place, and is refused.
 */
#include "shard.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "options.h"

static const char digits[] = "0123456789";

int shard_is(const char *text)
{
    size_t size = strspn(text, digits);
    size_t n = text[size] == '/' ? strspn(text + size + 1, digits) : 0;
    return size > 0 && n > 0 && text[size + 1 + n] == '\0';
}

static int shard_read(const char *text, uint64_t *shard, uint64_t *n)
{
    char first[24];
    size_t size = strspn(text, digits);
    if (!shard_is(text) || size >= sizeof(first)) {
        console_say("'%s' is not a shard: use I/N, such as 3/16", text);
        return WM_EINVAL;
    }
    memcpy(first, text, size);
    first[size] = '\0';
    int rc = option_number("the number of shards", text + size + 1, 1, UINT_MAX, n);
    return rc == 0 ? option_number("shard", first, 1, *n, shard) : rc;
}

/* A variable of Slurm's that is a number. */
static int variable_read(const char *name, uint64_t *number)
{
    const char *text = getenv(name);
    if (text == NULL) {
        console_say("--shard without I/N is for a Slurm job array, but %s is not set: use "
                    "--shard I/N",
                    name);
        return WM_EINVAL;
    }
    return option_number(name, text, 0, UINT_MAX, number);
}

static int slurm_read(uint64_t *shard, uint64_t *n)
{
    uint64_t id, least, most;
    if (variable_read("SLURM_ARRAY_TASK_ID", &id) < 0 ||
        variable_read("SLURM_ARRAY_TASK_MIN", &least) < 0 ||
        variable_read("SLURM_ARRAY_TASK_MAX", &most) < 0 ||
        variable_read("SLURM_ARRAY_TASK_COUNT", n) < 0)
        return WM_EINVAL;
    /* The step between n indices from least to most. */
    uint64_t step = *n > 1 && most > least ? (most - least) / (*n - 1) : 1;
    if (*n == 0 || id < least || id > most || least + step * (*n - 1) != most ||
        (id - least) % step != 0) {
        console_say("the indices of this Slurm job array have gaps: use --shard I/N");
        return WM_EINVAL;
    }
    *shard = (id - least) / step + 1;
    return 0;
}

int shard_set(wm_options *o, const char *text)
{
    uint64_t shard = 0, n = 0;
    int rc = text != NULL ? shard_read(text, &shard, &n) : slurm_read(&shard, &n);
    if (rc == 0) {
        o->shard = (unsigned)shard;
        o->n_shards = (unsigned)n;
    }
    return rc;
}
