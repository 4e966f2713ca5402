/* One rule for arrays that grow: to twice what they are, or to what is needed if that is more. */
#ifndef COMMON_BASE_GROW_H
#define COMMON_BASE_GROW_H

#include <stddef.h>

/*
 * Room for n > 0 items of item_size bytes each in an array that has *capacity of them ({NULL, 0}
 * is empty). Returns the array, which may have moved, and sets *capacity; NULL: no memory, and
 * array and *capacity are what they were.
 */
void *grow(void *items, size_t *capacity, size_t n, size_t item_size);

#endif
