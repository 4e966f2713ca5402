/*
 * Reads the values of options. Every function returns 0, or WM_EINVAL after saying on standard
 * error what is wrong and what would be right; out-parameters are then untouched.
 */
#ifndef OPTION_VALUE_H
#define OPTION_VALUE_H

#include <stdint.h>

struct option;

/* Bytes, 1 or more: '4096', '64K', '16M', '2G' (powers of 1024). what is its name in messages. */
int option_size(const char *what, const char *text, uint64_t *size);

/* 0 or more, with or without a fraction. */
int option_seconds(const char *what, const char *text, double *seconds);

/* A whole number from least to most. */
int option_number(const char *what, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number);

/* 'I/N': share *i of *n, counted from 1. */
int option_shard(const char *text, unsigned *i, unsigned *n);

/* One of choices, which ends with NULL; *index is its place there. */
int option_choice(const char *what, const char *text, const char *const *choices, int *index);

/*
 * Says why getopt_long returned c ('?' or ':'), and always returns WM_EINVAL. help is the command
 * to look at. Needs opterr 0, a ':' first in the optstring, and a val of 256 or more for options
 * that have no letter.
 */
int option_reject(int c, char **argv, const struct option *options, const char *help);

#endif
