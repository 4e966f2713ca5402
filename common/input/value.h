/* What lines say of a word. */
#ifndef COMMON_INPUT_VALUE_H
#define COMMON_INPUT_VALUE_H

#include <stddef.h>

/* In the order of the public enum. */
enum ngram_value { NGRAM_MATCHES, NGRAM_VOLUMES, NGRAM_PAGES, NGRAM_RECORDS };

#define NGRAM_VALUES_MAX 4
#define NGRAM_VALUES_ALL ((1u << NGRAM_VALUES_MAX) - 1)

/* "matches" and the like; NULL: there is no such value. */
const char *ngram_value_name(unsigned value);

/* The value with this name, or -1. */
int ngram_value_find(const char *name, size_t size);

#endif
