/* The files that a bench is asked for, beside the tables on standard output. */
#ifndef ENGINE_CLI_BENCH_BENCH_OUTPUTS_H
#define ENGINE_CLI_BENCH_BENCH_OUTPUTS_H

#include "bench/bench_machine.h"
#include "bench/bench_rows.h"
#include "bench/bench_timeline.h"
#include "report_file.h"
#include "settings.h"

struct outputs {
    struct report_file files[N_BENCH_FILES];
    int has_pictures; /* in the page */
};

/* What is reported. */
struct findings {
    const struct rows *rows;
    const struct machine *machine;
    const struct timeline *timeline; /* may be empty */
    int is_interrupted;
};

/* Whether pictures can be drawn, and pages be written, to such names: 0, or WM_EINVAL or WM_EWRITE
 * after saying why not. */
int outputs_check(struct outputs *outputs, const char *const paths[N_BENCH_FILES]);

/* Opens them; none may be an input, or the same as another. The same returns. */
int outputs_open(struct outputs *outputs, const char *const paths[N_BENCH_FILES],
                 const char *const *inputs, size_t n_inputs);

/* Writes them, puts them in their places, and prints the tables, unless one of them is standard
 * output. 0, WM_EWRITE or WM_ENOMEM after saying why. */
int outputs_make(struct outputs *outputs, const struct findings *findings);

void outputs_release(struct outputs *outputs);

#endif
