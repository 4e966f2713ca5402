/* Where each figure stands; the few that follow from others. */
#include "bench/bench_measure.h"

#include <math.h>
#include <string.h>

#define FIELD(member, kind)                                                                        \
    {                                                                                              \
#member, kind, offsetof(struct measure, member)                                            \
    }

const struct measure_field measure_fields[N_MEASURE_FIELDS] = {
    FIELD(configuration, MEASURE_NUMBER),
    FIELD(round, MEASURE_NUMBER),
    FIELD(partition_size, MEASURE_WHOLE),
    FIELD(partitions, MEASURE_WHOLE),
    FIELD(largest_partition, MEASURE_WHOLE),
    FIELD(workers, MEASURE_WHOLE),
    FIELD(workers_started, MEASURE_WHOLE),
    FIELD(fan_in, MEASURE_WHOLE),
    FIELD(seconds, MEASURE_SECONDS),
    FIELD(user_seconds, MEASURE_SECONDS),
    FIELD(system_seconds, MEASURE_SECONDS),
    FIELD(split_seconds, MEASURE_SECONDS),
    FIELD(map_seconds, MEASURE_SECONDS),
    FIELD(reduce_seconds, MEASURE_SECONDS),
    FIELD(order_seconds, MEASURE_SECONDS),
    FIELD(write_seconds, MEASURE_SECONDS),
    FIELD(rounds, MEASURE_WHOLE),
    FIELD(round_seconds, MEASURE_ROUNDS),
    FIELD(unpack_seconds, MEASURE_SECONDS),
    FIELD(busy_seconds, MEASURE_SECONDS),
    FIELD(map_busy_seconds, MEASURE_SECONDS),
    FIELD(bytes, MEASURE_WHOLE),
    FIELD(runs, MEASURE_WHOLE),
    FIELD(run_bytes, MEASURE_WHOLE),
    FIELD(reduce_tasks, MEASURE_WHOLE),
    FIELD(retries, MEASURE_WHOLE),
    FIELD(peak_shared_bytes, MEASURE_WHOLE),
    FIELD(messages, MEASURE_WHOLE),
    FIELD(message_bytes, MEASURE_WHOLE),
    FIELD(cached, MEASURE_SHARE),
};

/* To microseconds, as files have them: so what is read back is what was reported. */
static void seconds_round(struct measure *measure)
{
    for (int i = 0; i < N_MEASURE_FIELDS; i++) {
        int n = measure_fields[i].kind == MEASURE_SECONDS  ? 1
                : measure_fields[i].kind == MEASURE_ROUNDS ? WM_ROUNDS_MAX
                                                           : 0;
        double *seconds = (double *)(void *)((char *)measure + measure_fields[i].at);
        for (int k = 0; k < n; k++)
            seconds[k] = round(seconds[k] * 1e6) / 1e6;
    }
}

void measure_fill(struct measure *measure, const wm_stats *stats, struct span span)
{
    *measure = (struct measure){
        .configuration = measure->configuration,
        .round = measure->round,
        .partition_size = stats->partition_size,
        .partitions = stats->partitions,
        .largest_partition = stats->largest_partition,
        .workers = stats->workers,
        .workers_started = stats->workers_started,
        .fan_in = stats->fan_in,
        .seconds = span.wall,
        .user_seconds = span.user,
        .system_seconds = span.system,
        .split_seconds = stats->phase_seconds[WM_PHASE_SPLIT],
        .map_seconds = stats->phase_seconds[WM_PHASE_MAP],
        .reduce_seconds = stats->phase_seconds[WM_PHASE_REDUCE],
        .order_seconds = stats->phase_seconds[WM_PHASE_WRITE] - stats->output_seconds,
        .write_seconds = stats->output_seconds,
        .unpack_seconds = stats->unpack_seconds,
        .map_busy_seconds = stats->busy_seconds[WM_PHASE_MAP],
        .bytes = stats->bytes,
        .runs = stats->runs,
        .run_bytes = stats->run_bytes,
        .rounds = stats->rounds,
        .reduce_tasks = stats->reduce_tasks,
        .retries = stats->retries,
        .peak_shared_bytes = stats->peak_arena,
        .messages = stats->messages,
        .message_bytes = stats->message_bytes,
        .cached = measure->cached,
    };
    for (int i = 0; i < WM_N_PHASES; i++)
        measure->busy_seconds += stats->busy_seconds[i];
    memcpy(measure->round_seconds, stats->round_seconds, sizeof measure->round_seconds);
    seconds_round(measure);
}

double measure_rest_seconds(const struct measure *measure)
{
    double rest = measure->seconds - measure->split_seconds - measure->map_seconds -
                  measure->reduce_seconds - measure->order_seconds - measure->write_seconds;
    return rest > 0 ? rest : 0;
}

double measure_cpus(const struct measure *measure)
{
    double seconds = measure->user_seconds + measure->system_seconds;
    return measure->seconds > 0 ? seconds / measure->seconds : 0;
}

double measure_busy_share(const struct measure *measure)
{
    double workers = measure->workers_started > 0 ? (double)measure->workers_started : 1;
    double all = measure->seconds * workers;
    return all > 0 ? measure->busy_seconds / all : 0;
}

double measure_partition_bytes(const struct measure *measure)
{
    if (measure->partition_size > 0 && measure->unpack_seconds <= 0)
        return (double)measure->partition_size;
    return measure->partitions > 0 ? (double)measure->bytes / (double)measure->partitions : 0;
}

int measure_is_same_cut(const struct measure *a, const struct measure *b)
{
    return a->partitions == b->partitions && a->largest_partition == b->largest_partition;
}
