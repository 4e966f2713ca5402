/*
 * pread into one buffer that stays in the cache: the incomplete line at its end is moved to its
 * front before the next read. Or the file is mapped, if that is faster, and the buffer is a place
 * in it.
 */
#include "input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/code.h"
#include "packing/member.h"
#include "scan/scan.h"

/* Read past the end of a partition at first, for the rest of its last line. */
#define TAIL_SIZE 4096

/*
 * Bytes lie in memory as far past a multiple of this as in the file: the kernel's copy takes up to
 * five times as long where the two differ a little (by 1 to 31 bytes modulo 2 KiB on AMD Milan).
 */
#define ALIGNMENT 64

/* Where byte `at` belongs. */
static char *place(const struct source *source)
{
    const struct mapping *mapping = &source->mapping;
    if (mapping->data)
        return mapping->data + (source->at - mapping->at);
    return source->memory + ((source->at - (uintptr_t)source->memory) & (ALIGNMENT - 1));
}

int source_init(struct source *source, size_t chunk_size)
{
    char *memory = malloc(ALIGNMENT + chunk_size + SCAN_PADDING);
    if (!memory)
        return CODE_NOMEM;
    *source = (struct source){.fd = -1, .memory = memory, .buffer = memory, .capacity = chunk_size};
    return 0;
}

static void source_close(struct source *source)
{
    if (source->fd >= 0 && source->fd != source->input->fd)
        close(source->fd);
    source->fd = -1;
}

void source_release(struct source *source)
{
    source_close(source);
    unpacker_free(source->unpacker);
    mapping_release(&source->mapping);
    free(source->memory);
    *source = (struct source){.fd = -1};
}

