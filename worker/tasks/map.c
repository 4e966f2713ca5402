/*
 * A file comes in chunks of whole lines, a pipe as a block that is in shared memory already, and a
 * table file as blocks of words. The words of all of them go to the same sink.
 */
#include "tasks/map.h"

#include <string.h>

#include "base/code.h"
#include "input/counts.h"
#include "input/detect.h"
#include "input/formats.h"
#include "shared/fault.h"
#include "wmt/wmt_read.h"
#include "words/entry.h"

static int parts_init(struct map *map, struct context *context, struct gather *gather)
{
    int rc = map_sink_init(&map->sink, context, gather);
    if (rc == 0 && context->spec->on_record)
        rc = mapper_init(&map->mapper, context, &map->sink.count);
    return rc;
}

int task_map_init(struct map *map, struct context *context, struct source *source,
                  struct gather *gather)
{
    map->context = context;
    map->source = source;
    map->mapper = (struct wm_mapper){0};
    map->text = (struct text){0};
    int rc = parts_init(map, context, gather);
    if (rc < 0)
        task_map_release(map);
    return rc;
}

void task_map_release(struct map *map)
{
    map_sink_release(&map->sink);
    mapper_release(&map->mapper);
    text_release(&map->text);
}

void task_map_drop(struct map *map)
{
    combine_drop(&map->sink.combine);
}

static struct ngram_sink callbacks_of(struct map *map)
{
    struct ngram_sink callbacks = map_sink_callbacks(&map->sink);
    callbacks.text = &map->text;
    return callbacks;
}

static int is_text(const struct map *map)
{
    return input_format_at(map->message->format) == &input_text && !map->context->spec->on_record;
}

static int begin_text(struct map *map)
{
    const struct job_spec *spec = map->context->spec;
    if (!is_text(map))
        return 0;
    if (!map->text.buffer && text_init(&map->text, spec->table_size_max / 4, spec->seed) < 0)
        return CODE_NOMEM;
    map->text.folds = spec->filter && filter_folds_first(spec->filter);
    text_begin(&map->text);
    return 0;
}

static int end_text(struct map *map)
{
    const struct ngram_sink callbacks = callbacks_of(map);
    return is_text(map) ? text_end(&map->text, &callbacks) : 0;
}

/*
 * Maps a chunk of whole lines, but not its first *skip lines, and no more than *left lines (if the
 * task has a number of lines). Counts both down.
 */
static int map_chunk(struct map *map, const char *data, size_t size, uint64_t offset, int last,
                     uint64_t *skip, uint64_t *left)
{
    const struct job_spec *spec = map->context->spec;
    const struct scan *scan = spec->scan;
    if (*skip > 0) {
        uint64_t n = scan->count(data, size) + (data[size - 1] != '\n');
        uint64_t skipped = *skip < n ? *skip : n;
        *skip -= skipped;
        if (skipped == n)
            return 0;
        size_t start = scan_after_line(scan, data, size, skipped);
        data += start;
        size -= start;
        offset += start;
    }
    map_sink_chunk(&map->sink, data, offset);
    struct ngram_sink sink = callbacks_of(map);
    struct ngram_chunk chunk = {.data = data, .size = size, .last = last, .n_max = *left};
    int rc = spec->on_record ? host_map(&map->mapper, &sink, &chunk, offset)
                             : input_format_at(map->message->format)->parse(&sink, scan, &chunk);
    map->done->counted += chunk.n_counted;
    map->done->filtered += chunk.n_filtered;
    map->done->invalid += chunk.n_invalid;
    map->sink.count.lines += chunk.n_lines;
    map->bytes += chunk.parsed;
    map->sink.combine.n_lines = map->sink.count.lines;
    if (*left != UINT64_MAX)
        *left -= chunk.n_lines;
    return rc < 0 ? rc : combine_settle(&map->sink.combine);
}

/* A line that is too long, or as much of it as there is. */
static int map_long_line(struct map *map, const char *data, size_t size, uint64_t offset,
                         uint64_t *skip, uint64_t *left)
{
    if (*skip > 0) {
        --*skip;
        return 0;
    }
    map_sink_chunk(&map->sink, data, offset);
    struct ngram_sink sink = callbacks_of(map);
    int rc = sink.reject(sink.user, REJECT_LONG, data, size, data, size);
    map->sink.count.lines++;
    map->bytes += size;
    if (*left != UINT64_MAX)
        --*left;
    return rc;
}

/* A piece of a packed file, as source_next gives it. */
struct piece {
    const char *data;
    size_t size;
    uint64_t offset;
};

/* Leaves out the first n bytes. */
static void piece_cut(struct piece *piece, size_t n)
{
    piece->data += n;
    piece->size -= n;
    piece->offset += n;
}

/*
 * Leaves out what stands before the first line of data in a packed file: a byte order mark, and *n
 * lines. Those that are in the piece are counted down from *n.
 */
