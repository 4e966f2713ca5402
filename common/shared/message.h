/*
 * The wire protocol between the coordinator and a worker: frames over a stream socket, a fixed
 * header and then one struct, for some types followed by an array. Both ends are the same binary,
 * forked, so structs travel in memory order. A frame that breaks a rule below means a dead worker.
 *
 *      0        4      6       8                    8 + size
 *      | size   | type | version | payload ...      |
 *
 * coordinator to worker: SPLIT MAP REDUCE RANK ORDER (a task; one answer DONE or FAILED) and GRANT
 * worker to coordinator: RUN and LINES (parts of the answer, uncommitted until DONE), DONE, FAILED
 */
#ifndef COMMON_SHARED_MESSAGE_H
#define COMMON_SHARED_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "shared/extent.h"

#define MESSAGE_VERSION 1
#define MESSAGE_SIZE_MAX 65536 /* bytes of payload */
#define MESSAGE_TEXT_MAX 256   /* bytes of a failure's subject */
#define MESSAGE_LINES_MAX 4096 /* blocks in one LINES message */

enum message_type {
    MESSAGE_SPLIT = 1,
    MESSAGE_MAP,
    MESSAGE_REDUCE,
    MESSAGE_RANK,
    MESSAGE_ORDER,
    MESSAGE_GRANT,
    MESSAGE_RUN,
    MESSAGE_LINES,
    MESSAGE_DONE,
    MESSAGE_FAILED,
    MESSAGE_N_TYPES,
};

struct message_header {
    uint32_t size; /* bytes of payload */
    uint16_t type;
    uint16_t version;
};

/* Count the lines that start in each block of [start, end) of an input. */
struct message_split {
    uint32_t task;
    uint32_t input;
    uint64_t start;
    uint64_t end;
    uint64_t block_size;
};

/*
 * Map the lines that start in [start, end) of an input. If n_lines is not 0: skip skip_lines lines
 * that start at or after start, and map the n_lines after them. If block.count is not 0, the bytes
 * are already in the arena, from the start of block on, and start at a line. The offsets of n_skips
 * lines follow, ascending: those that the caller's map function has died of.
 */
struct message_map {
    uint32_t task;
    uint32_t input;
    uint64_t start;
    uint64_t end;
    uint64_t skip_lines;
    uint64_t n_lines;
    struct extent_range block;
    uint64_t before; /* of a block: lines of the input that come before it, with a map */
    uint32_t last;   /* of a block: no more bytes follow in this input */
    uint32_t format; /* by input_format_at */
    uint32_t n_skips;
    uint32_t padding;
};

/*
 * Where the tasks below have their words from: n_runs runs, whose extents stand in the arena at
 * runs. Of each the words from the one at lower (included; 0: the first) to the one at upper
 * (excluded; 0: to the last). All three are places in the arena.
 */
struct message_slice {
    uint64_t runs;
    uint64_t n_runs;
    uint64_t lower;
    uint64_t upper;
};

enum reduce_kind {
    REDUCE_ROUND, /* to runs for the next round */
    REDUCE_FINAL, /* to runs in the order of the result, cut to what the job keeps */
    REDUCE_TEXT,  /* the same, but straight to the text of the output */
};

/* Combine the words of a slice,
 * and in the last round fill them from the first to the last period. */
struct message_reduce {
    uint32_t task;
    uint32_t kind;
    uint64_t first_period, last_period;
    struct message_slice slice;
};

/*
 * What counts add up to, if words have ranks: all of them, the higher half first. If words have
 * ranks within periods: n struct period_sum at a place in the arena.
 */
struct message_sums {
    uint64_t all[2];
    uint64_t periods;
    uint64_t n;
};

/* Format the words of a slice of final runs. */
struct message_order {
    uint32_t task;
    uint32_t padding;
    struct message_slice slice;
    struct message_sums sums;
};

/*
 * Give the words of a slice of final runs, in the order of counts, their ranks, and write them as
 * sorted runs. words and sum (the higher half first) are those before the slice that its first word
 * is ranked among; kept is how many of them are kept.
 */
struct message_rank {
    uint32_t task;
    uint32_t padding;
    struct message_slice slice;
    uint64_t words;
    uint64_t kept;
    uint64_t sum[2];
    struct message_sums sums;
};

enum run_kind {
    RUN_ENTRIES, /* a struct run */
    RUN_TEXT,    /* a slice of the output, size bytes */
    RUN_REJECTS, /* struct reject after struct reject, size bytes */
};

/* Something was written to the granted extents; they are used up, the rest is given back. */
struct message_run {
    uint32_t task;
    uint32_t kind;
    struct extent_range extents;
    uint64_t size;
};

/* The lines that start in n_blocks blocks; that many uint32_t follow. */
struct message_lines {
    uint32_t task;
    uint32_t n_blocks;
};

struct message_done {
    uint32_t task;
    uint32_t reason;   /* of the first line that was rejected: enum reject_reason */
    uint64_t offset;   /* of that line, in the input */
    uint64_t before;   /* lines of the task before it */
    uint64_t lines;    /* read, rejected ones included */
    uint64_t bytes;    /* read */
    uint64_t unpacked; /* bytes of the members of a packed partition */
    uint64_t counted;  /* lines */
    uint64_t filtered; /* lines */
    uint64_t rejected; /* lines */
    uint64_t invalid;  /* bytes of text that are not UTF-8 */
    uint64_t first_period, last_period; /* of MAP, in its runs, if words are to be filled */
    uint64_t words;                     /* of the result, of REDUCE_TEXT */
    uint64_t sum[2];   /* of their counts, of REDUCE_FINAL, with those that were cut off */
    uint64_t replaced; /* bytes that were not UTF-8 */
    uint64_t beyond;   /* words with more than their total */
    uint64_t unpack;   /* nanoseconds that a packed partition took to unpack */
    uint64_t start;    /* of the task, by clock_nanoseconds */
    uint64_t busy;     /* nanoseconds that it took, without waiting for grants */
    uint64_t waited;   /* the same, for grants */
    uint64_t cpu;      /* nanoseconds of processor time, if somebody wants to know */
};

struct message_failed {
    uint32_t task; /* PROGRESS_NO_TASK: the worker could not begin */
    int32_t code;
    int32_t system;  /* errno, or 0 */
    uint32_t reason; /* of CODE_BAD_LINE: enum reject_reason; of CODE_DAMAGED: enum damage */
    uint64_t offset; /* bytes into the input; of CODE_DAMAGED: of packed ones */
    uint64_t lines;  /* of this task before the one that failed */
    uint32_t text_size;
    char text[MESSAGE_TEXT_MAX]; /* the field or the word at fault, cut if longer */
    uint32_t padding;
};

/* 0 if a frame with this header may exist, else CODE_PROTOCOL. */
int message_check(const struct message_header *header);

/*
 * Sends a frame made of two pieces (the second may be empty) and blocks until it is out. 0, or
 * CODE_PROTOCOL if the peer is gone. Never raises SIGPIPE.
 */
int message_send(int fd, enum message_type type, const void *data, size_t size, const void *more,
                 size_t more_size);

/*
 * Blocks for one frame and stores its payload in buffer (MESSAGE_SIZE_MAX bytes, aligned as
 * uint64_t). 0, or CODE_PROTOCOL if the peer is gone or broke the protocol.
 */
int message_receive(int fd, struct message_header *header, void *buffer);

#endif
