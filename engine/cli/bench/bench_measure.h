/*
 * The figures of one run, and a table of them: their names, and where each stands. What writes runs
 * to files and what reads them back go by that table. Seconds, bytes and counts.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_MEASURE_H
#define ENGINE_CLI_BENCH_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include <wordmill.h>

#include "bench/bench_clock.h"

struct measure {
    uint64_t configuration; /* its number in the grid, from 0 */
    uint64_t round;         /* from 0, warm-up not counted */

    /* What was in force. */
    uint64_t partition_size;    /* bytes, packed ones of a packed file; 0 with lines */
    uint64_t partitions;        /* map operations */
    uint64_t largest_partition; /* bytes that one of them read, unpacked */
    uint64_t workers;           /* asked for, or chosen */
    uint64_t workers_started;   /* 0: no fork */
    uint64_t fan_in;

    double seconds; /* of everything */
    double user_seconds, system_seconds;
    double split_seconds, map_seconds, reduce_seconds, order_seconds, write_seconds;
    double round_seconds[WM_ROUNDS_MAX];
    double unpack_seconds;    /* of all processes, most of it while map goes on */
    double busy_seconds;      /* of all workers, at tasks, waiting for a CPU included */
    double map_busy_seconds;  /* of these, at map tasks */
    uint64_t bytes;           /* read, unpacked */
    uint64_t runs, run_bytes; /* of the map */
    uint64_t rounds, reduce_tasks, retries;
    uint64_t peak_shared_bytes; /* runs in shared memory, at most */
    uint64_t messages, message_bytes;
    double cached; /* share of the input in the page cache before a cold run; -1: not cold */
};

enum measure_kind {
    MEASURE_WHOLE,   /* uint64_t */
    MEASURE_NUMBER,  /* the same, but told from 1 on */
    MEASURE_SECONDS, /* double */
    MEASURE_ROUNDS,  /* double[], as many as rounds says */
    MEASURE_SHARE    /* double, negative if there is none */
};

struct measure_field {
    const char *name;
    enum measure_kind kind;
    size_t at;
};

enum { N_MEASURE_FIELDS = 30 };

/* In the order of files; rounds stands before what is as long as it says. */
extern const struct measure_field measure_fields[N_MEASURE_FIELDS];

/* What the library says of a run. */
void measure_fill(struct measure *measure, const wm_stats *stats, struct span span);

double measure_rest_seconds(const struct measure *measure); /* start and end: in no phase */
double measure_cpus(const struct measure *measure);         /* CPUs that it had, on average */

/* Of the time that all workers together had, the share that they were at tasks. */
double measure_busy_share(const struct measure *measure);

/* Bytes of a partition as it was mapped: unpacked, if the input is packed. */
double measure_partition_bytes(const struct measure *measure);

/* Whether both were cut into the same partitions. */
int measure_is_same_cut(const struct measure *a, const struct measure *b);

#endif
