/*
 * The map task: reads a partition line by line, and combines its words. Lines it does not count are
 * told of, and kept as rejects if the job wants them.
 */
#ifndef WORKER_TASKS_MAP_H
#define WORKER_TASKS_MAP_H

#include "context/context.h"
#include "input/source.h"
#include "input/text.h"
#include "tasks/combine.h"
#include "tasks/host_map.h"
#include "tasks/line_count.h"
#include "words/series.h"

struct map {
    struct context *context;
    struct source *source;
    struct combine combine;
    struct wm_mapper mapper; /* only with spec->on_record */
    char *keys;              /* words with TAB and year, when the query is by year */
    size_t keys_size;
    struct points points; /* of a word, the same */
    struct text text;     /* begun by the first task that has text */
    char *rejects;        /* struct reject after struct reject */
    size_t rejects_size;

    /* Of the task: */
    const struct message_map *message;
    struct message_done *done; /* so far */
    struct line_count count;   /* its lines are mapped so far, those of the chunk not included */
    uint64_t bytes;            /* the same */
    const char *chunk;
    uint64_t offset;       /* of chunk in the input */
    uint64_t reject_bytes; /* of text kept so far */
};

/* The source and the gather are lent. 0 or CODE_NOMEM: there is nothing to release. */
int task_map_init(struct map *map, struct context *context, struct source *source,
                  struct gather *gather);
void task_map_release(struct map *map);

/* There are no more map tasks: gives most of the memory back to the system. */
void task_map_drop(struct map *map);

/* skips are the message's. 0 or a negative code. */
int task_map(struct map *map, const struct message_map *message, const uint64_t *skips,
             struct message_done *done);

#endif
