/* What lines say of a word. */
#ifndef COMMON_INPUT_VALUE_H
#define COMMON_INPUT_VALUE_H

#include <stddef.h>

/* In the order of the public enums. */
enum ngram_value { NGRAM_MATCHES, NGRAM_VOLUMES, NGRAM_PAGES, NGRAM_RECORDS };
enum ngram_by { NGRAM_BY_WORD, NGRAM_BY_YEAR, NGRAM_BY_DECADE };

#define NGRAM_VALUES_MAX 4
#define NGRAM_VALUES_ALL ((1u << NGRAM_VALUES_MAX) - 1)

/* "matches" and the like; NULL: there is no such value. */
const char *ngram_value_name(unsigned value);

/* The value with this name, or -1. */
int ngram_value_find(const char *name, size_t size);

/* "year" or "decade", what stands behind the word; NULL: nothing does. */
const char *ngram_period_name(unsigned by);

#endif
