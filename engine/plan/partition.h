/*
 * The map tasks: how the inputs are cut up. Regular files become byte ranges, or exact numbers of
 * lines once the lines that start in each block of a file are known. Pipes become blocks as they
 * are read (stream.h). A task keeps what its map said, for line numbers and rejects.
 */
#ifndef ENGINE_PLAN_PARTITION_H
#define ENGINE_PLAN_PARTITION_H

#include <stddef.h>
#include <stdint.h>

#include "input/source.h"
#include "plan/inputs.h"
#include "shared/message.h"
#include "wordmill.h"

struct crashes;

#define PARTITIONS_MAX (UINT32_C(1) << 22)
#define SPLIT_BLOCK_SIZE 65536
#define SPLIT_TASK_BLOCKS 64
#define PACKED_RATIO 4 /* of the size of what is unpacked, about */

struct map_task {
    uint32_t input;
    uint32_t last; /* of a block: nothing follows */
    uint64_t start;
    uint64_t end;
    uint64_t skip_lines;
    uint64_t n_lines; /* to map; 0: all */
    struct extent_range block;
    uint64_t before;   /* of a block: lines of its input before it, for the caller's map */
    uint64_t lines;    /* that it found, once done */
    uint64_t unpacked; /* bytes that its members came to: those before the next one's */
    struct message_run *rejects; /* RUN_REJECTS, in order */
    size_t rejects_capacity;
    uint32_t n_rejects;
    struct crashes *crashes; /* of the caller's map function; NULL: none */
};

struct partitions {
    struct map_task *tasks;
    size_t capacity; /* of tasks */
    uint32_t n;
};

void partitions_release(struct partitions *partitions);

/* Says that there are more than PARTITIONS_MAX, and returns WM_EINVAL. */
int partitions_too_many(wm_error *error);

/* Appends a task. 0 or CODE_NOMEM. */
int partitions_add(struct partitions *partitions, struct map_task task);

/*
 * Bytes per partition for these inputs and so many workers. Of ngrams, looks at the first lines of
 * the largest file: if they are scattered, and not of v3, partitions are large, so that a worker's
 * table can combine more.
 */
uint64_t partitions_choose_size(const struct inputs *inputs, uint32_t n_workers, int are_ngrams);

/* Whether the words there come in no order, each with one year at a time. */
int partitions_are_shuffled(const struct inputs *inputs);

/*
 * Cuts all regular files into ranges of size bytes, the largest file first. Some are one range
 * each. These are packed files without many members, those with n_header lines that are no data
 * (nobody knows which member they end in), those with records that are no lines, and files whose
 * records cannot be found from the midst of them. 0, WM_ENOMEM, WM_EINVAL.
 */
int partitions_cut(struct partitions *partitions, const struct inputs *inputs, uint64_t size,
                   uint64_t n_header, wm_error *error);

/*
 * Cuts one file every n_lines lines; in_block[i] is the number of lines that start in block i. The
 * same returns.
 */
int partitions_cut_lines(struct partitions *partitions, const struct input *input, uint32_t number,
                         const uint32_t *in_block, uint64_t n_lines, wm_error *error);

/* Negative, 0 or positive as task a comes before, is, or comes after b in the inputs. */
int map_task_compare(const struct map_task *a, const struct map_task *b);

#endif
