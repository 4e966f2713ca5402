/* What the machine did besides, in the time of a bench: of /proc/stat, which counts in ticks. */
#ifndef ENGINE_CLI_BENCH_BENCH_LOAD_H
#define ENGINE_CLI_BENCH_BENCH_LOAD_H

struct machine_load {
    int is_known; /* 0: the system does not tell */
    double seconds;
    double cpus;          /* of the machine */
    double steal_seconds; /* of all its CPUs: what a host gave to other machines */
    double other_seconds; /* of CPU time that other processes than this and its workers had */
};

struct machine_load load_start(void);
/* Of the time since start. */
struct machine_load load_stop(const struct machine_load *start);

/* CPUs that others had, on average, and that a host took away. */
double load_other_cpus(const struct machine_load *load);
double load_steal_cpus(const struct machine_load *load);

#endif
