/*
 * What is measured, and in which order. A grid is three axes: partition sizes (or lines), workers
 * and fan-ins; each point of it is a configuration. Pure: no clock, no descriptor, nothing printed.
 */
#ifndef ENGINE_CLI_BENCH_BENCH_GRID_H
#define ENGINE_CLI_BENCH_BENCH_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "axis.h"

#define CONFIG_WORKERS_AUTO UINT32_MAX
#define CONFIG_NAME_MAX 96 /* bytes of a configuration's name, with the NUL */

struct grid {
    struct axis partitions; /* bytes, or lines */
    struct axis workers;
    struct axis fan_ins;
    int by_lines;
};

struct config {
    uint64_t partition_size;  /* bytes; 0: chosen */
    uint64_t partition_lines; /* instead; 0: off */
    unsigned workers;         /* CONFIG_WORKERS_AUTO: chosen */
    unsigned fan_in;          /* 0: chosen */
};

/* Configurations are numbered from 0: partitions change fastest, then fan-ins, then workers. */
uint32_t grid_size(const struct grid *grid);
struct config grid_config(const struct grid *grid, uint32_t number);

/* The order of a round: the numbers below n, shuffled, the same for the same seed and round. */
void grid_shuffle(uint32_t n, uint64_t seed, uint64_t round, uint32_t *order);

/* '64K', '100000': the shortest that an option of a size would take for it. */
void size_name(uint64_t size, char *text, size_t room);

/* '3.5M', '64K', '900': about, in no more than 4 characters and a letter. */
void size_about(double size, char *text, size_t room);

/* '4M', '60000', 'auto': of its partitions. */
void partition_name(const struct grid *grid, const struct config *config, char *text, size_t room);

/* '4M, 2 workers, fan-in 8': of axes with more than one value; with none, the workers. */
void config_name(const struct grid *grid, const struct config *config, char *text, size_t room);

#endif
