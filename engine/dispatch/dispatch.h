/* Between the scheduler, which knows tasks by number, and the pool, which carries bytes. */
#ifndef ENGINE_DISPATCH_DISPATCH_H
#define ENGINE_DISPATCH_DISPATCH_H

#include "dispatch/crew.h"

/* What the pool tells; user is the crew. */
extern const struct pool_events dispatch_events;

/* Gives all workers tasks that may have one. */
void dispatch_tasks(struct crew *crew);

/* Gives idle workers what others have been at for too long, if some task is overdue. */
void dispatch_backups(struct crew *crew);

#endif
