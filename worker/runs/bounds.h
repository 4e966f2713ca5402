/*
 * Bounds that cut sorted runs into slices of about the same number of words (parallel sorting by
 * regular sampling: Shi and Schaeffer, 1992). They are chosen from a sample: of every run, a number
 * of fences in proportion to its words. Each of these is a page or two to touch, so the sample can
 * be taken some words at a time.
 */
#ifndef WORKER_RUNS_BOUNDS_H
#define WORKER_RUNS_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

#include "runs/gather.h"
#include "shared/arena.h"
#include "words/order.h"
#include "words/run.h"

/* Beside 0 and negative codes: there is more to do. */
enum { BOUNDS_MORE = 1 };

struct bounds {
    const struct arena *arena;
    enum order order;
    const struct run *const *runs; /* the caller's, as long as this is there */
    size_t n_runs;
    const struct entry *upper;
    size_t n_slices;
    uint64_t step;         /* one fence in so many is in the sample */
    size_t run;            /* whose turn it is */
    uint64_t next;         /* its next fence of the sample */
    size_t mapped;         /* bytes of the spill file */
    struct gather samples; /* items are copies, so that sorting maps nothing anew */
};

/* For n_slices of all words up to upper (NULL: to the ends of runs). Runs must be sorted by order.
 * 0 or CODE_NOMEM; bounds_release is due in any case. */
int bounds_begin(struct bounds *bounds, const struct arena *arena, enum order order,
                 const struct run *const *runs, size_t n_runs, const struct entry *upper,
                 size_t n_slices);

/* Adds n words to the sample. 0: it has all; BOUNDS_MORE or CODE_NOMEM. */
int bounds_sample(struct bounds *bounds, size_t n);

/* Puts n_slices - 1 ascending bounds to cuts: entries of runs, or upper. */
void bounds_choose(struct bounds *bounds, const struct entry **cuts);

void bounds_release(struct bounds *bounds);

/* All of that at once. 0 or CODE_NOMEM. */
int bounds_cut(const struct arena *arena, enum order order, const struct run *const *runs,
               size_t n_runs, const struct entry *upper, size_t n_slices,
               const struct entry **cuts);

/* The search for a word by its number in order: bounds first, then slice after slice is gathered.
 */
struct nth {
    struct bounds bounds;
    const struct entry **cuts; /* NULL: not chosen yet */
    size_t slice;              /* the next one */
    uint64_t n;                /* the word's number from there on */
    struct gather gather;
};

/* For number n (from 0) of the words of all runs, which are more. 0 or CODE_NOMEM; nth_release is
 * due in any case. */
int nth_begin(struct nth *nth, const struct arena *arena, enum order order,
              const struct run *const *runs, size_t n_runs, uint64_t n);

/* Adds n_sample words to the sample, or gathers one slice. 0: *entry is the word; BOUNDS_MORE or
 * CODE_NOMEM. */
int nth_find(struct nth *nth, size_t n_sample, const struct entry **entry);

void nth_release(struct nth *nth);

#endif
