/*
 * A stream is read only while fewer blocks are being mapped than workers can be busy with, so a
 * fast pipe cannot fill the memory. A block that finds no room waits for a map to end; if none is
 * running, runs are moved to the spill file.
 */
#include "stages/blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch/failure.h"
#include "error.h"
#include "input/detect.h"
#include "plan/formats.h"
#include "plan/looks.h"

/* Blocks of a pipe being mapped at a time, per worker. */
#define BLOCKS_PER_WORKER 4

/* So many blocks could lie in memory, or they are made smaller. */
#define STREAM_BLOCKS_MIN 16

/* Bytes that are read or unpacked at a time; and what a read counts as that brings fewer, since an
 * archive may have a million empty files. */
#define READ_AT_ONCE (2u << 20)
#define READ_MIN 4096u

/* Of the lines that are no data, those that are in the block. */
static uint64_t find_header(struct blocks *blocks, const struct stream *stream,
                            const struct stream_block *block)
{
    struct inputs *inputs = &blocks->plan->inputs;
    struct member *member = inputs_member(inputs, stream->input, block->offset);
    uint64_t *n_header = member ? &member->n_header : &inputs->items[stream->input].n_header;
    const char *at = (const char *)arena_at(&blocks->plan->arena, block->extents.first);
    const char *end = at + block->size;
    uint64_t n = 0;
    for (; at < end && *n_header < blocks->plan->options.header; n++, ++*n_header) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        at = lf ? lf + 1 : end;
    }
    return n;
}

/* Counts the lines of a block, and returns those that came before: a map may ask for its line. */
static uint64_t count_lines(const struct blocks *blocks, struct stream *stream,
                            const struct stream_block *block)
{
    const char *data = (const char *)arena_at(&blocks->plan->arena, block->extents.first);
    const struct job_spec *spec = &blocks->plan->spec;
    uint64_t before = stream->n_before;
    if (spec->splitter)
        stream->n_before += splitter_count(spec->splitter, data, block->size, block->last);
    else if (spec->on_record)
        stream->n_before += spec->scan->count(data, block->size);
    return before;
}

/* Hands a block to the map. */
static int add_block(struct blocks *blocks, struct stream *stream, const struct stream_block *block)
{
    if (block->size == 0) {
        arena_give(&blocks->plan->arena, block->extents);
        return 0;
    }
    struct map_task task = {.input = stream->input,
                            .last = (uint32_t)block->last,
                            .start = block->offset,
                            .end = block->offset + block->size,
                            .skip_lines = find_header(blocks, stream, block),
                            .before = count_lines(blocks, stream, block),
                            .block = block->extents};
    arena_trim(&blocks->plan->arena, &task.block, block->size);
    if (blocks->plan->partitions.n >= PARTITIONS_MAX)
        return partitions_too_many(blocks->error);
    if (partitions_add(&blocks->plan->partitions, task) < 0)
        return error_memory(blocks->error);
    blocks->n_mapped++;
    return crew_add(blocks->crew, 1);
}

static void stream_damaged(const struct stream *stream, const char *path, wm_error *error)
{
    uint64_t at;
    enum damage damage = stream_damage(stream, &at);
    failure_unpack(path, damage, at, error);
}

static int stream_failed(struct blocks *blocks, const struct stream *stream, int code)
{
    const char *path = inputs_name(&blocks->plan->inputs, stream->input, UINT64_MAX);
    if (code == WM_EDAMAGED && stream->packing == PACKING_ARCHIVE)
        return archive_failed(input_name(&blocks->plan->inputs.items[stream->input]),
                              stream->archive, blocks->error);
    if (code == WM_EWRITE)
        return archive_not_kept(path, stream->spool.folder, blocks->error);
    if (code == WM_EREAD)
        error_set_system(blocks->error, code, errno, "cannot read '%s': " SYSTEM, path);
    else if (code == WM_EDAMAGED)
        stream_damaged(stream, path, blocks->error);
    else if (code == WM_ENOMEM)
        error_memory(blocks->error);
    else
        error_set(blocks->error, code,
                  "a line of '%s' does not fit the memory limit: raise it with " NAME "o.memory",
                  path);
    return code;
}

