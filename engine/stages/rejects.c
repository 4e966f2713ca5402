/*
 * One line each: file, line, byte offset, reason, text. Line numbers are known by now, since every
 * task said how many lines it found. Only in a file that another shard begins they are not: there
 * stands '-'. The file has a limit, up to which it is the same however the input was cut.
 */
#include "stages/rejects.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "dispatch/failure.h"
#include "error.h"
#include "input/format.h"
#include "shared/reject.h"

#define TEXT_SIZE (64u << 10)  /* collected, then written at once */
#define TURN_SIZE (512u << 10) /* of a turn: a line of it takes a microsecond */
#define PLACE_SIZE 96          /* the most that stands between file and text */
#define END_SIZE 96            /* of the last line, if some are left out */

static int compare_tasks(const void *a, const void *b)
{
    return map_task_compare(*(struct map_task *const *)a, *(struct map_task *const *)b);
}

static int rejects_begin(struct rejects *rejects, const struct plan *plan, wm_error *error)
{
    uint32_t n = plan->partitions.n;
    rejects->tasks = malloc((n + 1) * sizeof *rejects->tasks);
    if (!rejects->tasks)
        return error_memory(error);
    for (uint32_t i = 0; i < n; i++)
        rejects->tasks[i] = &plan->partitions.tasks[i];
    qsort(rejects->tasks, n, sizeof *rejects->tasks, compare_tasks);
    return 0;
}

/* Or of one member of an archive. */
static int are_of_one_input(const struct plan *plan, const struct map_task *a,
                            const struct map_task *b)
{
    return a->input == b->input && inputs_member(&plan->inputs, a->input, a->start) ==
                                       inputs_member(&plan->inputs, b->input, b->start);
}

/* The next rejected line, or NULL; *task is the one that rejected it. */
static const struct reject *next_reject(struct rejects *rejects, const struct plan *plan,
                                        const struct map_task **task)
{
    while (rejects->task < plan->partitions.n) {
        *task = rejects->tasks[rejects->task];
        if (rejects->run < (*task)->n_rejects) {
            const struct message_run *run = &(*task)->rejects[rejects->run];
            if (rejects->at < run->size) {
                const void *at = arena_at(&plan->arena, run->extents.first) + rejects->at;
                const struct reject *reject = at;
                rejects->at += reject_stride(reject->size);
                return reject;
            }
            rejects->run++;
        } else {
            rejects->lines += (*task)->lines;
            rejects->unpacked += (*task)->unpacked;
            rejects->task++;
            if (rejects->task < plan->partitions.n &&
                !are_of_one_input(plan, rejects->tasks[rejects->task], *task))
                rejects->lines = rejects->unpacked = 0;
            rejects->run = 0;
        }
        rejects->at = 0;
    }
    return NULL;
}

/* Room for size bytes behind what is there. */
static int rejects_make_room(struct rejects *rejects, size_t size, wm_error *error)
{
    char *text = grow(rejects->text, &rejects->capacity, rejects->size + size, 1);
    if (!text)
        return error_memory(error);
    rejects->text = text;
    return 0;
}

/* The last line, since a small packed input may have rejects without end. */
static int put_end(struct rejects *rejects, uint64_t n_all, wm_error *error)
{
    if (rejects_make_room(rejects, END_SIZE, error) < 0)
        return WM_ENOMEM;
    rejects->is_full = 1;
    rejects->size += (size_t)snprintf(rejects->text + rejects->size, END_SIZE,
                                      "-\t-\t-\tleft out\t%" PRIu64
                                      " more lines, past what max-reject-bytes allows\n",
                                      n_all - rejects->n);
    return 0;
}

static wm_reject describe(const struct rejects *rejects, const struct plan *plan,
                          const struct map_task *task, const struct reject *reject)
{
    const struct input *input = &plan->inputs.items[task->input];
    const struct member *member = inputs_member(&plan->inputs, task->input, task->start);
    return (wm_reject){
        .name = member ? member->name : input->name,
        .reason = reject_reason_words((enum reject_reason)reject->reason),
        .text = reject->text,
        .size = reject->size,
        .offset = rejects->unpacked + reject->offset - (member ? member->start : 0),
        .line = inputs_line(&plan->inputs, task->input, task->start, rejects->lines + reject->line),
        .input = input->number};
}

/* 0; 1: it does not fit the limit any more; or WM_ENOMEM. */
static int put(struct rejects *rejects, const struct plan *plan, const wm_reject *reject,
               wm_error *error)
{
    size_t name_size = wm_quote(reject->name, strlen(reject->name), NULL, 0);
    char line[24] = "-";
    if (reject->line > 0)
        snprintf(line, sizeof line, "%" PRIu64, reject->line);
    if (rejects_make_room(rejects, name_size + PLACE_SIZE + reject->size + 1, error) < 0)
        return WM_ENOMEM;
    char *start = rejects->text + rejects->size, *at = start;
    /* A LF or a TAB in a name makes no record or field of its own. */
    at += wm_quote(reject->name, strlen(reject->name), at, name_size + 1);
    at += snprintf(at, PLACE_SIZE, "\t%s\t%" PRIu64 "\t%s\t", line, reject->offset, reject->reason);
    memcpy(at, reject->text, reject->size);
    at += reject->size;
    *at++ = '\n';
    size_t size = (size_t)(at - start);
    if (size > plan->options.max_reject_bytes - rejects->bytes)
        return 1;
    rejects->bytes += size;
    rejects->n++;
    rejects->size += size;
    if (plan->options.on_reject)
        plan->options.on_reject(reject, plan->options.reject_user);
    return 0;
}

int rejects_write(struct rejects *rejects, const struct plan *plan, uint64_t n_all, wm_error *error)
{
    int rc = rejects->tasks ? 0 : rejects_begin(rejects, plan, error);
    uint64_t enough = rejects->bytes + TURN_SIZE;
    while (rc == 0 && rejects->bytes < enough) {
        const struct map_task *task;
        const struct reject *reject;
        while (rc == 0 && rejects->size < TEXT_SIZE && !rejects->is_full &&
               (reject = next_reject(rejects, plan, &task)) != NULL) {
            wm_reject told = describe(rejects, plan, task, reject);
            rc = put(rejects, plan, &told, error);
        }
        if (rc == 1)
            rc = put_end(rejects, n_all, error);
        if (rc == 0 && rejects->size == 0)
            return 0;
        if (rc == 0 && plan->options.rejects)
            rc = output_write_some(&rejects->output, rejects->text, rejects->size,
                                   &rejects->written, error);
        if (rc == 0)
            rejects->size = rejects->written = 0;
        arena_forget(&plan->arena);
    }
    return rc == 0 ? REJECTS_MORE : rc;
}

void rejects_release(struct rejects *rejects)
{
    output_release(&rejects->output);
    free(rejects->tasks);
    free(rejects->text);
    rejects->tasks = NULL;
    rejects->text = NULL;
}
