#include "dispatch/crashes.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "shared/progress.h"

int crashes_add(struct crashes **crashes, uint64_t record)
{
    struct crashes *old = *crashes;
    uint32_t n_skips = old ? old->n_skips : 0;
    /* Always with room for one more skip, so that crashes_skip cannot fail. */
    struct crashes *new = realloc(old, sizeof *new + (n_skips + 1) * sizeof *new->skips);
    if (!new)
        return CODE_NOMEM;
    if (!old)
        *new = (struct crashes){.n = 0};
    if (new->n == SCHEDULE_DEATHS_MAX)
        memmove(new->at, new->at + 1, --new->n * sizeof *new->at);
    new->at[new->n++] = record;
    *crashes = new;
    return 0;
}

int crashes_agree(const struct crashes *crashes)
{
    for (uint32_t i = 1; i < crashes->n; i++)
        if (crashes->at[i] != crashes->at[0])
            return 0;
    return crashes->n == SCHEDULE_DEATHS_MAX && crashes->at[0] != PROGRESS_NO_RECORD;
}

uint64_t crashes_record(const struct crashes *crashes)
{
    for (uint32_t i = 0; i < crashes->n; i++) {
        uint32_t n = 0;
        for (uint32_t j = 0; j < crashes->n; j++)
            n += crashes->at[i] == crashes->at[j];
        if (2 * n > SCHEDULE_DEATHS_MAX)
            return crashes->at[i];
    }
    return PROGRESS_NO_RECORD;
}

int crashes_skip(struct crashes *crashes)
{
    uint64_t record = crashes_record(crashes);
    if (record == PROGRESS_NO_RECORD || crashes->n_skips == CRASHES_SKIPS_MAX)
        return 0;
    uint32_t place = crashes->n_skips++;
    for (; place > 0 && crashes->skips[place - 1] > record; place--)
        crashes->skips[place] = crashes->skips[place - 1];
    crashes->skips[place] = record;
    crashes->n = 0;
    return 1;
}
