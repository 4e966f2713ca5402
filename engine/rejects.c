/*
 * The file of rejected lines, in the order of the input, one a line: file, line, byte offset,
 * reason, text. Line numbers are known by now, since every task said how many lines it found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "job.h"
#include "ngram.h"

static const char *const reasons[] = {
    [REJECT_FIELDS] = "too few fields", [REJECT_YEAR] = "bad year",
    [REJECT_COUNT] = "bad count",       [REJECT_WORD] = "word too long",
    [REJECT_MAP] = "map function",      [REJECT_CRASH] = "map function crashed",
};

static int compare_tasks(const void *a, const void *b)
{
    return map_task_compare(*(struct map_task *const *)a, *(struct map_task *const *)b);
}

static int write_run(struct wm_job *job, const char *path, uint64_t before,
                     const struct message_run *run)
{
    struct output *output = &job->rejects;
    const unsigned char *at = arena_at(&job->arena, run->extents.first);
    const unsigned char *end = at + run->size;
    int rc = 0;
    while (at < end && rc == 0) {
        const struct reject *reject = (const struct reject *)(const void *)at;
        char place[96];
        int n = snprintf(place, sizeof place, "\t%" PRIu64 "\t%" PRIu64 "\t%s\t",
                         before + reject->line + 1, reject->offset, reasons[reject->reason]);
        rc = output_write(output, path, strlen(path), &job->error);
        if (rc == 0)
            rc = output_write(output, place, (size_t)n, &job->error);
        if (rc == 0)
            rc = output_write(output, reject->text, reject->size, &job->error);
        if (rc == 0)
            rc = output_write(output, "\n", 1, &job->error);
        at += reject_stride(reject->size);
    }
    return rc;
}

int rejects_write(struct wm_job *job)
{
    uint32_t n = job->partitions.n;
    struct map_task **tasks = malloc((n + 1) * sizeof *tasks);
    if (!tasks)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n; i++)
        tasks[i] = &job->partitions.tasks[i];
    qsort(tasks, n, sizeof *tasks, compare_tasks);

    int rc = 0;
    uint64_t before = 0;
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        if (i > 0 && tasks[i]->input != tasks[i - 1]->input)
            before = 0;
        const char *path = job->inputs.items[tasks[i]->input].path;
        for (uint32_t j = 0; j < tasks[i]->n_rejects && rc == 0; j++)
            rc = write_run(job, path, before, &tasks[i]->rejects[j]);
        before += tasks[i]->lines;
    }
    free(tasks);
    return rc;
}
