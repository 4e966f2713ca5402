/*
 * The custom map: every line is given to the caller's map function, which says what it adds up to
 * by emitting keys. What a record emits is kept in a log until the function has said that the
 * record is good, so a bad one leaves nothing. A log of many records then goes to the table at
 * once.
 *
 *     log:   | emit nobody asks for | count | size | key, up to 8 bytes | count | size | key ...
 */
#ifndef WORKER_TASKS_HOST_MAP_H
#define WORKER_TASKS_HOST_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "context/context.h"
#include "input/format.h"
#include "tasks/line_count.h"
#include "text/token.h"
#include "words/table.h"

struct emit {
    uint64_t count;
    uint32_t size; /* bytes of key; UINT32_MAX: of the first emit, which no key is equal to */
    char key[];
};

struct wm_mapper {
    struct context *context;
    char *log; /* readable for SCAN_PADDING bytes past capacity */
    size_t size;
    size_t capacity;
    size_t last;     /* where the last emit is: a key that is emitted again is added to it */
    uint64_t *skips; /* offsets of records that crash the function, ascending */
    size_t n_skips;
    size_t skip;        /* the next of them */
    uint64_t skip_at;   /* its offset; UINT64_MAX: there is none */
    uint32_t input;     /* of the task, from 1 on */
    uint32_t partition; /* its number */
    uint64_t start;     /* of the partition in the input */
    const char *record; /* at hand, or NULL */
    struct line_count *count;
    void *state; /* of the caller's in this worker */
    enum reduce_op reduce;
    int failed;          /* what the record's emits have run into: 0 or a code */
    unsigned look_after; /* so many records it is asked whether anybody wants the task still: */
    unsigned n_unlooked; /* records until then */
    uint64_t look_time;  /* nanoseconds, of the last time */
    /* Of the chunk at hand: */
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
    size_t n_bad;  /* records of it */
    uint64_t base; /* what the address of a byte is more in the input */
    enum token_kind tokens;
    int composed;                 /* they are made NFC */
    char *token;                  /* the last one, if it is not as in the record; NULL until then */
    struct token_scratch scratch; /* of that */
};

/* 0 or CODE_NOMEM. */
int mapper_init(struct wm_mapper *mapper, struct context *context, struct line_count *count);
void mapper_release(struct wm_mapper *mapper);

/* The task to come: forgets what was emitted, and copies the records to skip. 0 or CODE_NOMEM. */
int mapper_begin(struct wm_mapper *mapper, const uint64_t *skips, size_t n_skips);

/*
 * The next token of [*at, end), there until the next call or as long as the record is. 1, and *at
 * is behind it; 0: there is none; CODE_NOMEM or CODE_BAD_LINE: it is longer than WORD_SIZE_MAX.
 */
int mapper_token(struct wm_mapper *mapper, const char **at, const char *end, const char **word,
                 size_t *size);

/* Where the record at hand is in the input, or the partition. */
static inline uint64_t mapper_offset(const struct wm_mapper *mapper)
{
    return mapper->record ? mapper->base + (uintptr_t)mapper->record : mapper->start;
}

/* The number of the record at hand, or of the first of the partition; 0: nobody knows, or the task
 * fails. */
uint64_t mapper_line(struct wm_mapper *mapper);

/*
 * As ngram_parse_fn, with spec->on_record for every line: without its LF and a CR before that; or
 * for every record, as spec->splitter finds them. offset is that of the chunk in the input. Before
 * words that the sink was told of go away, its settle is called.
 */
int host_map(struct wm_mapper *mapper, const struct ngram_sink *sink, struct ngram_chunk *chunk,
             uint64_t offset);

/*
 * Calls a function of the caller's at the begin or the end of a partition, NULL: none, and tells
 * the sink what that emits. 0, CODE_NOMEM, CODE_WORKER: it failed; or what the sink returned.
 */
int host_partition(struct wm_mapper *mapper, const struct ngram_sink *sink, partition_fn *function);

/* A part of mapper_emit: for a key that is long, or not the one before. 0, CODE_NOMEM or
 * CODE_BAD_LINE: it is too long. */
int mapper_emit_other(struct wm_mapper *mapper, const char *key, size_t size, uint64_t count);

/* Adds to a key of the log that comes again at once; without a call if it is short, as most are. */
static inline int mapper_emit(struct wm_mapper *mapper, const char *key, size_t size,
                              uint64_t count)
{
    struct emit *last = (struct emit *)(void *)(mapper->log + mapper->last);
    /* A sum past 64 bits becomes two emits, and the table will tell. */
    if (last->size == size && size <= KEY_SIZE_SHORT && keys_are_equal(last->key, key, size) &&
        reduce_count(mapper->reduce, &last->count, count) == 0)
        return 0;
    return mapper_emit_other(mapper, key, size, count);
}

#endif
