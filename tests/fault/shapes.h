/*
 * Jobs of every shape, for faults to be tried in: each option goes through code that no other does.
 * Their inputs lie in a folder of their own, and all functions here are about these.
 */
#ifndef TESTS_FAULT_SHAPES_H
#define TESTS_FAULT_SHAPES_H

#include <stddef.h>
#include <stdint.h>
#include <wordmill.h>

#include "inject.h"
#include "oracle.h"

enum input {
    GOOD,
    BAD,
    LONG,
    COUNTS, /* the result of GOOD */
    V3,     /* the numbers of GOOD */
    TEXT,   /* the words of GOOD */
    DATED,  /* of years that have totals */
    N_INPUTS
};

struct shape {
    const char *name;
    int pipe; /* the input comes from one */
    int workers;
    uint64_t partition_size, partition_lines;
    unsigned fan_in;
    uint64_t top;
    uint64_t memory; /* 0: more than enough */
    int words;
    enum input input;
    int sorted;
    int filters; /* all there are, which let all words through as they are */
    int columns; /* ranks and totals */
    int table;   /* what is written is a table file */
    enum { TO_FILE, TO_LINK, TO_PIPE, TO_RESULT } to;
};

enum { N_SHAPES = 20 };

extern const struct shape shapes[N_SHAPES];

/* Make the inputs, 0 or -1; remove all files. */
int shapes_make(void);
void shapes_remove(void);

/* What one run of a job left behind. */
struct outcome {
    int code;
    wm_error error;
    wm_stats stats;
    struct bytes output, rejects;
    size_t n_files; /* beside the inputs */
    long n_held;
    long n_descriptors; /* more than before */
    int has_child;
};

void outcome_release(struct outcome *outcome);

/* What is at the end of a link beforehand, and still if the job fails. */
extern const struct bytes shape_old_output;

/*
 * Runs a job of the shape with the injection. *n_calls becomes how often the function was called
 * that may fail. A job that takes minutes hangs, and SIGALRM ends the process.
 */
void shape_run(const struct shape *shape, const struct injection *injection,
               struct outcome *outcome, uint64_t *n_calls);

/* What a job of the shape must count. */
void shape_count(const struct shape *shape, struct oracle *oracle);

/* Appends the words and counts of its output, whatever else stands there. 0 or -1. */
int shape_lines(const struct shape *shape, const struct bytes *output, struct bytes *lines);

#endif
