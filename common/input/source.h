/*
 * The bytes of one partition of a regular file, a chunk of whole lines at a time. A partition owns
 * the lines that start in it, whatever bytes they end on (as Hadoop's input splits), so cutting a
 * file needs no look at it. Of a packed file it has the members that begin in it, and owns the
 * lines that start in what they unpack to, but for the first byte (unless it is that of the file),
 * and one byte further: to know whether a line starts at the first byte takes the one before. Where
 * an input has records of another kind, lines are those; packed ones are then one partition.
 */
#ifndef COMMON_INPUT_SOURCE_H
#define COMMON_INPUT_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/store.h"
#include "input/mapping.h"
#include "input/splitter.h"
#include "packing/member.h"
#include "packing/unpack.h"

/* Bytes of a line, its LF included; a longer one is a bad line, and never in memory as a whole. */
#define LINE_SIZE_MAX ((size_t)64 << 20)

/* An input as it was when the job was cut up. */
struct input {
    const char *name;  /* as the caller gave it, for messages */
    const char *path;  /* the same, if need be from the root on: processes may go elsewhere */
    uint32_t number;   /* from 1 on, of those that the caller gave */
    int fd;            /* open already (standard input, a pipe), or -1: open path */
    const char *data;  /* instead: bytes in memory, the caller's, size of them; NULL: none */
    uint64_t start;    /* bytes before it are not part of the input */
    uint64_t n_header; /* lines before start that are no data, or that were left out of a stream */
    uint64_t size;     /* start included: where the input ends; of a pipe, what was read so far */
    uint64_t share_start; /* of a file: the job has the lines that start in [share_start, */
    uint64_t share_end;   /* share_end), which is all of it unless there are shards */
    enum packing packing; /* of a file; then size is that of the packed bytes */
    int goes_on;          /* standard input: begins where its offset is, which moves on */
    int may_be_utf16;     /* so a byte order mark is looked for */
    int is_table;         /* a table file, read by wmt_read.h */
    const struct splitter *splitter; /* of what is in it, once unpacked; NULL: it has lines */
    dev_t device;
    ino_t inode;
};

/* Of an input that is open: fd is its own, or what its path was opened as. */
static inline struct store input_store(const struct input *input, int fd)
{
    return (struct store){.fd = fd, .data = input->data, .size = input->size};
}

enum source_piece {
    SOURCE_LINES, /* whole lines */
    SOURCE_LONG,  /* the first LINE_SIZE_MAX bytes of a longer line */
    SOURCE_REST,  /* more of it */
};

struct source {
    const struct input *input; /* the one that fd is of */
    int fd;                    /* -1: none */
    uint64_t start;            /* of the partition; of a packed one 0: its bytes count from there */
    uint64_t at;               /* as start, of the first byte of buffer */
    uint64_t end;              /* the same of the partition; packed, UINT64_MAX until it is known */
    uint64_t input_end;        /* the same of the input */
    struct unpacker *unpacker; /* NULL: the input is not packed */
    uint64_t packed_end;       /* of the partition in the input */
    uint64_t unpacked;         /* bytes of its members */
    uint64_t unpack_time;      /* nanoseconds that they took to unpack */
    char *memory;              /* where buffer is, a few bytes from the start */
    char *buffer;
    size_t capacity;               /* without the padding */
    size_t size;                   /* bytes in buffer */
    size_t taken;                  /* of these, in chunks already given */
    enum source_piece piece;       /* what the last chunk was */
    int in_long_line;              /* and it goes on */
    struct member_trouble trouble; /* of the member where the next partition should begin */
    enum mapping_use mapping_use;  /* set by a process that has called mapping_guard */
    struct mapping mapping;        /* where buffer is, while it has data */
};

/* chunk_size: bytes read at a time, as fits the cache. 0 or CODE_NOMEM. */
int source_init(struct source *source, size_t chunk_size);
void source_release(struct source *source);

/*
 * Turns to [start, end) of input. 0, CODE_NOMEM, CODE_OPEN or CODE_READ with errno set,
 * CODE_DAMAGED, or CODE_CHANGED: it is not the file it was.
 */
int source_open(struct source *source, const struct input *input, uint64_t start, uint64_t end);

/*
 * The next whole lines of the partition, readable SCAN_PADDING bytes past their end, valid until
 * the next call. *offset: of the chunk, as source->start is; *size is 0 at the end of the
 * partition. A chunk is as long as its longest line, if need be, but a line longer than
 * LINE_SIZE_MAX comes in pieces, as source->piece says, the last up to its end. 0, CODE_NOMEM,
 * CODE_READ (errno set), CODE_DAMAGED, or CODE_CHANGED: the input is shorter than it was.
 */
int source_next(struct source *source, const char **data, size_t *size, uint64_t *offset);

/*
 * Whether what source_next gave since source_open was the input: 0; CODE_CHANGED, or CODE_READ with
 * errno set. Only a mapped input can be something else, so whoever ends with a partition asks.
 */
int source_check(const struct source *source);

/* What is the matter with a packed input that is CODE_DAMAGED, at byte *at of the packed ones. */
enum damage source_damage(const struct source *source, uint64_t *at);

/*
 * For each of the n blocks of block_size bytes from start on, n_lines[i] is the number of lines
 * that start in it. scan->count does the counting. Returns as source_next.
 */
struct scan;
int source_count_lines(struct source *source, const struct scan *scan, uint64_t start,
                       uint64_t block_size, uint32_t *n_lines, size_t n);

#endif
