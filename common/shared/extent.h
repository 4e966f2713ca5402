/* A piece of the arena, as messages and lists name it. */
#ifndef COMMON_SHARED_EXTENT_H
#define COMMON_SHARED_EXTENT_H

#include <stdint.h>

/* Extents [first, first + count) of the arena, in memory or in its spill file. */
struct extent_range {
    uint32_t first;
    uint32_t count;
};

#endif
