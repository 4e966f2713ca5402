/*
 * The file of rejected lines, in the order of the input, one a line: file, line, byte offset,
 * reason, text. Line numbers are known by now, since every task said how many lines it found; but
 * not in the middle of a file, where another shard has the lines before: there stands '-'.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "input/format.h"
#include "job/job.h"
#include "shared/reject.h"

#define TEXT_SIZE (64u << 10) /* collected, then written at once */
#define PLACE_SIZE 96         /* the most that stands between file and text */

static const char *const reasons[] = {
    [REJECT_FIELDS] = "too few fields",
    [REJECT_YEAR] = "bad year",
    [REJECT_COUNT] = "bad count",
    [REJECT_WORD] = "word too long",
    [REJECT_LONG] = "line too long",
    [REJECT_MAP] = "map function",
    [REJECT_CRASH] = "map function crashed",
};

const char *reject_reason_words(enum reject_reason reason)
{
    return reasons[reason];
}

static int compare_tasks(const void *a, const void *b)
{
    return map_task_compare(*(struct map_task *const *)a, *(struct map_task *const *)b);
}

static int begin(struct wm_job *job)
{
    struct rejects *rejects = &job->rejects;
    uint32_t n = job->partitions.n;
    rejects->tasks = malloc((n + 1) * sizeof *rejects->tasks);
    if (!rejects->tasks)
        return error_memory(&job->error);
    for (uint32_t i = 0; i < n; i++)
        rejects->tasks[i] = &job->partitions.tasks[i];
    qsort(rejects->tasks, n, sizeof *rejects->tasks, compare_tasks);
    return 0;
}

/* The next rejected line, or NULL; *task is the one that rejected it. */
static const struct reject *next_reject(struct wm_job *job, const struct map_task **task)
{
    struct rejects *rejects = &job->rejects;
    while (rejects->task < job->partitions.n) {
        *task = rejects->tasks[rejects->task];
        if (rejects->run < (*task)->n_rejects) {
            const struct message_run *run = &(*task)->rejects[rejects->run];
            if (rejects->at < run->size) {
                const void *at = arena_at(&job->arena, run->extents.first) + rejects->at;
                const struct reject *reject = at;
                rejects->at += reject_stride(reject->size);
                return reject;
            }
            rejects->run++;
        } else {
            rejects->lines += (*task)->lines;
            rejects->unpacked += (*task)->unpacked;
            rejects->task++;
            if (rejects->task < job->partitions.n &&
                rejects->tasks[rejects->task]->input != (*task)->input)
                rejects->lines = rejects->unpacked = 0;
            rejects->run = 0;
        }
        rejects->at = 0;
    }
    return NULL;
}

static int put(struct wm_job *job, const struct map_task *task, const struct reject *reject)
{
    struct rejects *rejects = &job->rejects;
    const struct input *input = &job->inputs.items[task->input];
    const char *path = input->path;
    char line[24] = "-";
    if (input_has_line_numbers(input))
        snprintf(line, sizeof line, "%" PRIu64, rejects->lines + reject->line + 1);
    size_t room = rejects->size + strlen(path) + PLACE_SIZE + reject->size + 1;
    if (room > rejects->capacity) {
        char *text = realloc(rejects->text, room + TEXT_SIZE);
        if (!text)
            return error_memory(&job->error);
        rejects->text = text;
        rejects->capacity = room + TEXT_SIZE;
    }
    char *at = rejects->text + rejects->size;
    at = stpcpy(at, path);
    at += snprintf(at, PLACE_SIZE, "\t%s\t%" PRIu64 "\t%s\t", line,
                   rejects->unpacked + reject->offset, reasons[reject->reason]);
    memcpy(at, reject->text, reject->size);
    at += reject->size;
    *at++ = '\n';
    rejects->size = (size_t)(at - rejects->text);
    return 0;
}

int rejects_write(struct wm_job *job)
{
    struct rejects *rejects = &job->rejects;
    int rc = rejects->tasks ? 0 : begin(job);
    while (rc == 0) {
        const struct map_task *task;
        const struct reject *reject;
        while (rc == 0 && rejects->size < TEXT_SIZE && (reject = next_reject(job, &task)) != NULL)
            rc = put(job, task, reject);
        if (rc == 0 && rejects->size == 0)
            return 0;
        if (rc == 0)
            rc = output_write_some(&rejects->output, rejects->text, rejects->size,
                                   &rejects->written, &job->error);
        if (rc == 0)
            rejects->size = rejects->written = 0;
        arena_forget(&job->arena);
    }
    return rc;
}

void rejects_release(struct rejects *rejects)
{
    output_release(&rejects->output);
    free(rejects->tasks);
    free(rejects->text);
    rejects->tasks = NULL;
    rejects->text = NULL;
}
