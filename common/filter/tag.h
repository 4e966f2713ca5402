/*
 * The tags of Ngram words. A word has one token or several, with blanks or, in dependencies, "=>"
 * between them. A token has a tag if one of
 *
 *     _NOUN _VERB _ADJ _ADV _PRON _DET _ADP _NUM _CONJ _PRT _X _.
 *
 * stands behind something else, or if it is a tag alone: _NOUN_ and so on, or _START_, _END_,
 * _ROOT_. So W_hat, AFFECTS_ and SC_CLOSE have none.
 */
#ifndef COMMON_FILTER_TAG_H
#define COMMON_FILTER_TAG_H

#include <stddef.h>
#include <stdint.h>

/* Sets of tags: a bit for each, and one for a word that has none. */
#define TAGS_UNTAGGED (1u << 31)
#define TAGS_TAGGED (~TAGS_UNTAGGED)

/* The set of the one tag with this name; 0: there is none. */
unsigned tag_named(const char *name, size_t size);

/* All tags that tokens of the word have, or TAGS_UNTAGGED. */
unsigned tags_of(const char *word, uint32_t size);

/* Copies the word without its tags, but for tokens that are tags alone. Returns its size. */
uint32_t tags_strip(char *out, const char *word, uint32_t size);

#endif
