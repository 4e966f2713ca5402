/*
 * The largest file is cut first, since tasks are handed out in the order in which they are made
 * here. Small ones at the end let all workers finish at about the same time.
 */
#include "plan/partition.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "base/grow.h"
#include "error.h"
#include "words/order.h"

/* Partitions per worker: enough that none waits long at the end for another's last one. */
#define PARTITIONS_PER_WORKER 16
#define PARTITIONS_PER_WORKER_PACKED 8 /* each costs two trials: member.h */
#define SAMPLE_SIZE 32768
#define PARTITION_SIZE_MIN (UINT64_C(1) << 20)
#define PARTITION_SIZE_MAX (UINT64_C(8) << 20)
#define PARTITION_SIZE_MAX_LARGE (UINT64_C(2) << 30) /* one per worker, up to this */

void partitions_release(struct partitions *partitions)
{
    for (uint32_t i = 0; i < partitions->n; i++) {
        free(partitions->tasks[i].rejects);
        free(partitions->tasks[i].crashes);
    }
    free(partitions->tasks);
    *partitions = (struct partitions){0};
}

int partitions_add(struct partitions *partitions, struct map_task task)
{
    struct map_task *tasks =
        grow(partitions->tasks, &partitions->capacity, (size_t)partitions->n + 1, sizeof *tasks);
    if (!tasks)
        return CODE_NOMEM;
    partitions->tasks = tasks;
    tasks[partitions->n++] = task;
    return 0;
}

/* Lines, those with another word than the line before, and those whose word goes before that. */
struct sample {
    size_t n_lines, n_words, n_descents;
};

/* Of the start of the largest file. */
static struct sample take_sample(const struct input *file)
{
    char text[SAMPLE_SIZE];
    struct sample sample = {0};
    struct store store;
    if (input_reach(file, &store) < 0)
        return sample;
    ssize_t size = store_read_full(&store, text, sizeof text, file->start);
    input_let_go(file, &store);
    const char *before = "", *line = text, *end = size > 0 ? text + size : text;
    size_t before_size = 0;
    const char *lf;
    for (; (lf = memchr(line, '\n', (size_t)(end - line))) != NULL; line = lf + 1) {
        const char *tab = memchr(line, '\t', (size_t)(lf - line));
        size_t word_size = (size_t)((tab ? tab : lf) - line);
        int order = order_words(line, word_size, before, before_size);
        sample.n_words += order != 0 || sample.n_lines == 0;
        sample.n_descents += order < 0;
        sample.n_lines++;
        before = line;
        before_size = word_size;
    }
    return sample;
}

/* NULL: there is none, or it is of v3, where all lines have another word, and none comes back: a
 * large table would combine nothing. */
static const struct input *find_largest(const struct inputs *inputs)
{
    const struct input *largest = NULL;
    for (size_t i = 0; i < inputs->n; i++)
        if (!inputs->is_stream[i] && inputs->items[i].packing == PACKING_NONE &&
            (!largest || inputs->items[i].size > largest->size))
            largest = &inputs->items[i];
    if (largest && inputs_format(inputs, (uint32_t)(largest - inputs->items), 0) == WM_FORMAT_V3)
        largest = NULL;
    return largest;
}

/* Whether most lines there have another word than the line before. */
static int inputs_are_scattered(const struct inputs *inputs)
{
    const struct input *largest = find_largest(inputs);
    if (!largest)
        return 0;
    struct sample sample = take_sample(largest);
    return sample.n_lines < 2 * sample.n_words;
}

int partitions_are_shuffled(const struct inputs *inputs)
{
    const struct input *largest = find_largest(inputs);
    if (!largest)
        return 0;
    struct sample sample = take_sample(largest);
    return sample.n_lines < 2 * sample.n_words && sample.n_words < 4 * sample.n_descents;
}

uint64_t partitions_choose_size(const struct inputs *inputs, uint32_t n_workers, int are_ngrams)
{
    int packed = inputs->packed_size > inputs->size / 2;
    if (are_ngrams && inputs->size > n_workers * PARTITION_SIZE_MAX &&
        inputs_are_scattered(inputs)) {
        uint64_t per_worker = inputs->size / n_workers / PARTITION_SIZE_MAX_LARGE + 1;
        return inputs->size / (n_workers * per_worker) + 1;
    }
    uint64_t per_worker = packed ? PARTITIONS_PER_WORKER_PACKED : PARTITIONS_PER_WORKER;
    uint64_t chosen = inputs->size / (n_workers * per_worker) + 1;
    if (chosen < PARTITION_SIZE_MIN)
        return PARTITION_SIZE_MIN;
    return chosen < PARTITION_SIZE_MAX ? chosen : PARTITION_SIZE_MAX;
}

