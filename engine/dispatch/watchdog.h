/* Ends workers that hang, and says when tasks are overdue. */
#ifndef ENGINE_DISPATCH_WATCHDOG_H
#define ENGINE_DISPATCH_WATCHDOG_H

#include "dispatch/crew.h"

/* Timers in the loop, which closes them. */
void watchdog_open(struct crew *crew, uv_loop_t *loop);

/* After whatever gave tasks to workers, or took the last one. */
void watchdog_update(struct crew *crew);

/* A worker is idle: some task may need a backup by and by. */
void watchdog_expect(struct crew *crew);

/* The job has ended. */
void watchdog_stop(struct crew *crew);

#endif
