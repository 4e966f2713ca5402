/*
 * What a job must write that counts by year, ranks, fills, or adds up several values: naively, in
 * tables of rows that are gone through again and again. Words are short strings without a TAB.
 */
#ifndef TESTS_SERIES_H
#define TESTS_SERIES_H

#include <stddef.h>
#include <stdint.h>
#include <wordmill.h>

#include "oracle.h"

enum { SERIES_VALUES = 4 };

/* What is asked for, of the options with the same names. */
struct series {
    enum wm_by by;
    enum wm_sort sort;
    enum wm_fold fold;
    enum wm_output format;
    int rank, fill_years;
    uint64_t top, top_per, min_count;
    uint64_t first_year, last_year;
    const char *const *words; /* in lower case, with a fold */
    size_t n_words;
    size_t values[SERIES_VALUES]; /* 0 matches, 1 volumes, 2 pages, 3 records */
    size_t n_values;              /* at least 1 */
};

/* Appends the output of v1 or v2 lines, by how many fields they have. */
void series_write(struct bytes *out, const struct bytes *input, const struct series *series);

#endif
