/*
 * Words for what a worker could say only in numbers: subject, place, reason, way out. What returns
 * an int returns the code that it has put into error.
 */
#ifndef ENGINE_DISPATCH_FAILURE_H
#define ENGINE_DISPATCH_FAILURE_H

#include "input/source.h"
#include "plan/plan.h"

/* A failure of a map task, kept until all tasks before it are done: one of them may fail too. */
struct first_failure {
    int set;
    struct map_task task;
    struct message_failed message;
};

/* task: where in the inputs; NULL: in no one place. */
int failure_explain(const struct plan *plan, const struct message_failed *message,
                    const struct map_task *task, wm_error *error);

/* The same for a packed input that is damaged at one of its bytes: WM_EDAMAGED. */
int failure_unpack(const char *path, enum damage damage, uint64_t at, wm_error *error);

/* Why a task is poison. */
enum poison { POISON_CRASH, POISON_HANG, POISON_KILL, POISON_SPILL };

/*
 * The same for a task that is poison: WM_EWORKER, or WM_EREAD if it is what was spilled. name is
 * that of its kind, if it is of no one place (NULL).
 */
int failure_poison(const struct plan *plan, const char *name, const struct map_task *place,
                   enum poison poison, wm_error *error);

/* The same for a worker whose worker_init has failed: WM_EWORKER. */
int failure_refused(const struct plan *plan, uint32_t worker, wm_error *error);

/* Keeps the first in the input of the lines that were rejected. */
void failure_note_reject(struct first_failure *first, const struct map_task *task,
                         const struct message_failed *message);

/* A word or two, such as "bad year". */
const char *reject_reason_words(enum reject_reason reason);

#endif
