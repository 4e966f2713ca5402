/*
 * What streams bring becomes map tasks: blocks of whole lines in shared memory, as many at a time
 * as workers can be busy with.
 */
#include <errno.h>
#include <stdlib.h>

#include "error.h"
#include "job/job.h"

/* Blocks of a pipe being mapped at a time, per worker. */
#define BLOCKS_PER_WORKER 4

/* So many blocks could lie in memory, or they are made smaller. */
#define STREAM_BLOCKS_LEAST 16

/* Hands a block to the map. */
static int add_block(struct wm_job *job, const struct stream *stream,
                     const struct stream_block *block)
{
    if (block->size == 0) {
        arena_give(&job->arena, block->extents);
        return 0;
    }
    struct map_task task = {.input = stream->input,
                            .last = (uint32_t)block->last,
                            .start = block->offset,
                            .end = block->offset + block->size,
                            .block = block->extents};
    const char *data = (const char *)arena_at(&job->arena, block->extents.first);
    int rc = formats_see(job, stream->input, data, block->size);
    if (rc < 0)
        return rc;
    arena_trim(&job->arena, &task.block, block->size);
    if (job->partitions.n >= PARTITIONS_MAX)
        return partitions_too_many(&job->error);
    if (partitions_add(&job->partitions, task) < 0 || schedule_add(&job->schedule, 1) < 0)
        return error_memory(&job->error);
    job->n_blocks++;
    return 0;
}

static int stream_failed(struct wm_job *job, const struct stream *stream, int code)
{
    const char *path = input_name(&job->inputs.items[stream->input]);
    char words[64];
    if (code == WM_EREAD)
        error_set(&job->error, code, "cannot read '%s': %s", path,
                  error_system(errno, words, sizeof words));
    else if (code == WM_EDAMAGED)
        error_set(&job->error, code, "cannot unpack '%s': it is damaged or cut off", path);
    else if (code == WM_ENOMEM)
        error_memory(&job->error);
    else
        error_set(&job->error, code,
                  "a line of '%s' does not fit the memory limit: raise it with --memory", path);
    return code;
}

/* Takes all whole blocks there are and may be. 1: waits for a map to end; 0: for more to read; or a
 * WM_E code. */
static int take_blocks(struct wm_job *job, struct stream *stream, int rc,
                       struct stream_block *block)
{
    uint32_t n_max = BLOCKS_PER_WORKER * job->n_workers;
    for (;;) {
        if (rc == WM_ELIMIT && job->n_blocks > 0)
            return 1;
        if (rc == WM_ELIMIT) {
            int moved = spill_move_out(job);
            if (moved < 0)
                return moved;
            if (moved > 0) {
                rc = stream_cut(stream, &job->arena, block);
                continue;
            }
        }
        if (rc < 0)
            return stream_failed(job, stream, rc);
        if (rc == 0)
            return 0;
        int added = add_block(job, stream, block);
        if (added < 0)
            return added;
        if (block->last)
            return 0;
        if (job->n_blocks >= n_max)
            return 1;
        rc = stream_cut(stream, &job->arena, block);
    }
}

/* 0 or a WM_E code. */
static int pump(struct wm_job *job, struct stream *stream)
{
    struct stream_block block = {.last = 0};
    int readable = stream->is_readable;
    int full = job->n_blocks >= BLOCKS_PER_WORKER * job->n_workers;
    stream->is_readable = 0;
    if (!full)
        full = take_blocks(job, stream, stream_cut(stream, &job->arena, &block), &block);
    while (!full && !stream->ended &&
           (readable || !stream->watch.polls || stream_is_ready(stream))) {
        readable = 0;
        full = take_blocks(job, stream, stream_read(stream, &job->arena, &block), &block);
    }
    if (full < 0)
        return full;
    watch_set(&stream->watch, !full && !stream->ended);
    return 0;
}

/* Whether more may come of a stream that counts: after a failure, only what comes before it. */
static int is_open(const struct wm_job *job, const struct stream *stream)
{
    if (job->failure.set && stream->input >= job->failure.task.input)
        return 0;
    return !stream->ended || stream->block.count > 0;
}

static void on_stream_ready(uv_poll_t *handle, int status, int events)
{
    struct stream *stream = handle->data;
    (void)status;
    (void)events;
    stream->is_readable = 1;
    watch_set(&stream->watch, 0);
}

int blocks_read(struct wm_job *job)
{
    int open = 0, rc = 0;
    for (uint32_t i = 0; i < job->n_streams && rc == 0; i++)
        if (is_open(job, &job->streams[i]))
            rc = pump(job, &job->streams[i]);
    for (uint32_t i = 0; i < job->n_streams; i++)
        open |= is_open(job, &job->streams[i]);
    if (!open)
        schedule_close(&job->schedule);
    return rc;
}

int blocks_open(struct wm_job *job)
{
    job->streams = calloc(job->inputs.n_streams + 1, sizeof *job->streams);
    if (!job->streams)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < job->inputs.n; i++) {
        if (!job->inputs.is_stream[i])
            continue;
        struct stream *stream = &job->streams[job->n_streams];
        stream->input = i;
        stream->n_lines = job->options.partition_lines;
        stream->block_size = STREAM_BLOCK_SIZE;
        stream->packing = job->inputs.items[i].packing;
        if (job->options.partition_size > 0 && job->options.partition_size < STREAM_BLOCK_SIZE)
            stream->block_size = job->options.partition_size;
        while (stream->block_size * STREAM_BLOCKS_LEAST > job->arena.n_extents * EXTENT_SIZE &&
               stream->block_size > EXTENT_SIZE)
            stream->block_size /= 2;
        int rc = stream_open(stream, &job->loop, job->inputs.items[i].path, job->inputs.items[i].fd,
                             on_stream_ready, stream, &job->error);
        if (rc < 0)
            return rc;
        job->n_streams++;
    }
    return 0;
}
