/*
 * Reads go straight into the arena. When a block is full, all up to its last line end goes to a
 * worker, and the rest is copied to the front of the next block. A block without a line end grows.
 */
#include "files/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/grow.h"
#include "error.h"

/* Packed bytes that are looked at for a tar inside: a block of zstd or two. */
#define TAR_LOOK_MAX (1u << 20)
#define SPOOL_READ_SIZE 32768

int stream_open(struct stream *stream, uv_loop_t *loop, const struct input *input, int has_places,
                uv_poll_cb on_ready, void *user, wm_error *error)
{
    const char *path = input->name ? input->name : "";
    stream->has_places = has_places;
    stream->at = input->start;
    stream->splitter = input->splitter;
    stream->owns_fd = input->fd < 0 && !input->data;
    /* A FIFO that nobody writes to yet must not block us; read comes only after poll. */
    stream->fd = stream->owns_fd ? open(input->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : input->fd;
    stream->store = input_store(input, stream->fd);
    if (input->data)
        return 0;
    if (stream->fd < 0) {
        return error_set_system(error, WM_EOPEN, errno, "cannot open '%s': " SYSTEM, path);
    }
    int rc =
        watch_open(&stream->watch, loop, stream->fd, UV_READABLE | UV_DISCONNECT, on_ready, user);
    if (rc < 0) {
        if (stream->owns_fd)
            close(stream->fd);
        return error_set_system(error, WM_EFORK, -rc, "cannot wait for '%s': " SYSTEM, path);
    }
    return 0;
}

/* The same as find_cut. A record that goes on is looked at again when there is twice as much. */
static size_t find_record_cut(struct stream *stream, const char *data)
{
    size_t n = 1;
    if (stream->size < stream->look_at && !stream->ended)
        return 0;
    while (stream->scanned < stream->block_size && n > 0) {
        n = splitter_next(stream->splitter, data + stream->scanned, stream->size - stream->scanned,
                          stream->ended);
        if (n >= stream->size - stream->scanned)
            n = 0;
        stream->scanned += n;
    }
    if (stream->scanned >= stream->block_size)
        return stream->scanned;
    stream->look_at = 2 * stream->size - stream->scanned;
    return stream->ended ? stream->size : 0;
}

/*
 * Where the first whole block of what was read ends; 0: there is none. While more may come, at
 * least a byte is left for the next block: the last one is never empty, so its map knows that it is
 * last.
 */
static size_t find_cut(struct stream *stream, const char *data)
{
    if (stream->splitter)
        return find_record_cut(stream, data);
    if (stream->n_lines == 0) {
        size_t from = stream->block_size - 1;
        if (stream->scanned > from)
            from = stream->scanned;
        if (stream->size > from + 1) {
            const char *lf = memchr(data + from, '\n', stream->size - 1 - from);
            if (lf)
                return (size_t)(lf + 1 - data);
            stream->scanned = stream->size - 1;
        }
        return stream->ended ? stream->size : 0;
    }
    while (stream->lines < stream->n_lines && stream->scanned < stream->size) {
        const char *at = data + stream->scanned;
        const char *lf = memchr(at, '\n', stream->size - stream->scanned);
        stream->scanned = lf ? (size_t)(lf + 1 - data) : stream->size;
        stream->lines += lf != NULL;
    }
    if (stream->lines == stream->n_lines && stream->scanned < stream->size)
        return stream->scanned;
    return stream->ended ? stream->size : 0;
}

/* Moves size bytes from data to a new block,
 * with room for twice as much and the block's last line. */
static int new_block(struct stream *stream, struct arena *arena, const char *data, size_t size)
{
    struct extent_range block;
    size_t room = stream->block_size + EXTENT_SIZE;
    if (room < 2 * size)
        room = 2 * size;
    /* SCAN_PADDING bytes more are readable: other extents, or the arena's guard. */
    if (arena_take(arena, room, &block) < 0)
        return CODE_LIMIT;
    memcpy(arena_at(arena, block.first), data, size);
    stream->block = block;
    stream->size = size;
    stream->lines = 0;
    stream->scanned = stream->look_at = 0;
    return 0;
}

int stream_cut(struct stream *stream, struct arena *arena, struct stream_block *block)
{
    if (stream->block.count == 0 || stream->head_wanted > 0)
        return 0;
    const char *data = (const char *)arena_at(arena, stream->block.first);
    size_t cut = find_cut(stream, data);
    if (cut == 0 && !stream->ended)
        return 0;
    struct extent_range whole = stream->block;
    size_t rest = stream->size - cut;
    int last = stream->ended && rest == 0;
    uint64_t offset = stream->offset;
    stream->block.count = 0;
    if (!last && new_block(stream, arena, data + cut, rest) < 0) {
        stream->block = whole;
        stream->lines = 0;
        stream->scanned = stream->look_at = 0;
        return CODE_LIMIT;
    }
    stream->offset += cut;
    *block = (struct stream_block){whole, offset, cut, last};
    return 1;
}

/* The next bytes, if there are any now: 1, 0 or CODE_READ. */
static int read_some(struct stream *stream, void *data, size_t capacity, size_t *size)
{
    ssize_t n = stream->has_places ? store_read(&stream->store, data, capacity, stream->at)
                                   : read(stream->fd, data, capacity);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : CODE_READ;
    *size = (size_t)n;
    stream->at += (uint64_t)n;
    return 1;
}

static int read_packed(struct stream *stream, char *data, size_t capacity, size_t *size)
{
    if (stream->is_hungry) {
        size_t n;
        void *packed = unpacker_room(stream->unpacker, &n);
        int rc = read_some(stream, packed, n, &n);
        if (rc <= 0)
            return rc;
        unpacker_fed(stream->unpacker, n);
    }
    uint64_t start = clock_nanoseconds();
    int rc = unpacker_run(stream->unpacker, data, capacity, size);
    stream->unpack_time += clock_nanoseconds() - start;
    stream->is_hungry = rc == UNPACK_HUNGRY;
    stream->ended = rc == UNPACK_END;
    return rc < 0 ? rc : 1;
}

/* Of an archive, the next member or bytes of it. */
static int read_archive(struct stream *stream, char *data, size_t capacity, size_t *size)
{
    int rc;
    if (!stream->archive) {
        stream->archive = unarchiver_new(&stream->store, stream->at);
        if (!stream->archive)
            return CODE_NOMEM;
        stream->has_more = 1;
    }
    if (!stream->in_member) {
        rc = unarchiver_next(stream->archive);
        stream->in_member = stream->is_new = rc > 0;
        if (rc != 0)
            return rc;
        stream->ended = 1;
        stream->has_more = 0;
        stream->head_wanted = 0;
        return 1;
    }
    uint64_t start = clock_nanoseconds();
    rc = unarchiver_read(stream->archive, data, capacity, size);
    stream->unpack_time += clock_nanoseconds() - start;
    if (rc < 0)
        return rc;
    stream->ended = *size == 0;
    stream->in_member = !stream->ended;
    return 1;
}

void stream_go_on(struct stream *stream, size_t head_wanted)
{
    stream->ended = 0;
    stream->head_wanted = head_wanted;
}

/* It is an archive, of which some bytes have been read. */
static int begin_spool(struct stream *stream, const char *data, size_t size)
{
    stream->packing = PACKING_ARCHIVE;
    stream->is_spooling = 1;
    stream->ended = 0;
    int rc = spool_open(&stream->spool);
    if (rc == 0)
        rc = spool_add(&stream->spool, data, size);
    return rc < 0 ? rc : 1;
}

/* More of it, up to its end: then it is unpacked as a file. */
static int read_spool(struct stream *stream)
{
    char data[SPOOL_READ_SIZE];
    size_t n;
    int rc = read_some(stream, data, sizeof data, &n);
    if (rc <= 0)
        return rc;
    if (n > 0) {
        rc = spool_add(&stream->spool, data, n);
        return rc < 0 ? rc : 1;
    }
    stream->is_spooling = 0;
    stream->store = store_of(stream->spool.fd);
    stream->archive = unarchiver_new(&stream->store, 0);
    stream->has_more = 1;
    return stream->archive ? 1 : CODE_NOMEM;
}

/* Packed bytes for the unpacker, of which a copy is kept. */
static int feed_look(struct stream *stream)
{
    size_t n;
    void *room = unpacker_room(stream->unpacker, &n);
    int rc = read_some(stream, room, n, &n);
    if (rc <= 0)
        return rc;
    char *packed = grow(stream->packed, &stream->packed_capacity, stream->packed_size + n + 1, 1);
    if (!packed)
        return CODE_NOMEM;
    stream->packed = packed;
    memcpy(packed + stream->packed_size, room, n);
    stream->packed_size += n;
    unpacker_fed(stream->unpacker, n);
    return 1;
}

/* The first unpacked bytes, by which a tar is known. */
static int look_for_tar(struct stream *stream, char *data, size_t *size)
{
    size_t n;
    int rc = stream->is_hungry ? feed_look(stream) : 1;
    if (rc <= 0)
        return rc;
    rc = unpacker_run(stream->unpacker, stream->head + stream->head_size,
                      sizeof stream->head - stream->head_size, &n);
    if (rc < 0)
        return rc;
    stream->head_size += n;
    stream->is_hungry = rc == UNPACK_HUNGRY;
    if (rc == UNPACK_HUNGRY && stream->packed_size < TAR_LOOK_MAX)
        return 1;
    stream->may_be_tar = 0;
    if (packing_is_tar(stream->head, stream->head_size)) {
        unpacker_free(stream->unpacker);
        stream->unpacker = NULL;
        return begin_spool(stream, stream->packed, stream->packed_size);
    }
    free(stream->packed);
    stream->packed = NULL;
    stream->ended = rc == UNPACK_END;
    memcpy(data, stream->head, stream->head_size);
    *size = stream->head_size;
    return 1;
}

/* Of a stream that is packed, and of which head is read, the way on. */
static int begin_packed(struct stream *stream)
{
    size_t n;
    stream->unpacker = unpacker_new(stream->packing);
    if (!stream->unpacker)
        return CODE_NOMEM;
    stream->is_hungry = stream->head_size == 0;
    if (stream->head_size > 0) {
        memcpy(unpacker_room(stream->unpacker, &n), stream->head, stream->head_size);
        unpacker_fed(stream->unpacker, stream->head_size);
    }
    stream->ended = 0; /* if so, the next read says it again */
    if (stream->head_size == 0 || packing_is_utf16(stream->packing))
        return 1;
    stream->packed = grow(NULL, &stream->packed_capacity, sizeof stream->head, 1);
    if (!stream->packed)
        return CODE_NOMEM;
    memcpy(stream->packed, stream->head, stream->head_size);
    stream->packed_size = stream->head_size;
    stream->head_size = 0;
    stream->may_be_tar = 1;
    return 1;
}

/* The first bytes, by which a packed stream is known, and which are given to its unpacker then. */
static int read_head(struct stream *stream, char *data, size_t *size)
{
    if (stream->packing == PACKING_NONE) {
        size_t n = 0;
        int rc = read_some(stream, stream->head + stream->head_size,
                           sizeof stream->head - stream->head_size, &n);
        if (rc <= 0)
            return rc;
        stream->head_size += n;
        stream->ended = n == 0;
        if (stream->head_size < sizeof stream->head && !stream->ended)
            return 1;
        stream->packing = stream->may_be_utf16 ? packing_of_text(stream->head, stream->head_size)
                                               : packing_of(stream->head, stream->head_size);
    }
    stream->is_known = 1;
    if (stream->packing == PACKING_NONE) {
        memcpy(data, stream->head, stream->head_size);
        *size = stream->head_size;
        return 1;
    }
    if (stream->packing != PACKING_ARCHIVE)
        return begin_packed(stream);
    if (stream->head_size > 0)
        return begin_spool(stream, stream->head, stream->head_size);
    return read_archive(stream, data, 0, size);
}

int stream_take(struct stream *stream, char *data, size_t capacity, size_t *size)
{
    *size = 0;
    if (!stream->is_known)
        return read_head(stream, data, size);
    if (stream->may_be_tar)
        return look_for_tar(stream, data, size);
    if (stream->is_spooling)
        return read_spool(stream);
    if (stream->unpacker)
        return read_packed(stream, data, capacity, size);
    if (stream->packing == PACKING_ARCHIVE)
        return read_archive(stream, data, capacity, size);
    int rc = read_some(stream, data, capacity, size);
    stream->ended = rc > 0 && *size == 0;
    return rc;
}

/* Makes the block larger where it stands, if what is behind it is free. */
static int widen_block(struct stream *stream, struct arena *arena, size_t size)
{
    struct extent_range more;
    uint32_t end = stream->block.first + stream->block.count;
    if (arena_take_from(arena, end, size, &more) < 0)
        return CODE_LIMIT;
    if (more.first != end) {
        arena_give(arena, more);
        return CODE_LIMIT;
    }
    stream->block.count += more.count;
    return 0;
}

/* Room for more of a line. What else is in the arena lies here and there, so a place for a block
 * twice as large may not be found where a smaller step is possible. */
static int grow_block(struct stream *stream, struct arena *arena)
{
    if (widen_block(stream, arena, stream->size) == 0)
        return 0;
    struct extent_range old = stream->block;
    uint64_t lines = stream->lines;
    size_t scanned = stream->scanned, look_at = stream->look_at;
    if (new_block(stream, arena, (const char *)arena_at(arena, old.first), stream->size) < 0)
        return widen_block(stream, arena, stream->size / 8);
    stream->lines = lines;
    stream->scanned = scanned;
    stream->look_at = look_at;
    arena_give(arena, old);
    return 0;
}

int stream_read(struct stream *stream, struct arena *arena, struct stream_block *block)
{
    if (stream->block.count == 0 && new_block(stream, arena, "", 0) < 0)
        return CODE_LIMIT;
    if (stream->size == extents_size(stream->block) && grow_block(stream, arena) < 0)
        return CODE_LIMIT;
    char *data = (char *)arena_at(arena, stream->block.first);
    size_t size, capacity = extents_size(stream->block);
    int rc = stream_take(stream, data + stream->size, capacity - stream->size, &size);
    stream->size += size;
    return rc <= 0 ? rc : stream_cut(stream, arena, block);
}

const char *stream_head(const struct stream *stream, const struct arena *arena, size_t *size)
{
    if (stream->head_wanted == 0 || stream->block.count == 0 ||
        (stream->size < stream->head_wanted && !stream->ended))
        return NULL;
    *size = stream->size < stream->head_wanted ? stream->size : stream->head_wanted;
    return (const char *)arena_at(arena, stream->block.first);
}

void stream_begin(struct stream *stream, struct arena *arena, size_t n)
{
    char *data = (char *)arena_at(arena, stream->block.first);
    stream->head_wanted = 0;
    stream->size -= n;
    stream->offset += n;
    memmove(data, data + n, stream->size);
}

int stream_is_ready(const struct stream *stream)
{
    return stream->archive || (stream->unpacker && !stream->is_hungry);
}

enum damage stream_damage(const struct stream *stream, uint64_t *at)
{
    return unpacker_damage(stream->unpacker, at);
}

void stream_close(struct stream *stream)
{
    watch_close(&stream->watch);
    unpacker_free(stream->unpacker);
    stream->unpacker = NULL;
    unarchiver_free(stream->archive);
    stream->archive = NULL;
    free(stream->packed);
    stream->packed = NULL;
    if (stream->owns_fd && stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    if (stream->spool.is_open)
        close(stream->spool.fd);
    stream->spool.is_open = 0;
}
