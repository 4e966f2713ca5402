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

/* The same of text that is ASCII, in its place. 8 bytes behind it can be written to, and stay. */
void fold_case_ascii(char *text, uint32_t size);

/* What is in a word, behind which 8 bytes can be read. */
enum {
    FOLD_OTHER = 1, /* what is not ASCII; no more is said then */
    FOLD_UNDERSCORE = 2,
    FOLD_SEVERAL = 4, /* a blank or an equals sign: it may be several tokens */
};
unsigned fold_look(const char *text, uint32_t size);

/* What one code point becomes. */
uint32_t fold_point(uint32_t point);

#endif