static int input_open(struct source *source, const struct input *input)
{
    source_close(source);
    source->input = input;
    source->fd = input->fd;
    if (input->fd >= 0 || input->data)
        return 0;
    int fd = open(input->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return CODE_OPEN;
    struct stat status;
    if (fstat(fd, &status) < 0 || status.st_dev != input->device || status.st_ino != input->inode) {
        close(fd);
        return CODE_CHANGED;
    }
    source->fd = fd;
    return 0;
}

static struct store store_of_source(const struct source *source)
{
    return input_store(source->input, source->fd);
}

static ssize_t read_at(const struct source *source, void *data, size_t size, uint64_t at)
{
    struct store store = store_of_source(source);
    return store_read(&store, data, size, at);
}

/*
 * The partition's members have ended at a byte of the input, or the input has (UINT64_MAX). Whoever
 * has the next partition must find just that place.
 */
static int end_members(struct source *source, uint64_t at)
{
    struct store store = store_of_source(source);
    uint64_t found = UINT64_MAX;
    source->unpacked = source->at + source->size;
    source->end = source->unpacked + (at < UINT64_MAX);
    if (source->packed_end >= source->input->size)
        return 0;
    uint64_t end = at < UINT64_MAX ? at + 1 : UINT64_MAX;
    int rc = member_find(&store, source->input->packing, source->packed_end, end, &found);
    if (rc >= 0 && found != at && at < UINT64_MAX)
        source->trouble = member_trouble(&store, source->input->packing, at);
    return rc < 0 ? rc : found == at ? 0 : CODE_DAMAGED;
}

/* Appends to the buffer what is unpacked next; nothing only when that is the end. */
static int fill_unpacked(struct source *source)
{
    int rc = UNPACK_FULL;
    size_t n = 0;
    while (n == 0 && rc != UNPACK_END) {
        char *room = source->buffer + source->size;
        uint64_t start = clock_nanoseconds();
        rc = unpacker_run(source->unpacker, room, source->capacity - source->size, &n);
        source->unpack_time += clock_nanoseconds() - start;
        if (rc < 0)
            return rc;
        source->size += n;
        if (rc == UNPACK_BOUND || (rc == UNPACK_END && source->end == UINT64_MAX)) {
            uint64_t at = rc == UNPACK_END ? UINT64_MAX : unpacker_at(source->unpacker);
            int ended = end_members(source, at);
            if (ended < 0)
                return ended;
        }
        if (rc != UNPACK_HUNGRY || n > 0)
            continue;
        size_t size;
        void *packed = unpacker_room(source->unpacker, &size);
        ssize_t n_read = read_at(source, packed, size, unpacker_at(source->unpacker));
        if (n_read < 0)
            return CODE_READ;
        unpacker_fed(source->unpacker, (size_t)n_read);
    }
    if (rc == UNPACK_END) {
        source->input_end = source->at + source->size;
        if (source->end > source->input_end)
            source->end = source->input_end;
    }
    memset(source->buffer + source->size, 0, SCAN_PADDING);
    return 0;
}

int source_check(const struct source *source)
{
    struct stat status;
    if (!source->mapping.data || source->input->data)
        return 0;
    if (fstat(source->fd, &status) < 0)
        return CODE_READ;
    if ((uint64_t)status.st_size < source->input->size)
        return CODE_CHANGED;
    errno = EIO;
    return mapping_is_lost(&source->mapping) ? CODE_READ : 0;
}

/*
 * Memory is used where it is, but for its last bytes, behind which nothing may be read, and for a
 * line that goes on where the piece of it ends.
 */
static void use_memory(struct source *source, uint64_t end)
{
    const struct input *input = source->input;
    int was_used = source->mapping.data != NULL;
    if (end + SCAN_PADDING > input->size)
        end = input->size > SCAN_PADDING ? input->size - SCAN_PADDING : 0;
    mapping_drop(&source->mapping);
    if (!was_used && end > source->at)
        mapping_lend(&source->mapping, input->data + source->at, source->at,
                     (size_t)(end - source->at));
    else
        source->size = 0;
}

/*
 * Maps what comes from the buffer's first byte on, if that is better than to read it. Else the
 * buffer is empty: it has to be read again.
 */
static int map_next(struct source *source)
{
    const struct input *input = source->input;
    int rc = source_check(source);
    if (rc < 0)
        return rc;
    uint64_t end = source->end + source->capacity;
    if (end > input->size)
        end = input->size;
    if (input->data)
        use_memory(source, end);
    else if (!mapping_try(&source->mapping, source->mapping_use, source->fd, source->at,
                          (size_t)(end - source->at)))
        source->size = 0;
    source->buffer = place(source);
    return 0;
}

/* Bytes of the mapping behind those in the buffer. */
static size_t mapped_left(const struct source *source)
{
    const struct mapping *mapping = &source->mapping;
    return mapping->data ? (size_t)(mapping->at + mapping->size - source->at) - source->size : 0;
}

/*
 * Appends to the buffer what it has room for, up to end and a tail; at least one byte. The tail is
 * as long as what is there already, so that a long line is looked at a few times, not thousands.
 */
static int source_fill(struct source *source, uint64_t end)
{
    if (source->unpacker)
        return fill_unpacked(source);
    if (source->mapping.data && mapped_left(source) == 0) {
        int rc = map_next(source);
        if (rc < 0)
            return rc;
    }
    if (source->size == 0)
        source->buffer = place(source);
    uint64_t at = source->at + source->size;
    uint64_t tail = source->size > TAIL_SIZE ? source->size : TAIL_SIZE;
    uint64_t want = (end > at ? end - at : 0) + tail;
    if (want > source->input->size - at)
        want = source->input->size - at;
    if (want > source->capacity - source->size)
        want = source->capacity - source->size;
    if (source->mapping.data) {
        size_t left = mapped_left(source);
        source->size += want < left ? want : left;
        return 0;
    }
    ssize_t n = read_at(source, source->buffer + source->size, want, at);
    if (n < 0)
        return CODE_READ;
    if (n == 0)
        return CODE_CHANGED;
    source->size += (size_t)n;
    /* What a scan reads past the end never counts, but is never undefined either. */
    memset(source->buffer + source->size, 0, SCAN_PADDING);
    return 0;
}

/* From now on the partition is read, from the first byte of the buffer on. */
static int stop_mapping(struct source *source)
{
    int rc = source_check(source);
    mapping_drop(&source->mapping);
    source->size = 0;
    source->buffer = place(source);
    return rc;
}

/* Moves what no chunk has had to the front, and makes the buffer larger if that fills it. */
static int source_make_room(struct source *source)
{
    const char *rest = source->buffer + source->taken;
    size_t left = source->size - source->taken;
    source->at += source->taken;
    source->buffer = place(source);
    if (!source->mapping.data)
        memmove(source->buffer, rest, left);
    source->size = left;
    source->taken = 0;
    if (left < source->capacity)
        return 0;
    if (source->mapping.data)
        return stop_mapping(source);
    size_t capacity = 2 * source->capacity;
    if (capacity > LINE_SIZE_MAX && source->capacity < LINE_SIZE_MAX)
        capacity = LINE_SIZE_MAX;
    size_t before = (size_t)(source->buffer - source->memory);
    char *memory = realloc(source->memory, ALIGNMENT + capacity + SCAN_PADDING);
    if (!memory)
        return CODE_NOMEM;
    source->memory = memory;
    source->buffer = place(source);
    memmove(source->buffer, memory + before, left);
    source->capacity = capacity;
    return 0;
}

/* What a line ends with. */
static int line_end(const struct source *source)
{
    const struct splitter *splitter = source->input->splitter;
    return splitter && splitter->kind == SPLITTER_NUL ? '\0' : '\n';
}

/* Records that have no such end; NULL: lines. */
static const struct splitter *splitter_of(const struct source *source)
{
    const struct splitter *splitter = source->input->splitter;
    return splitter && splitter->kind != SPLITTER_NUL ? splitter : NULL;
}

/* The line that holds byte start - 1 is another partition's: passes over it. */
static int skip_started_line(struct source *source)
{
    while (source->at + 1 < source->end) {
        int rc = source_fill(source, source->end);
        if (rc < 0)
            return rc;
        char *lf = memchr(source->buffer, line_end(source), source->size);
        if (lf) {
            source->taken = (size_t)(lf + 1 - source->buffer);
            return 0;
        }
        source->at += source->size;
        source->size = 0;
    }
    source->at = source->end;
    return 0;
}

/* Goes to the first record that begins at start or behind it, from a place before it on. */
static int find_record(struct source *source, uint64_t start)
{
    const struct splitter *splitter = source->input->splitter;
    while (source->at + source->taken < start) {
        size_t left = source->size - source->taken;
        int is_last = source->at + source->size == source->input_end;
        size_t n = splitter_next(splitter, source->buffer + source->taken, left, is_last);
        if (n == 0 && left >= LINE_SIZE_MAX)
            n = left - splitter->context; /* in the midst of one that is too long */
        source->taken += n;
        if (n > 0)
            continue;
        int rc = source_make_room(source);
        if (rc == 0)
            rc = source_fill(source, source->end);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Goes to the first member of the partition, and its first line; there may be none. */
static int open_packed(struct source *source, uint64_t start, uint64_t end)
{
    const struct input *input = source->input;
    struct store store = store_of_source(source);
    int is_first = start == input->start;
    source->start = source->at = source->end = 0;
    int rc = is_first ? 1 : member_find(&store, input->packing, start, end, &start);
    if (rc <= 0)
        return rc;
    source->unpacker = unpacker_new(input->packing);
    if (!source->unpacker)
        return CODE_NOMEM;
    unpacker_bound(source->unpacker, start, end);
    source->packed_end = end;
    source->end = source->input_end = UINT64_MAX;
    return is_first ? 0 : skip_started_line(source);
}

int source_open(struct source *source, const struct input *input, uint64_t start, uint64_t end)
{
    int rc = 0;
    mapping_drop(&source->mapping);
    if (source->fd < 0 || source->input != input)
        rc = input_open(source, input);
    if (rc < 0)
        return rc;
    source->start = source->at = start;
    source->end = end;
    source->input_end = input->size;
    source->size = source->taken = 0;
    source->unpacked = source->unpack_time = 0;
    source->trouble = (struct member_trouble){0};
    source->in_long_line = 0;
    unpacker_free(source->unpacker);
    source->unpacker = NULL;
    if (input->packing != PACKING_NONE)
        return open_packed(source, start, end);
    const struct splitter *splitter = splitter_of(source);
    int owns_first = start == input->start || start >= end;
    uint64_t before = owns_first ? 0 : splitter ? splitter->context : 1;
    source->at = start - input->start > before ? start - before : input->start;
    if (splitter && splitter->kind == SPLITTER_SIZE)
        source->at = input->start + splitter_round(splitter, start - input->start);
    if ((source->mapping_use != MAPPING_NEVER || input->data) && end > start)
        rc = map_next(source);
    if (rc < 0 || owns_first)
        return rc;
    return splitter ? find_record(source, start) : skip_started_line(source);
}

/* The same as whole_lines of records of another kind. */
static size_t whole_records(const struct source *source)
{
    const char *start = source->buffer + source->taken;
    uint64_t at = source->at + source->taken;
    size_t size = source->size - source->taken, whole = 0, n = 1;
    int is_last = at + size == source->input_end;
    for (; n > 0 && whole < size && at + whole < source->end; whole += n)
        n = splitter_next(source->input->splitter, start + whole, size - whole, is_last);
    return whole;
}

/* How much of the buffer, from taken on, is whole lines of the partition; 0: read on. */
static size_t whole_lines(const struct source *source)
{
    const char *start = source->buffer + source->taken;
    size_t size = source->size - source->taken;
    uint64_t at = source->at + source->taken;

    if (size == 0)
        return 0;
    if (splitter_of(source))
        return whole_records(source);
    if (source->end - at <= size) {
        size_t owned = (size_t)(source->end - at) - 1; /* the byte before the end is there */
        const char *lf = memchr(start + owned, line_end(source), size - owned);
        if (lf && lf + 1 == start + size && source->input_end == UINT64_MAX)
            return 0; /* whether it is the last line of all is not known yet */
        if (lf)
            return (size_t)(lf + 1 - start);
    }
    if (at + size == source->input_end)
        return size;
    /* What may be the last line of all is kept until that is known: it may be an empty one. */
    const char *lf =
        memrchr(start, line_end(source), source->input_end == UINT64_MAX ? size - 1 : size);
    return lf ? (size_t)(lf + 1 - start) : 0;
}

/* More of a line that is too long, up to its end. */
static int next_of_long_line(struct source *source, size_t *size)
{
    source->at += source->size;
    source->size = source->taken = 0;
    int rc = source_fill(source, source->input_end);
    if (rc < 0)
        return rc;
    const char *lf = memchr(source->buffer, line_end(source), source->size);
    *size = lf ? (size_t)(lf + 1 - source->buffer) : source->size;
    source->in_long_line = !lf && source->at + source->size < source->input_end;
    source->piece = SOURCE_REST;
    return 0;
}

/* The same of a record. A few bytes are kept, by which the next one may be known. */
static int next_of_long_record(struct source *source, size_t *size)
{
    const struct splitter *splitter = source->input->splitter;
    int rc = source_make_room(source);
    if (rc == 0 && source->at + source->size < source->input_end)
        rc = source_fill(source, source->input_end);
    if (rc < 0)
        return rc;
    size_t n = 0;
    int is_last = source->at + source->size == source->input_end;
    if (splitter_can_cut(splitter) || is_last)
        n = splitter_next(splitter, source->buffer, source->size, is_last);
    source->in_long_line = n == 0 && !is_last;
    *size = source->in_long_line ? source->size - splitter->context : n;
    source->piece = SOURCE_REST;
    return 0;
}

int source_next(struct source *source, const char **data, size_t *size, uint64_t *offset)
{
    size_t whole = 0;
    int rc = 0;
    source->piece = SOURCE_LINES;
    if (source->in_long_line)
        rc = splitter_of(source) ? next_of_long_record(source, &whole)
                                 : next_of_long_line(source, &whole);
    while (rc == 0 && whole == 0 && source->at + source->taken < source->end) {
        whole = whole_lines(source);
        if (whole > 0)
            break;
        if (source->size - source->taken >= LINE_SIZE_MAX) {
            whole = source->size - source->taken;
            if (splitter_of(source))
                whole -= splitter_of(source)->context;
            source->piece = SOURCE_LONG;
            source->in_long_line = 1;
            break;
        }
        rc = source_make_room(source);
        if (rc == 0)
            rc = source_fill(source, source->end);
    }
    if (rc < 0)
        return rc;
    *data = source->buffer + source->taken;
    *offset = source->at + source->taken;
    *size = whole;
    source->taken += whole;
    return 0;
}

enum damage source_damage(const struct source *source, uint64_t *at)
{
    if (source->trouble.damage == DAMAGE_ANY)
        return unpacker_damage(source->unpacker, at);
    *at = source->trouble.at;
    return source->trouble.damage;
}

static uint32_t count_ends(const struct source *source, const struct scan *scan, size_t size)
{
    uint32_t n = 0;
    if (line_end(source) == '\n')
        return (uint32_t)scan->count(source->buffer, size);
    for (size_t i = 0; i < size; i++)
        n += source->buffer[i] == '\0';
    return n;
}

int source_count_lines(struct source *source, const struct scan *scan, uint64_t start,
                       uint64_t block_size, uint32_t *n_lines, size_t n)
{
    const struct input *input = source->input;
    mapping_drop(&source->mapping);
    source->size = source->taken = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t at = start + i * block_size;
        uint64_t end = input->share_end - at < block_size ? input->share_end : at + block_size;
        n_lines[i] = at == input->start;
        /* A line starts in the block if the LF before it is one byte further to the front. */
        source->at = at == input->start ? at : at - 1;
        while (source->at < end - 1) {
            source->size = 0;
            int rc = source_fill(source, end);
            if (rc < 0)
                return rc;
            uint64_t left = end - 1 - source->at;
            size_t here = source->size < left ? source->size : (size_t)left;
            n_lines[i] += count_ends(source, scan, here);
            source->at += here;
        }
    }
    return 0;
}
