/*
 * The values stand in ascending order, each once, so that reports and the plot need not sort.
 * AXIS_AUTO is larger than any number, so it is the last until it is known what was chosen.
 */
#include "axis.h"

#include <string.h>

enum { SWEEP_STEP = 4 };
#define SWEEP_FIRST (UINT64_C(64) << 10)

int axis_add(struct axis *axis, uint64_t value)
{
    uint32_t place = 0;
    while (place < axis->n && axis->values[place] < value)
        place++;
    if (place < axis->n && axis->values[place] == value)
        return 0;
    if (axis->n == AXIS_MAX)
        return -1;
    memmove(axis->values + place + 1, axis->values + place,
            (axis->n - place) * sizeof *axis->values);
    axis->values[place] = value;
    axis->n++;
    return 0;
}

void axis_settle(struct axis *axis, uint64_t chosen)
{
    if (axis->n == 0 || axis->values[axis->n - 1] != AXIS_AUTO)
        return;
    axis->n--;
    axis_add(axis, chosen);
}

void axis_add_sweep(struct axis *axis, uint64_t size)
{
    for (uint64_t value = SWEEP_FIRST; axis->n == 0 || value <= size / 4; value *= SWEEP_STEP)
        axis_add(axis, value);
}
