/*
 * The figures of a bench for other programs: seconds, bytes, and no units in the values.
 *
 * CSV: a line of names and a line for each run that counts. JSON, keys in this order, those of runs
 * the same as in the CSV:
 *
 *     schema      "wordmill-bench/1"; a later one only ever adds keys
 *     wordmill    version; date: of the end, UTC, ISO 8601
 *     machine     system, architecture, cpu, cpus (those this process may run on)
 *     input       files, bytes, lines, words (distinct), rejected (lines skipped)
 *     settings    rounds, warmup, cold, interrupted
 *     runs        one object a run:
 *       configuration   its number, from 1, in summary; round: from 1
 *       partition_size  bytes, 0 with partition_lines; chosen or as asked for
 *       partition_lines lines, 0 with partition_size
 *       workers         0: no fork; fan_in: as asked for, 0: chosen
 *       seconds         of everything; user_seconds, system_seconds: all processes together
 *       split_seconds   start, and finding lines; map_, reduce_, order_, write_seconds: as named
 *       round_seconds   a list; in CSV with blanks between them. The last is that of order and
 *                       write, the others are that of reduce
 *       busy_seconds    of all workers, at tasks; map_busy_seconds: of these, at map tasks
 *       partitions, runs, run_bytes, rounds, reduce_tasks, retries, peak_shared_bytes
 *       messages, message_bytes   through the sockets to and from workers
 *       cached          share of the input in the page cache before a cold run, else null, or empty
 *     summary     one object a configuration: number, partition_size (0: chosen), partition_lines,
 *                 workers, fan_in, n (runs), median, min, max, spread, bytes_per_second,
 *                 lines_per_second, speed_up, efficiency, best, close; error: null or why not
 */
#ifndef ENGINE_CLI_BENCH_BENCH_EXPORT_H
#define ENGINE_CLI_BENCH_BENCH_EXPORT_H

#include <stdio.h>

#include "bench/bench_rows.h"

void export_csv(const struct bench *bench, FILE *stream);
void export_json(const struct bench *bench, const struct row *rows, int interrupted, FILE *stream);

#endif
