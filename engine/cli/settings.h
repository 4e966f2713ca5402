/*
 * What the command line says, of all commands: an option sets a field here. Setters return 0, or
 * WM_EINVAL after saying on standard error what is wrong.
 */
#ifndef ENGINE_CLI_SETTINGS_H
#define ENGINE_CLI_SETTINGS_H

#include <wordmill.h>

#include "axis.h"
#include "option_row.h"

/* The files that bench writes; pictures are last. */
enum bench_file {
    BENCH_CSV,
    BENCH_JSON,
    BENCH_MARKDOWN,
    BENCH_PAGE,
    BENCH_TIMELINE,
    BENCH_PLOT,
    BENCH_PLOT_PHASES,
    BENCH_PLOT_WORKERS,
    BENCH_PLOT_MEMORY,
    N_BENCH_FILES
};

enum { BENCH_ROUNDS_MAX = 10000 };

struct settings {
    wm_options o;
    const char **words; /* o.words, with room for one per argument */
    const char *stats;
    int progress; /* an enum meter_kind, -1 if not given */
    int reporter; /* an enum reporter_kind, the same */
    int has_output_format;
    int is_csv_safe;
    int are_prefixes, is_batch;
    int is_quiet;      /* -q: of -q and -v the last one counts */
    int is_verbose;    /* -v */
    int help_is_asked; /* nothing else matters then */

    /* Of bench. */
    struct axis sizes, lines, workers, fan_ins;
    unsigned rounds; /* 0: as many as it takes */
    unsigned warmup;
    uint32_t seed;  /* of the order in each round */
    double seconds; /* negative: not given */
    int is_cold;
    const char *bench_files[N_BENCH_FILES]; /* or NULL */
    const char *from, *compare;             /* saved benches, or NULL */
    const char *against;                    /* another build of the command, or NULL */
    double max_slowdown;                    /* 0.05: 5%; negative: not given */

    char **passed; /* options that more than one command has, as "--name=value": each is its own */
    size_t n_passed;
};

/* What an option of count was set to, for a program that is to do the same. 0, or WM_ENOMEM after
 * saying so. */
int settings_pass(struct settings *settings, const struct option_row *row, const char *value);

/* Whether options that were set go together: 0, or WM_EINVAL after saying which do not. */
int settings_check(const struct settings *settings);

/* argc is how many arguments there are. 0, or WM_ENOMEM after saying so. */
int settings_init(struct settings *settings, int argc);
void settings_release(struct settings *settings);

/* --csv-safe makes CSV another format. 0, or WM_EINVAL after saying that it is none. */
int settings_choose_csv(struct settings *settings);

/* For options of the library, which knows their values. */
setter set_option;

/* For any field: what row->at is the place of. */
setter set_text, set_flag, set_choice, set_rounds, set_seed, set_seconds;
/* An axis of bench: numbers with commas between, each as the library takes it, or auto. */
setter set_axis;

/* For one option each. */
setter set_word, set_output, set_output_format, set_shard, set_query_format, set_quiet, set_verbose,
    set_runs, set_percent;

/*
 * The i-th word that an option takes, from 0 on; NULL: there are no more, or it takes any value.
 */
const char *settings_choice(const struct option_row *row, int i);

#endif
