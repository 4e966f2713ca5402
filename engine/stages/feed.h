/*
 * The words of one sorted input, one at a time: of lines, of a table file, or those that the job's
 * options ask for. What fails is in flow->error.
 */
#ifndef ENGINE_STAGES_FEED_H
#define ENGINE_STAGES_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "files/window.h"
#include "wmt/wmt_read.h"
#include "words/tournament.h"

struct flow;
struct first_failure;

struct feed {
    struct flow *flow;
    struct first_failure *reject; /* the first line that any feed has rejected */
    struct window window;
    uint32_t input;
    int is_part;                         /* no input, but what several were merged to */
    uint64_t n_lines;                    /* taken */
    struct player word;                  /* the next one, in the window */
    uint64_t counts[1 + ENTRY_MORE_MAX]; /* of it, as many as the job adds up */
    enum { FEED_NEW, FEED_LINES, FEED_TABLE, FEED_ASKED } kind;
    int is_csv;                 /* lines of it, */
    struct entry_values values; /* of these */
    int is_long;                /* the rest of a line that is too long comes next */
    int has_header;             /* of a table: it was read */
    struct wmt_cursor cursor;   /* in the block that is next */
    size_t block_size;          /* of it; 0: none */
    const char **asked;         /* the words asked for, in order */
    size_t n_asked;             /* of these, how many were taken */
};

/* flow and reject are set already. Opens an input, which waits in the flow's loop when there is
 * nothing to read. 0 or a WM_E code. */
int feed_open(struct feed *feed, uint32_t input);

/* The same of what several were merged to, a file that is open. */
int feed_open_part(struct feed *feed, const struct input *part);

/* The words asked for are one more input: each has the count that changes nothing. 0 or a WM_E
 * code. */
int feed_open_asked(struct feed *feed);

enum { FEED_END, FEED_WORD, FEED_WAIT };

/* Goes on to the next word, or to the end, where it has none. FEED_WAIT: there is nothing to read
 * yet; or a WM_E code. */
int feed_advance(struct feed *feed);

/* After FEED_WAIT: has the job stepped when there is something to read. WM_RUNNING, or TURN_AGAIN:
 * a file is always ready, its read was interrupted. */
int feed_wait(struct feed *feed);

/* Makes words of a code, in which text may be quoted, and returns it. */
int feed_fail(const struct feed *feed, int code, const char *text, size_t size);

/* Closes the input; its handle is closed once the loop has run. Both take a zeroed one too. */
void feed_close(struct feed *feed);
void feed_release(struct feed *feed);

#endif
