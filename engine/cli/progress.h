/* Shows on standard error how far a job is: what --progress asks for. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>

#include <wordmill.h>

/* In the order of progress_names. */
enum progress_kind {
    PROGRESS_AUTO, /* a bar if standard error is a terminal, else none */
    PROGRESS_BAR,
    PROGRESS_PLAIN,
    PROGRESS_JSON,
    PROGRESS_NONE
};

extern const char *const progress_names[]; /* ends with NULL */

struct progress {
    enum progress_kind kind;
    enum wm_phase bar_end; /* the phase before which the bar leaves the terminal */
    int done;              /* the last line of plain is out */
    size_t width;          /* of the bar that stands on the terminal */
    double next;           /* seconds; when plain and json speak again */
    wm_progress last;
};

/* Sets o->on_progress, if anything is to be shown. progress must live as long as the job. */
void progress_start(struct progress *progress, enum progress_kind kind, wm_options *o);

/* Clears the bar, and prints the last line. stats is NULL if the job failed. */
void progress_stop(struct progress *progress, const wm_stats *stats);

#endif
