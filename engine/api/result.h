/* What a job leaves behind: its shared memory with the final runs in it. */
#ifndef ENGINE_API_RESULT_H
#define ENGINE_API_RESULT_H

#include <stdatomic.h>

#include "output/columns.h"
#include "plan/totals.h"
#include "shared/arena.h"
#include "stages/final.h"
#include "wordmill.h"
#include "words/order.h"

struct wm_result {
    struct arena arena;
    struct final final;
    enum order order;
    struct columns columns;
    struct totals totals; /* the years of columns */
    wm_stats stats;
    atomic_uint n_cursors; /* which hold it, beside its owner */
};

#endif
