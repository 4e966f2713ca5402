/*
 * A configuration is a number: its places on the three axes are the digits, the partition size the
 * lowest. Each round has an order of its own, so that what one configuration leaves behind, or a
 * machine that slows down meanwhile, is unfair to none of them.
 */
#include "bench/bench_grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "console.h"

/* As wm_options has it: 0 is what the library chooses. */
static uint64_t axis_option(const struct axis *axis, uint32_t place)
{
    uint64_t value = axis->values[place];
    return value == AXIS_AUTO ? 0 : value;
}

uint32_t grid_size(const struct grid *grid)
{
    return grid->partitions.n * grid->workers.n * grid->fan_ins.n;
}

struct config grid_config(const struct grid *grid, uint32_t number)
{
    uint64_t partition = axis_option(&grid->partitions, number % grid->partitions.n);
    number /= grid->partitions.n;
    struct config config = {.fan_in =
                                (unsigned)axis_option(&grid->fan_ins, number % grid->fan_ins.n),
                            .workers = (unsigned)grid->workers.values[number / grid->fan_ins.n]};
    if (grid->by_lines)
        config.partition_lines = partition;
    else
        config.partition_size = partition;
    return config;
}

/* The generator splitmix64 of S. Vigna: each state has one successor, and each state one value. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void grid_shuffle(uint32_t n, uint64_t seed, uint64_t round, uint32_t *order)
{
    uint64_t state = seed * UINT64_C(0x2545F4914F6CDD1D) + round;
    random_next(&state);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t place = (uint32_t)(random_next(&state) % (i + 1));
        order[i] = order[place];
        order[place] = i;
    }
}

void size_name(uint64_t size, char *text, size_t room)
{
    static const char *const suffixes[] = {"", "K", "M", "G"};
    int i = 0;
    while (i < 3 && size > 0 && size % 1024 == 0) {
        size /= 1024;
        i++;
    }
    snprintf(text, room, "%" PRIu64 "%s", size, suffixes[i]);
}

void size_about(double size, char *text, size_t room)
{
    static const char *const suffixes[] = {"", "K", "M", "G", "T"};
    int i = 0;
    while (i < 4 && size >= 999.5) {
        size /= 1024;
        i++;
    }
    int is_whole = i == 0 || size >= 99.95 || fabs(size - round(size)) < 0.05;
    snprintf(text, room, "%.*f%s", is_whole ? 0 : 1, size, suffixes[i]);
}

void partition_name(const struct grid *grid, const struct config *config, char *text, size_t room)
{
    uint64_t partition = grid->by_lines ? config->partition_lines : config->partition_size;
    if (partition == 0)
        snprintf(text, room, "auto");
    else if (grid->by_lines)
        snprintf(text, room, "%" PRIu64, partition);
    else
        size_name(partition, text, room);
}

static void part_add(char *text, size_t room, const char *part)
{
    size_t used = strlen(text);
    snprintf(text + used, room - used, "%s%s", used > 0 ? ", " : "", part);
}

void config_name(const struct grid *grid, const struct config *config, char *text, size_t room)
{
    char part[48];
    text[0] = '\0';
    if (grid->partitions.n > 1) {
        partition_name(grid, config, part, sizeof part);
        part_add(text, room, part);
        if (config->partition_lines > 0)
            snprintf(text + strlen(text), room - strlen(text), " line%s",
                     plural(config->partition_lines));
    }
    if (grid->workers.n > 1 || grid_size(grid) == 1) {
        snprintf(part, sizeof part, "%u worker%s", config->workers, plural(config->workers));
        part_add(text, room, config->workers > 0 ? part : "no fork");
    }
    if (grid->fan_ins.n > 1) {
        snprintf(part, sizeof part, "fan-in %u", config->fan_in);
        part_add(text, room, config->fan_in > 0 ? part : "fan-in auto");
    }
}
