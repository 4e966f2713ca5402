/*
 * An input that can be read only once and only in order: a pipe, a terminal, a file of /proc. The
 * coordinator reads it into blocks of the arena, cut at line ends, which any worker maps, and maps
 * again if one dies. An archive goes to a file first, and is unpacked from there.
 */
#ifndef ENGINE_FILES_STREAM_H
#define ENGINE_FILES_STREAM_H

#include <stdint.h>
#include <uv.h>

#include "files/descriptor.h"
#include "files/spool.h"
#include "input/source.h"
#include "packing/unarchive.h"
#include "packing/unpack.h"
#include "shared/arena.h"
#include "wordmill.h"

/* Bytes in a block, unless a longer line or partition_lines wants more. */
#define STREAM_BLOCK_SIZE (UINT64_C(1) << 20)

struct stream {
    uint32_t input;
    int fd;
    int owns_fd;
    struct watch watch;
    int is_readable; /* set by whoever waits */
    int ended;
    char head[PACKING_HEAD_SIZE]; /* read, or unpacked, before that is known: */
    size_t head_size;
    int is_known;   /* whether it is packed */
    int may_be_tar; /* packed once more: it is not known until some is unpacked, */
    char *packed;   /* and this is what came so far, packed_size bytes */
    size_t packed_size, packed_capacity;
    struct spool spool;   /* of an archive that comes through a pipe; its folder is set already */
    int is_spooling;      /* it has not ended yet */
    int may_be_utf16;     /* which is a way to be packed */
    enum packing packing; /* if so; of a file it is known at once */
    struct unpacker *unpacker;  /* NULL: it is not packed */
    int is_hungry;              /* the unpacker wants more bytes */
    uint64_t unpack_time;       /* nanoseconds */
    int has_places;             /* a file or memory, read by place: */
    struct store store;         /* where, */
    uint64_t at;                /* and its next byte; at first where the input begins */
    struct unarchiver *archive; /* instead: each of its members ends for itself; NULL: it is none */
    int in_member;
    int is_new;         /* a member has begun; cleared by whoever takes note of it */
    int has_more;       /* after ended: maybe another member */
    size_t head_wanted; /* bytes that somebody looks at before the first block is cut; or 0 */
    uint64_t block_size;
    const struct splitter *splitter; /* of its records; NULL: lines */
    size_t look_at;                  /* bytes of the block when it pays to look for more of them */
    uint64_t n_lines;                /* cut after so many instead; 0: off */
    uint64_t lines;                  /* of them in the block, up to scanned */
    size_t scanned;
    struct extent_range block; /* count 0: none */
    size_t size;               /* bytes in it */
    uint64_t offset;           /* of the block in the input */
    uint64_t n_before;         /* lines of blocks that were taken; whoever takes them counts */
};

/* A block that is whole: its bytes are [0, size) of extents. */
struct stream_block {
    struct extent_range extents;
    uint64_t offset;
    uint64_t size;
    int last; /* nothing follows */
};

/*
 * Opens the input, and prepares a watch that calls on_ready with handle->data being user. What has
 * places, a regular file or memory, is read from the start of the input on, wherever the offset of
 * its descriptor is, which stays there. 0, WM_EOPEN or WM_EFORK.
 */
int stream_open(struct stream *stream, uv_loop_t *loop, const struct input *input, int has_places,
                uv_poll_cb on_ready, void *user, wm_error *error);

/*
 * Reads once, and unpacks what was packed: up to capacity bytes to data, which has room for
 * PACKING_HEAD_SIZE at least before it is known what they are. 1: there are *size more of them,
 * maybe 0, or it has ended; 0: there is nothing to read yet; CODE_READ and CODE_WRITE (errno),
 * CODE_NOMEM, CODE_DAMAGED.
 */
int stream_take(struct stream *stream, char *data, size_t capacity, size_t *size);

/*
 * Reads once and does not block if on_ready was just called. 1 and *block: one is whole; 0: none
 * yet; CODE_LIMIT: there is no room in the arena; or what stream_take says. After the end, ended is
 * set, and the last block may have size 0.
 */
int stream_read(struct stream *stream, struct arena *arena, struct stream_block *block);

/*
 * The first bytes of the input, as many as are wanted unless it has ended: *size of them. NULL:
 * there are fewer so far, or they were looked at already.
 */
const char *stream_head(const struct stream *stream, const struct arena *arena, size_t *size);

/* They were looked at, and the first n of them are left out: from now on blocks are cut. */
void stream_begin(struct stream *stream, struct arena *arena, size_t n);

/* Whether there is something to take that was read already: then stream_read does not block. */
int stream_is_ready(const struct stream *stream);

/* Takes the next whole block out of what was read already: 1, 0 or CODE_LIMIT. */
int stream_cut(struct stream *stream, struct arena *arena, struct stream_block *block);

/* What is the matter with one that is CODE_DAMAGED, at byte *at of the packed ones. */
enum damage stream_damage(const struct stream *stream, uint64_t *at);

/* A member of an archive has ended, and all its blocks are taken:
 * on to the next, if there is one. */
void stream_go_on(struct stream *stream, size_t head_wanted);

/* Closes it. Its handle is closed once the loop has run. */
void stream_close(struct stream *stream);

#endif
