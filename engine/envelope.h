/*
 * What stands around the words of an output: the header of a CSV file; of a table file the header,
 * the index and the footer.
 */
#ifndef ENGINE_ENVELOPE_H
#define ENGINE_ENVELOPE_H

#include "format.h"
#include "output.h"

struct envelope {
    enum format format;
    enum { ENVELOPE_NEW, ENVELOPE_HEAD, ENVELOPE_WORDS, ENVELOPE_TAIL, ENVELOPE_DONE } state;
    struct wmt_index index; /* of the words so far */
    char *text;             /* being written */
    size_t size, written;   /* of it */
};

/* Both write as output_write_some does, and go on with it until they return 0, and then do nothing.
 * Also WM_ENOMEM. */
int envelope_head(struct envelope *envelope, const struct columns *columns, struct output *output,
                  wm_error *error);
int envelope_tail(struct envelope *envelope, struct output *output, wm_error *error);

/* Words that were written, as formatter_end left them. 0 or WM_ENOMEM. */
int envelope_note(struct envelope *envelope, const void *words, size_t size, wm_error *error);

/* Takes a zeroed one too. */
void envelope_release(struct envelope *envelope);

#endif
