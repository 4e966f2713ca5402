/*
 * Words written to a descriptor of the caller's, in any output format: they are formatted one after
 * the other, and go out when there are many.
 */
#ifndef ENGINE_FILES_WRITER_H
#define ENGINE_FILES_WRITER_H

#include "files/envelope.h"
#include "files/output.h"
#include "output/format.h"
#include "output/formatter.h"
#include "words/entry.h"

struct writer {
    struct output output;
    struct envelope envelope;
    struct formatter text; /* formatted and not written yet */
    wm_error *error;
};

/* Nothing is written yet. columns and error must live as long as the writer. 0, WM_ENOMEM or
 * WM_EWRITE; writer_release is due in any case. */
int writer_open(struct writer *writer, const struct output_format *format,
                const struct columns *columns, int fd, wm_error *error);

/* What stands before the first word, at most once. All of these block while fd does, and return 0,
 * WM_ENOMEM or WM_EWRITE. */
int writer_head(struct writer *writer);
int writer_add(struct writer *writer, const struct entry *entry);

/* What was added and is not written yet. */
int writer_flush(struct writer *writer);

/* That, and what stands behind the last word. */
int writer_end(struct writer *writer);

/* Gives back its memory; fd stays open. */
void writer_release(struct writer *writer);

#endif
