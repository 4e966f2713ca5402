/*
 * Which share of the input is this process's: the place of a task among the indices of its array.
 * A share is taken only if the indices can be told to be all that there ever were. Tasks that are
 * submitted again are in an array of their own, and would count other shares than at first. So
 * where the submitter chooses the indices, they have to be those of a whole array, of more than
 * one task. The facts are in one table, which the manual page is made of, too.
 */
#include "shard.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "option_value.h"

/*
 * Sources: sbatch(1); "Indexed Job" and "AWS Batch job environment variables" in the guides of the
 * two; TaskGroup in the reference of Google's Batch API; qsub(1) of Grid Engine, of PBS and of
 * Torque; "Environment variables" in the reference of LSF.
 */
const struct shard_system shard_systems[] = {
    {.name = "Slurm",
     .index = "SLURM_ARRAY_TASK_ID",
     .n = "SLURM_ARRAY_TASK_COUNT",
     .first = "SLURM_ARRAY_TASK_MIN",
     .last = "SLURM_ARRAY_TASK_MAX",
     .most = 1},
    {.name = "Kubernetes", .index = "JOB_COMPLETION_INDEX"},
    {.name = "AWS Batch", .index = "AWS_BATCH_JOB_ARRAY_INDEX", .n = "AWS_BATCH_JOB_ARRAY_SIZE"},
    {.name = "Google Batch", .index = "BATCH_TASK_INDEX", .n = "BATCH_TASK_COUNT"},
    {.name = "Grid Engine",
     .index = "SGE_TASK_ID",
     .first = "SGE_TASK_FIRST",
     .last = "SGE_TASK_LAST",
     .step = "SGE_TASK_STEPSIZE",
     .none = "undefined",
     .least = 1,
     .most = 1},
    {.name = "PBS", .index = "PBS_ARRAY_INDEX", .least = 1, .most = 1},
    {.name = "Torque", .index = "PBS_ARRAYID", .least = 1, .most = 1},
    {.name = "LSF",
     .index = "LSB_JOBINDEX",
     .last = "LSB_JOBINDEX_END",
     .step = "LSB_JOBINDEX_STEP",
     .none = "0",
     .least = 1,
     .most = 1},
    {.name = NULL}};

static const char digits[] = "0123456789";

int shard_is(const char *text)
{
    const char *slash = text + strspn(text, digits);
    size_t n = *slash == '/' ? strspn(slash + 1, digits) : 0;
    return n > 0 && slash[1 + n] == '\0';
}

const char *shard_variable(const struct shard_system *system, int i)
{
    const char *const names[] = {system->index, system->n, system->first, system->last,
                                 system->step};
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++)
        if (names[at] && i-- == 0)
            return names[at];
    return NULL;
}

const char *shard_begins(const struct shard_system *system)
{
    return system->most == 0 ? "0" : system->least == 1 ? "1" : "0 or 1";
}

/* A variable of the system that is set; NULL: none is, or this is no task of an array. */
static const char *variable_seen(const struct shard_system *system)
{
    const char *index = getenv(system->index), *name;
    if (index && system->none && strcmp(index, system->none) == 0)
        return NULL;
    for (int i = 0; (name = shard_variable(system, i)) != NULL; i++)
        if (getenv(name))
            return name;
    return NULL;
}

/* The only system that is there. */
static const struct shard_system *system_find(void)
{
    const struct shard_system *found = NULL;
    for (const struct shard_system *system = shard_systems; system->name; system++) {
        if (!variable_seen(system))
            continue;
        if (found) {
            console_say("both %s and %s say which task of an array this is: use --shard I/N",
                        found->name, system->name);
            return NULL;
        }
        found = system;
    }
    if (!found)
        console_say("--shard without I/N is for a task of a job array, but no variable of one is "
                    "set: use --shard I/N");
    return found;
}

/* name: NULL leaves the number as it is. */
static int variable_read(const struct shard_system *system, const char *name, uint64_t *number)
{
    if (!name)
        return 0;
    const char *text = getenv(name);
    if (!text) {
        console_say("%s is set, but %s is not: use --shard I/N", variable_seen(system), name);
        return WM_EINVAL;
    }
    return option_number(name, text, 0, UINT_MAX - 1, number);
}

/* Indices from first to last, n of them; n = 0: the system does not say. */
struct array {
    uint64_t index, first, last, step, n;
};

static int array_read(const struct shard_system *system, struct array *array)
{
    *array = (struct array){.first = system->least, .step = 1};
    if (variable_read(system, system->index, &array->index) < 0 ||
        variable_read(system, system->n, &array->n) < 0 ||
        variable_read(system, system->first, &array->first) < 0 ||
        variable_read(system, system->last, &array->last) < 0 ||
        variable_read(system, system->step, &array->step) < 0)
        return WM_EINVAL;
    if (!system->n && system->last && array->last >= array->first)
        array->n = array->last - array->first + 1;
    return 0;
}

/* Whether the indices are those of a whole array. */
static int is_whole(const struct shard_system *system, const struct array *array)
{
    return array->first >= system->least && array->first <= system->most && array->step == 1 &&
           (!system->last || array->last - array->first == array->n - 1);
}

/* n: how many tasks are expected; 0: as many as the system says. */
static int array_check(const struct shard_system *system, struct array *array, uint64_t n)
{
    if (n > 0 && array->n > 0 && n != array->n) {
        console_say("--shard /%llu, but %s has an array of %llu: use --shard I/N",
                    (unsigned long long)n, system->name, (unsigned long long)array->n);
        return WM_EINVAL;
    }
    if (n == 0 && shard_needs_n(system)) {
        console_say("%s does not say of how many tasks an array is: use --shard /N, or --shard I/N",
                    system->name);
        return WM_EINVAL;
    }
    if (array->n == 0)
        array->n = n;
    if (!is_whole(system, array) || (n == 0 && system->first && array->n < 2)) {
        console_say("this %s job array may be a part of another: one%s from %s on, without gaps, "
                    "says which share is meant; use --shard I/N",
                    system->name, system->first ? " of 2 tasks or more," : "",
                    shard_begins(system));
        return WM_EINVAL;
    }
    if (array->index < array->first || array->index - array->first >= array->n) {
        console_say("%s is %llu, which is none of %llu from %llu on: use --shard I/N",
                    system->index, (unsigned long long)array->index, (unsigned long long)array->n,
                    (unsigned long long)array->first);
        return WM_EINVAL;
    }
    return 0;
}

int shard_choose(wm_options *o, const char *value)
{
    uint64_t n = 0;
    struct array array;
    if (value && option_number("the number of shards", value + 1, 1, UINT_MAX - 1, &n) < 0)
        return WM_EINVAL;
    const struct shard_system *system = system_find();
    if (!system || array_read(system, &array) < 0 || array_check(system, &array, n) < 0)
        return WM_EINVAL;
    o->shard = (unsigned)(array.index - array.first + 1);
    o->n_shards = (unsigned)array.n;
    return 0;
}
