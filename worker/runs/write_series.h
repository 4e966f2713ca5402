/* The text of words with series, a line for each period. */
#ifndef WORKER_RUNS_WRITE_SERIES_H
#define WORKER_RUNS_WRITE_SERIES_H

#include "context/context.h"
#include "output/formatter.h"
#include "words/entry.h"
#include "words/series.h"

struct series_text {
    struct context *context;
    uint32_t task;
    struct formatter text;
    size_t room;
    struct entry *line; /* a word with one period, as other jobs have it */
    uint64_t n_lines;   /* so far */
};

/* 0 or CODE_NOMEM: there is nothing to release. */
int series_text_init(struct series_text *text, struct context *context, uint32_t task);
void series_text_release(struct series_text *text);

/* Writes the word of an entry with those points, in order, that have the least count of the job.
 * 0 or a negative code, as the next. */
int series_text_add(struct series_text *text, const struct entry *entry, struct points *points);

/* Sends what is left. */
int series_text_end(struct series_text *text);

#endif
