/*
 * Case folding, code point by code point: what Unicode calls simple case folding. So all sigmas are
 * one letter, a long s is an s, and a capital sharp s a small one, which is not "ss". Dotted and
 * dotless i of Turkish stay as they are. Bytes that are no UTF-8 do, too.
 */
#ifndef COMMON_FILTER_FOLD_H
#define COMMON_FILTER_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* The version that the table is of. */
#define FOLD_UNICODE "15.0.0"

/*
 * Bytes that a word of size bytes is folded to at most: two become three, if any are more. Up to 8
 * behind the folded word are written to as well.
 */
#define FOLD_SIZE_MAX(size) ((size_t)(size) + (size) / 2 + 8)

/* Writes the word folded, whatever it is. Returns its size. */
uint32_t fold_case(char *out, const char *word, uint32_t size);

/* The same of a word that is ASCII, whose size stays. 1; 0: it is not, and out has no word. */
int fold_case_ascii(char *out, const char *word, uint32_t size);

/* What one code point becomes. */
uint32_t fold_point(uint32_t point);

#endif
