/* Tells the caller of the tasks that have ended, if it wants to know (o.on_task). */
#ifndef ENGINE_DISPATCH_TASK_LOG_H
#define ENGINE_DISPATCH_TASK_LOG_H

#include <stdint.h>

#include "dispatch/crew.h"

/* A worker says that it is done; counts 0: another one was done with the same task before. */
void task_log_done(const struct crew *crew, uint32_t worker, const struct message_done *done,
                   int counts);

/* A worker is dead; had is what it had to do. */
void task_log_lost(const struct crew *crew, uint32_t worker, const struct schedule_worker *had);

#endif
