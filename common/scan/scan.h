/*
 * Finds the ends of lines, many bytes at a time, and adds up lines of one word. The variants are
 * twins: the portable one, here, says what is right, a SIMD one (twins.h) is the same faster.
 */
#ifndef COMMON_SCAN_SCAN_H
#define COMMON_SCAN_SCAN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan/edges.h"

/* Bytes that may be read past the end of any buffer given to scan and parse functions. */
#define SCAN_PADDING 64

/* Bytes looked at in one call at most, and entries that ends must have room for. */
#define SCAN_BLOCK_SIZE 4096

/* The shortest line that is added up is `TAB 1999 TAB 1 TAB LF`. */
#define SCAN_SAME_MAX (SCAN_BLOCK_SIZE / 9 + 1)
#define SCAN_N_ENDS (SCAN_BLOCK_SIZE + 64)

/*
 * Stores in ends, in order, the position of every LF in [data, data + size), size at most
 * SCAN_BLOCK_SIZE. Returns how many there are; entries behind them are overwritten. data is
 * readable for SCAN_PADDING bytes more.
 */
typedef size_t scan_lines_fn(const char *data, size_t size, uint32_t *ends);

/* Number of LF in [data, data + size), of any size, readable for SCAN_PADDING bytes more. */
typedef size_t scan_count_fn(const char *data, size_t size);

/* A word and the TAB behind it, made ready to be compared with the starts of lines. */
struct scan_word {
    const char *data; /* readable for SCAN_PADDING bytes */
    size_t size;      /* of what is compared */
    size_t year_at; /* size, but for words of one year or decade: those compare digits of it too */
    uint64_t head, tail; /* the first and the last 8 bytes; of less than 8, both all of them */
    uint64_t mask;       /* of what counts in head and tail */
    size_t tail_at;
};

/* Before the first word: no line has a head and a tail like this. */
#define scan_no_word ((struct scan_word){.tail = UINT64_MAX, .mask = UINT64_MAX})

/* n_digits of the year, 0 to 4, are compared as well. */
void scan_word_set(struct scan_word *word, const char *data, size_t size, size_t n_digits);

/* Where line i starts: behind the end of the one before; ends[-1] may be in front of the block. */
static inline const char *scan_line(const char *block, const uint32_t *ends, size_t i)
{
    return block + (int32_t)ends[(ptrdiff_t)i - 1] + 1;
}

/*
 * Adds to *sum the counts of lines, as scan_line finds them, as long as each is `word year TAB
 * count TAB ...` with a year of four digits and a count of at most seven digits (a variant may take
 * more, up to 9,999,999,999). Returns how many lines that were, n_lines at most. There are no more
 * lines than a block of SCAN_BLOCK_SIZE bytes can hold.
 */
typedef size_t scan_same_fn(const struct scan_word *word, const char *block, const uint32_t *ends,
                            size_t n_lines, uint64_t *sum);

/* Years from first to first + span, as their four digits are read: a big-endian number. */
struct scan_years {
    uint32_t first;
    uint32_t span;
    uint64_t n_in; /* lines of those years are counted here */
};

/* The same, but lines of other years add nothing. */
typedef size_t scan_dated_fn(const struct scan_word *word, const char *block, const uint32_t *ends,
                             size_t n_lines, uint64_t *sum, struct scan_years *years);

/*
 * The same of two numbers: the count, and to sum[1] the number that follows after skip more fields.
 * That one has one to seven digits too, before a TAB or the end of the line. years may be NULL:
 * all.
 */
typedef size_t scan_pair_fn(const struct scan_word *word, const char *block, const uint32_t *ends,
                            size_t n_lines, unsigned skip, uint64_t sum[2],
                            struct scan_years *years);

/* Where the years and the counts of lines go, with room for SCAN_POINTS_MORE after the last one. */
struct scan_points {
    uint64_t *years, *counts;
    int are_decades; /* the last digit of a year is 0 instead */
};

#define SCAN_POINTS_MORE 4

/*
 * The year and the count of each line, as long as scan_same_fn would add it up, with a count of at
 * most seven digits (a variant may take eight).
 */
typedef size_t scan_points_fn(const struct scan_word *word, const char *block, const uint32_t *ends,
                              size_t n_lines, const struct scan_points *points);

/* What a line adds. */
struct scan_record {
    const char *word;
    uint32_t size;
    uint64_t count;
};

/*
 * Reads lines `word TAB year TAB count TAB ...` each on its own, with a year of four digits and a
 * short word and count: a variant says what is short. Returns how many lines that were, n_lines at
 * most.
 */
typedef size_t scan_each_fn(const char *block, const uint32_t *ends, size_t n_lines,
                            struct scan_record *records);

scan_lines_fn scan_lines_portable;
scan_count_fn scan_count_portable;
scan_same_fn scan_same_portable;
scan_dated_fn scan_dated_portable;
scan_pair_fn scan_pair_portable;
scan_points_fn scan_points_portable;
scan_each_fn scan_each_portable;

struct scan {
    const char *name;
    scan_lines_fn *lines;
    scan_count_fn *count;
    scan_same_fn *same;
    scan_dated_fn *dated;
    scan_pair_fn *pair;
    scan_points_fn *points;
    scan_each_fn *each;
    const struct edges *edges;
};

/* 1 if the four digits at year are of the years. */
static inline uint32_t scan_is_in(const struct scan_years *years, const char *year)
{
    uint32_t digits;
    memcpy(&digits, year, sizeof digits);
    return be32toh(digits) - years->first <= years->span;
}

/* Bytes up to and with the n-th LF, n >= 1; size if there are fewer. The same data. */
size_t scan_after_line(const struct scan *scan, const char *data, size_t size, size_t n);

/* The size without an empty line at the end, which at the end of an input is none. */
size_t scan_trim_end(const char *data, size_t size);

#endif
