/* The map task: reads a partition line by line, and tells its sink of words and of bad lines. */
#ifndef WORKER_TASKS_MAP_H
#define WORKER_TASKS_MAP_H

#include "context/context.h"
#include "input/source.h"
#include "input/text.h"
#include "tasks/host_map.h"
#include "tasks/map_sink.h"

struct map {
    struct context *context;
    struct source *source;
    struct map_sink sink;
    struct wm_mapper mapper; /* only with spec->on_record */
    struct text text;        /* begun by the first task that has text */

    /* Of the task: */
    const struct message_map *message;
    struct message_done *done; /* so far */
    uint64_t bytes;            /* that are mapped so far */
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
