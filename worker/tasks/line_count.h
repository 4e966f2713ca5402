/*
 * The numbers of records. Those of a chunk are counted up to where somebody asked last. Those
 * before the task are counted only if a map asks: in the file, from where this worker has counted
 * to before. So a worker looks at each byte of an input once for that, however many partitions
 * there are.
 */
#ifndef WORKER_TASKS_LINE_COUNT_H
#define WORKER_TASKS_LINE_COUNT_H

#include <stdint.h>

#include "context/context.h"
#include "input/source.h"

struct line_count {
    const struct job_spec *spec;

    /* Of the task: */
    const struct message_map *message;
    uint64_t lines;      /* before the chunk */
    const char *counted; /* those of the chunk are counted up to here */
    uint64_t n_counted;  /* of them, so many; of records that are no lines, the host map counts */
    int has_before;
    uint64_t before; /* lines of the input before the task, once it has them; LINE_UNKNOWN */

    /* Of the worker, while source is open: */
    struct source source;
    uint64_t at;   /* of its input: so many bytes are counted, */
    uint64_t n_at; /* and so many lines begin in them */
};

#define LINE_UNKNOWN UINT64_MAX

void line_count_init(struct line_count *count, const struct job_spec *spec);
void line_count_release(struct line_count *count);

/* The message must stay as long as the task. */
void line_count_begin(struct line_count *count, const struct message_map *message);

/* A chunk of whole lines is next. */
void line_count_chunk(struct line_count *count, const char *data);

/* Lines of the task before this one of the chunk.
 * Linear in the chunk, however often it is asked. */
uint64_t line_count_in_task(struct line_count *count, const char *line);

/*
 * The number, from 1 on, in the input of a line of the chunk, or (NULL) of the first of the task;
 * 0: nobody knows. 0, or CODE_NOMEM, CODE_OPEN or CODE_READ with errno set, or CODE_CHANGED.
 */
int line_count_number(struct line_count *count, const char *line, uint64_t *number);

#endif