int partitions_too_many(wm_error *error)
{
    return error_set_option(error, "partition_size", "more than %u partitions: make them larger",
                            (unsigned)PARTITIONS_MAX);
}

struct by_size {
    uint64_t size;
    uint32_t number;
};

static int compare_sizes(const void *a, const void *b)
{
    const struct by_size *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/* About how many bytes there are to map. */
static uint64_t work_of(const struct input *input)
{
    uint64_t size = input->share_end - input->share_start;
    int is_packed = input->packing != PACKING_NONE && !packing_is_utf16(input->packing);
    return is_packed ? size * PACKED_RATIO : size;
}

int partitions_cut(struct partitions *partitions, const struct inputs *inputs, uint64_t size,
                   uint64_t n_header, wm_error *error)
{
    struct by_size *files = malloc((inputs->n + 1) * sizeof *files);
    if (!files)
        return error_memory(error);
    size_t n_files = 0;
    for (uint32_t i = 0; i < inputs->n; i++)
        if (!inputs->is_stream[i])
            files[n_files++] = (struct by_size){work_of(&inputs->items[i]), i};
    qsort(files, n_files, sizeof *files, compare_sizes);

    int rc = 0;
    for (size_t i = 0; i < n_files && rc == 0; i++) {
        const struct input *input = &inputs->items[files[i].number];
        uint64_t whole = input->share_end - input->share_start;
        int is_cut =
            input->packing == PACKING_NONE
                ? !input->splitter || splitter_can_cut(input->splitter)
                : !input->splitter && n_header == 0 && whole > size && input_has_members(input);
        uint64_t step = is_cut ? size : UINT64_MAX;
        if (files[i].size / step >= PARTITIONS_MAX - partitions->n) {
            rc = partitions_too_many(error);
            break;
        }
        uint64_t last = input->share_end;
        for (uint64_t start = input->share_start; start < last && rc == 0; start += step) {
            uint64_t end = last - start < step ? last : start + step;
            struct map_task task = {.input = files[i].number, .start = start, .end = end};
            if (partitions_add(partitions, task) < 0)
                rc = error_memory(error);
            if (end == last)
                break;
        }
    }
    free(files);
    return rc;
}

int partitions_cut_lines(struct partitions *partitions, const struct input *input, uint32_t number,
                         const uint32_t *in_block, uint64_t n_lines, wm_error *error)
{
    uint64_t share_size = input->share_end - input->share_start;
    uint64_t n_blocks = (share_size + SPLIT_BLOCK_SIZE - 1) / SPLIT_BLOCK_SIZE;
    uint64_t total = 0;
    for (uint64_t i = 0; i < n_blocks; i++)
        total += in_block[i];
    if (total / n_lines >= PARTITIONS_MAX - partitions->n)
        return partitions_too_many(error);

    uint64_t block = 0, before = 0; /* lines that start before block */
    for (uint64_t line = 0; line < total; line += n_lines) {
        uint64_t n = total - line < n_lines ? total - line : n_lines;
        while (before + in_block[block] <= line)
            before += in_block[block++];
        struct map_task task = {.input = number,
                                .start = input->share_start + block * SPLIT_BLOCK_SIZE,
                                .skip_lines = line - before,
                                .n_lines = n};
        uint64_t last = block, seen = before;
        while (seen + in_block[last] < line + n)
            seen += in_block[last++];
        uint64_t end = input->share_start + (last + 1) * SPLIT_BLOCK_SIZE;
        task.end = end < input->share_end ? end : input->share_end;
        if (partitions_add(partitions, task) < 0)
            return error_memory(error);
    }
    return 0;
}

int map_task_compare(const struct map_task *a, const struct map_task *b)
{
    if (a->input != b->input)
        return a->input < b->input ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->skip_lines > b->skip_lines) - (a->skip_lines < b->skip_lines);
}