static void pass_front(struct map *map, struct piece *piece, uint64_t *n)
{
    const struct scan *scan = map->context->spec->scan;
    if (piece->offset == 0 && !map->context->spec->splitter &&
        input_has_mark(piece->data, piece->size))
        piece_cut(piece, INPUT_MARK_SIZE);
    if (*n == 0 || piece->size == 0)
        return;
    uint64_t n_lines =
        map->source->piece == SOURCE_LINES
            ? scan->count(piece->data, piece->size) + (piece->data[piece->size - 1] != '\n')
            : map->source->piece == SOURCE_LONG;
    uint64_t n_passed = *n < n_lines ? *n : n_lines;
    *n -= n_passed;
    map->sink.count.lines += n_passed;
    map->done->filtered += n_passed;
    piece_cut(piece, n_passed == n_lines
                         ? piece->size
                         : scan_after_line(scan, piece->data, piece->size, n_passed));
}

/* Says how far the task is, for the watchdog. 0, or CODE_PROTOCOL: nobody wants it any more. */
static int note_offset(const struct map *map, uint64_t offset)
{
    atomic_store_explicit(&map->context->slot->offset, offset, memory_order_relaxed);
    return context_check(map->context);
}

/* The input is at fault, unless there is more to say already. Returns rc. */
static int fail_at(struct map *map, int rc, uint64_t offset, uint32_t reason)
{
    struct message_failed *failure = &map->context->failure;
    if (failure->code == 0) {
        context_fail(map->context, rc, NULL, 0);
        failure->offset = offset;
        failure->reason = reason;
    }
    return rc;
}

static int map_piece(struct map *map, const struct piece *piece, uint64_t *skip, uint64_t *left)
{
    const struct source *source = map->source;
    int is_last = piece->offset + piece->size == source->input_end;
    if (piece->size == 0)
        return 0;
    if (source->piece == SOURCE_LINES)
        return map_chunk(map, piece->data, piece->size, piece->offset, is_last, skip, left);
    if (source->piece == SOURCE_LONG)
        return map_long_line(map, piece->data, piece->size, piece->offset, skip, left);
    map->bytes += map->sink.count.lines > 0 ? piece->size : 0; /* of a line that was not skipped */
    return 0;
}

static int file_map(struct map *map)
{
    const struct job_spec *spec = map->context->spec;
    const struct message_map *message = map->message;
    const struct input *input = &spec->inputs[message->input];
    struct source *source = map->source;
    uint64_t skip = message->skip_lines;
    uint64_t left = message->n_lines ? message->n_lines : UINT64_MAX;
    int has_front = input->packing != PACKING_NONE && message->start == input->start;
    uint64_t header = has_front ? spec->n_header : 0;
    struct piece piece;

    int rc = source_open(source, input, message->start, message->end);
    while (rc == 0 && (left > 0 || source->in_long_line)) {
        rc = source_next(source, &piece.data, &piece.size, &piece.offset);
        if (rc < 0 || piece.size == 0)
            break;
        uint64_t end = piece.offset + piece.size;
        fault_point(&spec->progress->faults, "map");
        if (has_front)
            pass_front(map, &piece, &header);
        rc = map_piece(map, &piece, &skip, &left);
        if (rc == 0)
            rc = note_offset(map, end - source->start);
    }
    map->done->unpacked = source->unpacked;
    map->done->unpack = source->unpack_time;
    int changed = source_check(source);
    if (changed < 0) { /* whatever is the matter with its lines */
        map->context->failure = (struct message_failed){0};
        rc = changed;
    }
    if (rc < 0)
        fail_at(map, rc, source->at + source->size, 0);
    if (rc == CODE_DAMAGED && source->unpacker)
        map->context->failure.reason = source_damage(source, &map->context->failure.offset);
    return rc;
}

/* A word of a table file, which has its period if all have. */
static int map_word(const struct ngram_sink *sink, const struct wmt_cursor *cursor)
{
    enum ngram_by by = sink->query->by;
    uint32_t size = cursor->size;
    const char *field;
    uint64_t period;
    if (by == NGRAM_BY_WORD)
        return sink->word(sink->user, cursor->word, size, cursor->counts);
    if (!counts_cut_period(by, cursor->word, &size, &period, &field))
        return CODE_TABLE;
    return sink->dated(sink->user, cursor->word, size, period, cursor->counts);
}

