/* The memory comes from realloc, so whoever has the array frees it. */
#include "base/grow.h"

#include <stdint.h>
#include <stdlib.h>

#define CAPACITY_MIN 8

void *grow(void *items, size_t *capacity, size_t n, size_t item_size)
{
    size_t larger = *capacity <= SIZE_MAX / 2 ? 2 * *capacity : SIZE_MAX, size;
    if (n <= *capacity)
        return items;
    if (larger < CAPACITY_MIN)
        larger = CAPACITY_MIN;
    if (larger < n)
        larger = n;
    if (__builtin_mul_overflow(larger, item_size, &size))
        return NULL;
    void *moved = realloc(items, size);
    if (moved)
        *capacity = larger;
    return moved;
}
