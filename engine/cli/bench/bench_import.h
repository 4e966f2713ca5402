/* Reads what bench_export.h wrote as JSON, to report it anew or to compare with it. */
#ifndef ENGINE_CLI_BENCH_BENCH_IMPORT_H
#define ENGINE_CLI_BENCH_BENCH_IMPORT_H

#include <jansson.h>

#include "bench/bench_machine.h"
#include "bench/bench_run.h"

struct imported {
    struct bench bench; /* as it was when its last run had ended; nothing of it can run */
    struct machine machine;
    int is_interrupted;
    json_t *root;         /* where strings are */
    const char **strings; /* paths, then arguments of the command */
};

/*
 * 0, or WM_EOPEN or WM_EREAD after saying why it is no such report. Whatever is in the file, what
 * was read holds together: numbers of configurations are there, and rounds have runs.
 */
int import_read(const char *path, struct imported *imported);

void import_release(struct imported *imported);

#endif
