/*
 * Which sorted inputs are merged at a time: all of them, if so many files may be open. Otherwise
 * some, to a file without a name in the spill folder, a table; then the next, and in the end these
 * files with the inputs that are left.
 *
 *     input input input | input input input | input input      at most 4 files open
 *            file               file       |
 *                                          merge to the output
 */
#ifndef ENGINE_STAGES_BATCH_H
#define ENGINE_STAGES_BATCH_H

#include <stdint.h>

#include "files/writer.h"
#include "stages/feed.h"
#include "words/entry.h"

/* A file that a batch was merged to, and the feed of its words. */
struct merged_part {
    struct input input; /* its descriptor */
    struct feed feed;
};

struct batch {
    struct flow *flow;
    struct feed **feeds; /* that are merged now */
    uint32_t n;
    int is_last;         /* to the output; 0: to a part */
    uint32_t most;       /* files that may be open */
    struct feed *inputs; /* one for each, and that of the words asked for */
    uint32_t n_inputs;
    uint32_t next_input; /* those before were merged, or are now */
    struct merged_part *parts;
    uint32_t n_parts;
    uint32_t next_part;     /* those before were merged, or are now */
    struct columns columns; /* of parts */
    struct writer writer;
};

/* Of the flow's inputs; reject is for the feeds. None is open yet. 0 or WM_ENOMEM; batch_release is
 * due in any case. */
int batch_init(struct batch *batch, struct flow *flow, struct first_failure *reject);

/* Opens the next feeds. 0 or a WM_E code. */
int batch_begin(struct batch *batch);

/* All words of the feeds were added: that is a part from now on. Only where is_last is not set,
 * like batch_add. 0 or a WM_E code. */
int batch_add(struct batch *batch, const struct entry *entry);
int batch_end(struct batch *batch);

/* Closes what is open; handles are closed once the loop has run. */
void batch_close(struct batch *batch);
void batch_release(struct batch *batch);

#endif
