/* Shows on standard error how far a job is: what --progress asks for. */
#ifndef ENGINE_CLI_METER_H
#define ENGINE_CLI_METER_H

#include <stddef.h>

#include <wordmill.h>

/* In the order of the words that --progress takes. */
enum meter_kind {
    METER_AUTO, /* a bar if standard error is a terminal that is not dumb, else none */
    METER_BAR,
    METER_PLAIN,
    METER_JSON,
    METER_NONE
};

struct meter {
    enum meter_kind kind;
    enum wm_phase bar_end; /* the phase before which the bar leaves the terminal */
    int done;              /* the last line of plain is out */
    size_t width;          /* of the bar that stands on the terminal */
    double next;           /* seconds; when plain and json speak again */
    wm_progress last;
};

/* Sets o->on_progress, also if only SIGUSR1 may ask for anything. meter must live as long as the
 * job. */
void meter_start(struct meter *meter, enum meter_kind kind, wm_options *o);

/* Clears the bar, and prints the last line. stats is NULL if the job failed. */
void meter_stop(struct meter *meter, const wm_stats *stats);

#endif
