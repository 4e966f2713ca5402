/* Tells the caller of the tasks that have ended, and of workers that did not get to that, if it
 * wants to know (o.on_task, o.on_event). */
#ifndef ENGINE_DISPATCH_TASK_LOG_H
#define ENGINE_DISPATCH_TASK_LOG_H

#include <stdint.h>

#include "dispatch/crew.h"

/* A worker says that it is done; counts 0: another one was done with the same task before. */
void task_log_done(const struct crew *crew, uint32_t worker, const struct message_done *done,
                   int counts);

/* A worker is dead; had is what it had to do. */
void task_log_lost(const struct crew *crew, uint32_t worker, const struct schedule_worker *had);

/* Something happened to a worker and its task, or SCHEDULE_NONE (o.on_event). */
void task_log_event(const struct crew *crew, enum wm_event_kind kind, uint32_t worker,
                    uint32_t task);

#endif
