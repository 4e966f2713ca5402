/* The file of rejected lines, in the order of the input. */
#ifndef ENGINE_STAGES_REJECTS_H
#define ENGINE_STAGES_REJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "files/output.h"
#include "plan/plan.h"

/* How far it is written. */
struct rejects {
    struct output output;
    struct map_task **tasks; /* in the order of the input; NULL: not begun */
    uint32_t task, run;
    size_t at;         /* in the run */
    uint64_t lines;    /* of the input before the task */
    uint64_t unpacked; /* bytes, the same */
    char *text;        /* being written */
    size_t size, capacity;
    size_t written; /* of size */
    uint64_t bytes; /* of the file, so far */
    uint64_t n;     /* lines in it */
    int is_full;    /* the line that says how many are left out is in it */
};

/* Beside 0, WM_RUNNING and WM_E codes. */
enum { REJECTS_MORE = WM_RUNNING + 1 };

/* Writes on; n_all lines were rejected. 0; WM_RUNNING: there is no room now; REJECTS_MORE: it was
 * enough for a turn; or a WM_E code with error. */
int rejects_write(struct rejects *rejects, const struct plan *plan, uint64_t n_all,
                  wm_error *error);

void rejects_release(struct rejects *rejects);

#endif
