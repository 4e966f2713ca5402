/* What is fixed before the first fork: what is asked for, and how it is going to be done. */
#ifndef ENGINE_PLAN_PLAN_H
#define ENGINE_PLAN_PLAN_H

#include <stdint.h>

#include "files/spill.h"
#include "filter/filter.h"
#include "filter/pick.h"
#include "context/spec.h"
#include "plan/inputs.h"
#include "plan/partition.h"
#include "plan/totals.h"
#include "shared/arena.h"
#include "wordmill.h"

struct plan {
    wm_options options;
    void *kept; /* what they point to */
    struct inputs inputs;
    enum wm_format format;        /* of all inputs, or WM_FORMAT_AUTO */
    struct partitions partitions; /* those of streams come later */
    struct job_spec spec;         /* what workers know */
    struct splitter splitter;     /* the spec's, if records are no lines */
    struct arena arena;
    struct spill spill;
    struct table words;   /* of options.words */
    struct filter filter; /* of the others */
    struct pick pick;     /* of options.words, if all words count for ranks */
    struct match match;   /* of options.match */
    struct totals totals; /* of options.totals */
    uint32_t n_asked;     /* workers; 0: all is done in the calling process */
    uint32_t n_workers;   /* at least 1 */
    uint32_t n_busy;      /* of them, as many as can run at a time: what work is cut for */
    uint32_t fan_in;
    uint64_t private;        /* bytes of memory that a process may have of its own */
    int is_direct;           /* the last round may make the text of the output */
    const char *values_from; /* the first input that says which values it holds; NULL: none yet */
    int has_values;          /* which values are added up is fixed */
    const char *by_from;     /* the same of what words are counted by */
    int is_by_given;         /* an option says it too */
    int has_lines;           /* results were seen that do not say what they hold, and look */
    unsigned with_years;     /* as if words had years, if they have n counts: bit n, */
    unsigned with_decades;   /* or decades, */
    unsigned with_words;     /* or neither */
    uint64_t warnings;       /* a set of enum wm_warning, of what inputs look like */
};

/* Whether the job writes an output. */
static inline int plan_has_output(const struct plan *plan)
{
    return plan->options.output || plan->options.output_fd >= 0;
}

#endif
