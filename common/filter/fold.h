/*
 * Lower case, code point by code point: what Unicode calls simple case mapping, so a capital sharp
 * s becomes one small sharp s, and a capital sigma always the same small one. Bytes that are no
 * UTF-8 stay as they are.
 */
#ifndef COMMON_FILTER_FOLD_H
#define COMMON_FILTER_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that a folded word of size bytes takes at most: two become three, if any are more. */
#define FOLD_SIZE_MAX(size) ((size_t)(size) + (size) / 2)

/* Writes the word in lower case. Returns its size. */
uint32_t fold_case(char *out, const char *word, uint32_t size);

#endif
