/* The values that bench tries of one setting. */
#ifndef ENGINE_CLI_AXIS_H
#define ENGINE_CLI_AXIS_H

#include <stdint.h>

#define AXIS_MAX 64          /* values on an axis */
#define AXIS_AUTO UINT64_MAX /* the value that the library chooses */

/* Ascending, none twice. */
struct axis {
    uint64_t values[AXIS_MAX];
    uint32_t n;
};

/* Puts value in its place, unless it is there. 0, or -1: the axis is full. */
int axis_add(struct axis *axis, uint64_t value);

/* What was chosen is known: it takes the place of AXIS_AUTO, if that is there. */
void axis_settle(struct axis *axis, uint64_t chosen);

/* Adds 64 KiB, 256 KiB, 1 MiB ... up to a quarter of size, the first one in any case. */
void axis_add_sweep(struct axis *axis, uint64_t size);

#endif
