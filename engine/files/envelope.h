/*
 * What an output has around the words that workers have formatted. Of a CSV file that is the
 * header. Of a table file it is the header, the blocks that its words are cut into, the index and
 * the footer.
 */
#ifndef ENGINE_FILES_ENVELOPE_H
#define ENGINE_FILES_ENVELOPE_H

#include "files/output.h"
#include "output/format.h"
#include "wmt/wmt_write.h"

struct envelope {
    const struct output_format *format;
    enum { ENVELOPE_NEW, ENVELOPE_HEAD, ENVELOPE_WORDS, ENVELOPE_TAIL, ENVELOPE_DONE } state;
    struct wmt_packer packer;
    int is_packed;        /* the words that are being written are in the packer */
    char *text;           /* head or tail, being written */
    size_t size, written; /* of it */
};

/*
 * All write as output_write_some does, and are to be called again until they return 0; head and
 * tail do nothing from then on. Also WM_ENOMEM. words are what formatter_add has made; *written
 * starts as 0, and is the envelope's until they are written.
 */
int envelope_head(struct envelope *envelope, const struct columns *columns, struct output *output,
                  wm_error *error);
int envelope_words(struct envelope *envelope, const void *words, size_t size, size_t *written,
                   struct output *output, wm_error *error);
int envelope_tail(struct envelope *envelope, struct output *output, wm_error *error);

/* Takes a zeroed one too. */
void envelope_release(struct envelope *envelope);

#endif
