/*
 * What all processes of a job know: fixed before the first fork, inherited by every worker, and
 * never sent. The pointers are the engine's.
 */
#ifndef WORKER_CONTEXT_SPEC_H
#define WORKER_CONTEXT_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "filter/filter.h"
#include "filter/pick.h"
#include "input/format.h"
#include "input/source.h"
#include "output/columns.h"
#include "output/format.h"
#include "scan/scan.h"
#include "shared/arena.h"
#include "shared/progress.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/table.h"

struct wm_mapper; /* the public handle */

/* The caller's map function. Non-zero: the record is bad. */
typedef int record_fn(struct wm_mapper *mapper, const char *record, size_t size, void *user);
/* The same of the begin or the end of a partition. Non-zero: it failed. */
typedef int partition_fn(struct wm_mapper *mapper, void *user);

/* What the caller has in each worker. Non-zero: the worker cannot begin. */
typedef int state_new_fn(void **state, unsigned worker, void *user);
typedef void state_free_fn(void *state, void *user);

/* Of which words it is noted what their tokens are. */
enum noted {
    NOTED_NONE,
    NOTED_ALL,     /* before the filter */
    NOTED_COUNTED, /* those that it lets through */
};

struct job_spec {
    const struct input *inputs;
    const struct arena *arena;
    struct progress *progress;
    const struct scan *scan;
    const struct table *words;   /* count only these; NULL: all */
    const struct filter *filter; /* NULL: all words count */
    const struct pick *pick;     /* of those with ranks, keep only these; NULL: all */
    enum noted noted;
    const struct output_format *format; /* of the output */
    struct columns columns;
    uint64_t min_count;     /* of a word of the result */
    uint64_t seed;          /* of table_hash */
    uint64_t top;           /* words of a slice that may matter; UINT64_MAX: all */
    uint64_t fill_step;     /* years from one line of a filled word to the next; 0: none is */
    uint64_t top_per;       /* words of a period that may matter; UINT64_MAX: all */
    enum order order;       /* of the result */
    enum order rank_order;  /* of the final runs, in which words are ranked; order: they are not */
    enum order run_order;   /* until then */
    uint32_t n_entries_max; /* of a map task's table */
    size_t table_size;      /* bytes of its entries, and of a run's */
    size_t table_size_max;  /* the same when a large table pays */
    size_t spill_size;      /* bytes of the entries of a spilled run, at most */
    size_t chunk_size;      /* bytes read at a time */
    unsigned n_more;        /* counts of a word behind the first */
    int has_series;         /* entries are words with all their periods: words/series.h */
    enum reduce_op reduce;
    record_fn *on_record;            /* the caller's map; NULL: lines are of the ngram format */
    const struct splitter *splitter; /* of all inputs; NULL: they have lines */
    int (*init)(unsigned worker, void *user); /* the caller's, with map_user; NULL: none */
    void *map_user;
    partition_fn *partition_begin, *partition_end; /* the same, with map; NULL: none */
    state_new_fn *state_new;                       /* the same */
    state_free_fn *state_free;
    struct ngram_query query;
    int wants_tasks;   /* somebody wants to know what each took of a CPU */
    int wants_years;   /* those of lines that count, in progress->years */
    uint64_t n_header; /* lines at the start of each input that are no data */
    int skip_bad_lines;
    int keep_rejects;          /* send their text */
    uint64_t reject_bytes_max; /* of it, of a task */
};

#endif
