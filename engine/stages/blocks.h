/*
 * What streams bring becomes map tasks: blocks of whole lines in shared memory, as many at a time
 * as workers can be busy with. What returns an int returns 0 or a WM_E code with error.
 */
#ifndef ENGINE_STAGES_BLOCKS_H
#define ENGINE_STAGES_BLOCKS_H

#include <stdint.h>
#include <uv.h>

#include "dispatch/crew.h"
#include "files/stream.h"
#include "plan/plan.h"
#include "shared/run_list.h"

struct blocks {
    struct plan *plan;
    struct crew *crew;
    struct run_list *runs; /* of the map, which move out of memory if blocks need it */
    wm_error *error;
    struct stream *streams;
    uint32_t n_streams;
    uint32_t n_mapped; /* blocks that are being mapped */
    uint32_t end;      /* streams of this input and those after it do not matter any more */
    size_t n_left;     /* bytes that may be read, or unpacked, in this turn */
};

/* Opens the streams; the pointers are set already. */
int blocks_open(struct blocks *blocks, uv_loop_t *loop);

/* Reads while there is room and something to read, but some MB at a time, and adds tasks; closes
 * the crew after the last. Also 1: there may be more to read at once. */
int blocks_read(struct blocks *blocks);

/* A map task has failed: what comes from its input and those after it does not matter any more. */
void blocks_stop_at(struct blocks *blocks, uint32_t input);

/* Gives back a block that was mapped. */
void blocks_give(struct blocks *blocks, struct extent_range block);

/* Closes the streams; their handles are closed once the loop has run. */
void blocks_close(struct blocks *blocks);
/* They are another process's: nothing but memory is left to be released. */
void blocks_forget(struct blocks *blocks);
void blocks_release(struct blocks *blocks);

#endif
