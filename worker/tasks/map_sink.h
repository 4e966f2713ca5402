/*
 * What becomes of what a map task finds: words go to the combiner, with their year or decade if the
 * job counts by that. Bad lines end the task or are told of, and kept as rejects if the job wants
 * them.
 */
#ifndef WORKER_TASKS_MAP_SINK_H
#define WORKER_TASKS_MAP_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "context/context.h"
#include "input/format.h"
#include "runs/gather.h"
#include "tasks/combine.h"
#include "tasks/line_count.h"
#include "words/series.h"

struct map_sink {
    struct context *context;
    struct combine combine;
    char *keys; /* words with TAB and year, when the query is by year */
    size_t keys_size;
    struct points points; /* of a word, the same */
    char *rejects;        /* struct reject after struct reject */
    size_t rejects_size;

    /* Of the task: */
    const struct message_map *message;
    struct message_done *done; /* so far */
    struct line_count count;   /* its lines are mapped so far, those of the chunk not included */
    uint64_t reject_bytes;     /* of text kept so far */
    const char *chunk;
    uint64_t offset; /* of chunk in the input */
};

/* The gather is lent. 0 or CODE_NOMEM: then it is to be released, too. */
int map_sink_init(struct map_sink *sink, struct context *context, struct gather *gather);
void map_sink_release(struct map_sink *sink);

/* The task to come; message and done must stay as long as it does. */
void map_sink_begin(struct map_sink *sink, const struct message_map *message,
                    struct message_done *done);

/* The chunk to come, and its offset in the input. */
void map_sink_chunk(struct map_sink *sink, const char *data, uint64_t offset);

/* The callbacks, as parsers take them; text is the caller's to set. */
struct ngram_sink map_sink_callbacks(struct map_sink *sink);

/* Sends the rejects that are kept. 0 or a negative code. */
int map_sink_flush(struct map_sink *sink);

#endif
