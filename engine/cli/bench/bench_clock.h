/* The clock of a bench: what passes between start and stop. */
#ifndef ENGINE_CLI_BENCH_BENCH_CLOCK_H
#define ENGINE_CLI_BENCH_BENCH_CLOCK_H

/* Seconds. */
struct span {
    double wall;
    double user;   /* of this process and of all that it waited for in between */
    double system; /* the same */
};

struct span clock_start(void);
struct span clock_stop(struct span start);

#endif
