/*
 * The figures of a bench for other programs: seconds, bytes, and no units in the values.
 *
 * CSV: a line of names and a line for each run that counts. JSON, keys in this order, those of runs
 * the same as in the CSV:
 *
 *     schema      "wordmill-bench/2"; a later one only ever adds keys
 *     wordmill    version; date: of the end, UTC, ISO 8601
 *     command     its arguments
 *     machine     system, architecture, cpu, cpus (those this process may run on)
 *     load        while it ran: seconds, cpus, steal_seconds (of all CPUs: what a host gave to
 *                 other machines), other_seconds (CPU time of other processes); null: not known
 *     input       files, bytes, lines, words (distinct), rejected (lines skipped)
 *     settings    warmup, cold, interrupted, seed (of the order in each round), other (another
 *                 build, or null)
 *     axes        partitions (bytes, or lines if by_lines), workers, fan_ins; 0: chosen; by_lines
 *     runs        one object a run:
 *       configuration   its number, from 1, in summary; round: from 1
 *       partition_size  in force: bytes, packed ones of a packed file; 0 with partition_lines
 *       partitions      map operations; largest_partition: bytes of one, unpacked, at most
 *       workers         asked for or chosen, workers_started: 0 without a fork; fan_in
 *       seconds         of everything; user_seconds, system_seconds: all processes together
 *       split_seconds   start, and finding lines; map_, reduce_, order_, write_seconds: as named
 *       rounds          of reduce; round_seconds: a list; in CSV with blanks between them. The last
 *                       is that of order and write, the others are that of reduce
 *       unpack_seconds  of all processes, in the time of map mostly
 *       busy_seconds    of all workers, at tasks; map_busy_seconds: of these, at map tasks
 *       bytes, runs, run_bytes, reduce_tasks, retries, peak_shared_bytes
 *       messages, message_bytes   through the sockets to and from workers
 *       cached          share of the input in the page cache before a cold run, else null, or empty
 *     summary     one object a configuration: number, partition_size (0: chosen), partition_lines,
 *                 workers, fan_in, same_as (the number of the one that comes to the same
 *                 partitions, or its own), n (runs), median, min, max, spread, outliers,
 *                 bytes_per_second, lines_per_second, speed_up, efficiency, cpus, against_best,
 *                 against_best_low, against_best_high (95%; null: too few), other_median (of the
 *                 other build or the saved bench) and against_other, against_other_low,
 *                 against_other_high (this one's time over it; null: there is none), verdict (best,
 *                 good, worse, unknown, none); error: null or why it did not run
 *     answer      in words
 */
#ifndef ENGINE_CLI_BENCH_BENCH_EXPORT_H
#define ENGINE_CLI_BENCH_BENCH_EXPORT_H

#include <stdio.h>

#include "bench/bench_machine.h"
#include "bench/bench_rows.h"

void export_csv(const struct bench *bench, FILE *stream);
void export_json(const struct rows *rows, const struct machine *machine, int interrupted,
                 FILE *stream);

#endif