/* A member of an archive has begun. */
static int see_member(struct blocks *blocks, struct stream *stream)
{
    if (!stream->is_new)
        return 0;
    int rc = inputs_add_member(&blocks->plan->inputs, stream->input,
                               unarchiver_name(stream->archive), stream->offset);
    stream->n_before = 0;
    stream->is_new = 0;
    return rc < 0 ? error_memory(blocks->error) : 0;
}

/* What the input is, once its first bytes are there. 1: they are; 0: not yet; or a WM_E code. */
static int see_head(struct blocks *blocks, struct stream *stream)
{
    size_t size;
    const char *head = stream_head(stream, &blocks->plan->arena, &size);
    if (!head)
        return 0;
    int rc = formats_see(blocks->plan, stream->input, head, size, blocks->error);
    if (rc < 0)
        return rc;
    int has_mark = !stream->splitter && input_has_mark(head, size);
    stream_begin(stream, &blocks->plan->arena, has_mark ? INPUT_MARK_SIZE : 0);
    return 1;
}

/* Takes all whole blocks there are and may be. 1: waits for a map to end; 0: for more to read; or a
 * WM_E code. */
static int take_blocks(struct blocks *blocks, struct stream *stream, int rc,
                       struct stream_block *block)
{
    uint32_t n_max = BLOCKS_PER_WORKER * blocks->crew->n_workers;
    for (;;) {
        if (rc == WM_ELIMIT && blocks->n_mapped > 0)
            return 1;
        if (rc == WM_ELIMIT) {
            int moved = spill_move_out(&blocks->plan->spill, blocks->runs, blocks->error);
            if (moved < 0)
                return moved;
            if (moved > 0) {
                rc = stream_cut(stream, &blocks->plan->arena, block);
                continue;
            }
        }
        if (rc < 0)
            return stream_failed(blocks, stream, rc);
        if (rc == 0) {
            rc = see_member(blocks, stream);
            if (rc == 0)
                rc = see_head(blocks, stream);
            if (rc <= 0)
                return rc;
            rc = stream_cut(stream, &blocks->plan->arena, block);
            continue;
        }
        int added = add_block(blocks, stream, block);
        if (added < 0)
            return added;
        if (block->last)
            return 0;
        if (blocks->n_mapped >= n_max)
            return 1;
        rc = stream_cut(stream, &blocks->plan->arena, block);
    }
}

/* All of a member was taken, and another may follow. */
static int has_next_member(const struct stream *stream)
{
    return stream->ended && stream->has_more && stream->block.count == 0;
}

/* Reads once; as stream_read. */
static int read_some(struct blocks *blocks, struct stream *stream, struct stream_block *block)
{
    uint64_t before = stream->offset + stream->size;
    int rc = stream_read(stream, &blocks->plan->arena, block);
    uint64_t size = stream->offset + stream->size - before;
    if (size < READ_MIN)
        size = READ_MIN;
    blocks->n_left -= size < blocks->n_left ? (size_t)size : blocks->n_left;
    return rc;
}

/* 0 or a WM_E code. */
static int pump(struct blocks *blocks, struct stream *stream)
{
    struct stream_block block = {.last = 0};
    int readable = stream->is_readable;
    int full = blocks->n_mapped >= BLOCKS_PER_WORKER * blocks->crew->n_workers;
    stream->is_readable = 0;
    if (!full)
        full =
            take_blocks(blocks, stream, stream_cut(stream, &blocks->plan->arena, &block), &block);
    while (!full && blocks->n_left > 0 && (!stream->ended || has_next_member(stream)) &&
           (readable || !stream->watch.polls || stream_is_ready(stream))) {
        readable = 0;
        if (stream->ended)
            stream_go_on(stream, INPUT_DETECT_SIZE);
        full = take_blocks(blocks, stream, read_some(blocks, stream, &block), &block);
    }
    if (full < 0)
        return full;
    watch_set(&stream->watch, !full && !stream->ended);
    return 0;
}