/* The words of one block of a table file. */
static int map_words(struct map *map, struct wmt_cursor *cursor)
{
    const struct ngram_sink sink = callbacks_of(map);
    int rc;
    while ((rc = wmt_cursor_next(cursor)) > 0) {
        map->sink.count.lines++;
        map->done->counted++;
        rc = map_word(&sink, cursor);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? rc : combine_settle(&map->sink.combine);
}

/* Whether the table says that it holds something else.
 * One of wordmill 0.1 says nothing of years. */
static int is_other_table(const struct job_spec *spec, const struct entry_values *values)
{
    return values->n != 1 + spec->n_more ||
           (values->by != NGRAM_BY_WORD && values->by != (unsigned char)spec->query.by);
}

/* Of a table file, the blocks that start in the partition. */
static int map_table(struct map *map)
{
    const struct job_spec *spec = map->context->spec;
    const struct message_map *message = map->message;
    const struct input *input = &spec->inputs[message->input];
    struct wmt_reader reader = {.store.fd = -1};
    struct wmt_cursor cursor;
    uint64_t start = 0, end;
    uint32_t version = 0;

    int rc = source_open(map->source, input, 0, 0);
    struct store store = input_store(input, map->source->fd);
    if (rc == 0)
        rc = wmt_reader_open(&reader, &store, input->size, &version);
    if (rc == 0 && is_other_table(spec, &reader.view.values))
        rc = CODE_CHANGED; /* it was looked at before */
    uint64_t i = rc == 0 ? wmt_view_block_at(&reader.view, message->start) : 0;
    for (; rc == 0 && i < reader.view.n_blocks; i++) {
        rc = wmt_reader_block(&reader, i, &cursor, &start, &end);
        if (rc < 0 || start >= message->end)
            break;
        fault_point(&spec->progress->faults, "map");
        rc = map_words(map, &cursor);
        map->bytes += end - start;
        if (rc == 0)
            rc = note_offset(map, end - message->start);
    }
    wmt_reader_release(&reader);
    return rc < 0 ? fail_at(map, rc, start, version) : rc;
}

/* Of [data, data + size), whole lines, those before the first that is too long; 0: it is first. */
static size_t before_long_line(const char *data, size_t size)
{
    size_t at = 0;
    while (size - at > LINE_SIZE_MAX) {
        const char *lf = memrchr(data + at, '\n', LINE_SIZE_MAX);
        if (!lf)
            return at;
        at = (size_t)(lf + 1 - data);
    }
    return size;
}

/* A block of a pipe is in the arena already and starts at a line. */
static int map_block(struct map *map)
{
    const struct message_map *message = map->message;
    const char *data = (const char *)arena_at(map->context->spec->arena, message->block.first);
    size_t size = message->end - message->start, at = 0;
    uint64_t skip = message->skip_lines, left = UINT64_MAX;
    int rc = 0;
    fault_point(&map->context->spec->progress->faults, "map");
    if (map->context->spec->splitter) /* which leaves out what is too long by itself */
        return map_chunk(map, data, size, message->start, (int)message->last, &skip, &left);
    do {
        size_t lines = before_long_line(data + at, size - at);
        int last = message->last && at + lines == size;
        rc = map_chunk(map, data + at, lines, message->start + at, last, &skip, &left);
        at += lines;
        if (rc < 0 || at == size)
            break;
        const char *lf = memchr(data + at, '\n', size - at);
        size_t line = lf ? (size_t)(lf + 1 - (data + at)) : size - at;
        rc = map_long_line(map, data + at, line, message->start + at, &skip, &left);
        at += line;
    } while (rc == 0 && at < size);
    return rc;
}

static int mapping_begin(struct map *map, const struct message_map *message, const uint64_t *skips,
                         struct message_done *done)
{
    map->message = message;
    map->done = done;
    map->bytes = 0;
    map_sink_begin(&map->sink, message, done);
    return map->context->spec->on_record ? mapper_begin(&map->mapper, skips, message->n_skips) : 0;
}

/* What the caller wants to do at the begin or the end of a partition. */
static int call_host(struct map *map, partition_fn *function)
{
    const struct ngram_sink sink = callbacks_of(map);
    map->mapper.start = map->message->start;
    map->mapper.record = NULL;
    int rc = host_partition(&map->mapper, &sink, function);
    return rc == CODE_WORKER ? fail_at(map, rc, map->message->start, 0) : rc;
}

static int begin_host(struct map *map)
{
    const struct job_spec *spec = map->context->spec;
    if (!spec->on_record)
        return 0;
    map->mapper.input = spec->inputs[map->message->input].number;
    map->mapper.partition = map->message->task;
    return call_host(map, spec->partition_begin);
}

static int end_host(struct map *map)
{
    const struct job_spec *spec = map->context->spec;
    return spec->on_record ? call_host(map, spec->partition_end) : 0;
}

int task_map(struct map *map, const struct message_map *message, const uint64_t *skips,
             struct message_done *done)
{
    const struct job_spec *spec = map->context->spec;
    int rc = mapping_begin(map, message, skips, done);
    if (rc == 0)
        rc = begin_text(map);
    if (rc < 0)
        return rc;
    rc = begin_host(map);
    if (rc == 0)
        rc = message->block.count > 0                ? map_block(map)
             : spec->inputs[message->input].is_table ? map_table(map)
                                                     : file_map(map);
    if (rc == 0)
        rc = end_host(map);
    if (rc == 0)
        rc = end_text(map);
    if (rc == 0)
        rc = combine_end(&map->sink.combine);
    if (rc == 0)
        rc = map_sink_flush(&map->sink);
    if (rc < 0)
        return rc;
    done->lines = map->sink.count.lines;
    done->bytes = map->bytes;
    done->first_period = map->sink.combine.seen.first;
    done->last_period = map->sink.combine.seen.last;
    progress_count(spec->progress, message->task, map->sink.count.lines, map->bytes);
    fault_point(&spec->progress->faults, "commit");
    return 0;
}
