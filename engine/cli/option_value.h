/*
 * Reads the values of options that the library does not have. Every function returns 0, or
 * WM_EINVAL after saying on standard error what is wrong and what would be right; out-parameters
 * are then untouched.
 */
#ifndef ENGINE_CLI_OPTION_VALUE_H
#define ENGINE_CLI_OPTION_VALUE_H

#include <stddef.h>
#include <stdint.h>

/* A whole number from least to most. what is its name in messages. */
int option_number(const char *what, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number);

/* One of choices, which ends with NULL; *index is its place there. */
int option_choice(const char *what, const char *text, const char *const *choices, int *index);

/* Adds the next of a list, 'a, b or c', to text, which holds size bytes. */
void list_add(char *text, size_t size, const char *prefix, const char *word, int is_last);

#endif