/* Whether more may come of a stream that counts. */
static int is_open(const struct blocks *blocks, const struct stream *stream)
{
    return stream->input < blocks->end &&
           (!stream->ended || stream->has_more || stream->block.count > 0);
}

static void on_stream_ready(uv_poll_t *handle, int status, int events)
{
    struct stream *stream = handle->data;
    (void)status;
    (void)events;
    stream->is_readable = 1;
    watch_set(&stream->watch, 0);
}

int blocks_read(struct blocks *blocks)
{
    int open = 0, rc = 0;
    blocks->n_left = READ_AT_ONCE;
    for (uint32_t i = 0; i < blocks->n_streams && rc == 0; i++)
        if (is_open(blocks, &blocks->streams[i]))
            rc = error_of_input(blocks->error, pump(blocks, &blocks->streams[i]),
                                blocks->plan->inputs.items[blocks->streams[i].input].number);
    for (uint32_t i = 0; i < blocks->n_streams; i++)
        open |= is_open(blocks, &blocks->streams[i]);
    if (!open)
        crew_close(blocks->crew);
    return rc == 0 ? open && blocks->n_left == 0 : rc;
}

void blocks_stop_at(struct blocks *blocks, uint32_t input)
{
    blocks->end = input;
}

void blocks_give(struct blocks *blocks, struct extent_range block)
{
    arena_give(&blocks->plan->arena, block);
    blocks->n_mapped--;
}

int blocks_open(struct blocks *blocks, uv_loop_t *loop)
{
    blocks->end = UINT32_MAX;
    blocks->streams = calloc(blocks->plan->inputs.n_streams + 1, sizeof *blocks->streams);
    if (!blocks->streams)
        return error_memory(blocks->error);
    for (uint32_t i = 0; i < blocks->plan->inputs.n; i++) {
        if (!blocks->plan->inputs.is_stream[i])
            continue;
        struct stream *stream = &blocks->streams[blocks->n_streams];
        stream->input = i;
        stream->n_lines = blocks->plan->options.partition_lines;
        stream->block_size = STREAM_BLOCK_SIZE;
        stream->head_wanted = INPUT_DETECT_SIZE;
        stream->packing = blocks->plan->inputs.items[i].packing;
        stream->may_be_utf16 = blocks->plan->inputs.items[i].may_be_utf16;
        stream->spool.folder = spill_folder(&blocks->plan->spill);
        if (blocks->plan->options.partition_size > 0 &&
            blocks->plan->options.partition_size < STREAM_BLOCK_SIZE)
            stream->block_size = blocks->plan->options.partition_size;
        while (stream->block_size * STREAM_BLOCKS_MIN >
                   blocks->plan->arena.n_extents * EXTENT_SIZE &&
               stream->block_size > EXTENT_SIZE)
            stream->block_size /= 2;
        int rc =
            stream_open(stream, loop, &blocks->plan->inputs.items[i],
                        stream->packing != PACKING_NONE, on_stream_ready, stream, blocks->error);
        if (rc < 0)
            return rc;
        blocks->n_streams++;
    }
    return 0;
}

void blocks_forget(struct blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->n_streams; i++) {
        blocks->streams[i].fd = -1;
        blocks->streams[i].spool.is_open = 0;
        blocks->streams[i].watch = (struct watch){0};
    }
    blocks_close(blocks);
}

void blocks_close(struct blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->n_streams; i++)
        stream_close(&blocks->streams[i]);
}

void blocks_release(struct blocks *blocks)
{
    free(blocks->streams);
    blocks->streams = NULL;
    blocks->n_streams = 0;
}
