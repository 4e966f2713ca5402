/* The job's own loop: its host polls one descriptor, behind which all others are. */
#ifndef ENGINE_JOB_LOOP_H
#define ENGINE_JOB_LOOP_H

#include <stdatomic.h>
#include <uv.h>

#include "wordmill.h"

struct flow;

struct loop {
    uv_loop_t uv;
    uv_async_t wake;   /* by cancel */
    uv_timer_t ticker; /* for on_progress */
    int is_open;       /* and the handles above */
    atomic_int canceled;
};

/* 0 or a WM_E code with error. */
int loop_open(struct loop *loop, struct flow *flow, wm_error *error);

/* Reports progress from now on. */
void loop_start_ticker(struct loop *loop);
void loop_stop_ticker(struct loop *loop);

/* From any thread or signal handler: the next turn finds it canceled. */
void loop_cancel(struct loop *loop);

/* Closes all handles that are open still, and the loop. */
void loop_close(struct loop *loop);

#endif
