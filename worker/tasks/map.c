/* The map task and, beside it, the count of lines that --partition-lines needs first. */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "tasks/combine.h"
#include "input/format.h"
#include "input/formats.h"
#include "output/formatter.h"
#include "shared/fault.h"
#include "shared/reject.h"
#include "wmt/wmt_read.h"
#include "words/entry.h"
#include "worker.h"

struct map {
    struct worker *worker;
    const struct message_map *message;
    struct combine combine;
    uint64_t lines;           /* mapped so far, those of the chunk not included */
    uint64_t bytes;           /* the same */
    struct message_done done; /* so far */
    const char *chunk;
    uint64_t offset;     /* of chunk in the input */
    const char *counted; /* reject counted the lines of chunk up to here */
    uint64_t n_counted;
};

static int flush_rejects(struct map *map)
{
    struct worker *worker = map->worker;
    if (worker->rejects_size == 0)
        return 0;
    int rc = worker_room(worker);
    if (rc < 0)
        return rc;
    size_t size = worker->rejects_size;
    void *memory = worker_memory(worker, worker->grant, size);
    if (!memory)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    memcpy(memory, worker->rejects, size);
    worker->rejects_size = 0;
    return worker_send_grant(worker, map->message->task, RUN_REJECTS, size);
}

static int on_word(void *user, const char *word, uint32_t size, uint64_t count)
{
    struct map *map = user;
    const struct job_spec *spec = map->worker->spec;
    uint64_t hash = 0;
    if (spec->words || combine_wants_hash(&map->combine))
        hash = table_hash(word, size, spec->seed);
    if (spec->words && !table_find(spec->words, hash, word, size))
        return 0;
    return combine_word(&map->combine, hash, word, size, count);
}

static int settle(void *user)
{
    struct map *map = user;
    return combine_settle(&map->combine);
}

/* A word of a year: the key is both with a TAB between. */
static int on_dated(void *user, const char *word, uint32_t size, uint64_t year, uint64_t count)
{
    struct map *map = user;
    struct worker *worker = map->worker;
    const struct job_spec *spec = worker->spec;
    if (spec->words && !table_find(spec->words, table_hash(word, size, spec->seed), word, size))
        return 0;
    if (worker->keys_size + size + (KEY_SIZE_MAX - WORD_SIZE_MAX) > WORKER_KEYS_SIZE) {
        int rc = combine_settle(&map->combine);
        if (rc < 0)
            return rc;
        worker->keys_size = 0;
    }
    char *key = worker->keys + worker->keys_size;
    memcpy(key, word, size);
    key[size] = '\t';
    uint32_t key_size = size + 1 + (uint32_t)number_write(key + size + 1, year);
    worker->keys_size += key_size;
    uint64_t hash = combine_wants_hash(&map->combine) ? table_hash(key, key_size, spec->seed) : 0;
    return combine_word(&map->combine, hash, key, key_size, count);
}

/* Lines of the task before this one. Linear in the chunk, not in its rejects. */
static uint64_t line_number(struct map *map, const char *line)
{
    map->n_counted += map->worker->spec->scan->count(map->counted, (size_t)(line - map->counted));
    map->counted = line;
    return map->lines + map->n_counted;
}

static int on_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                     const char *field, size_t field_size)
{
    struct map *map = user;
    struct worker *worker = map->worker;
    uint64_t offset = map->offset + (uint64_t)(line - map->chunk);
    if (!worker->spec->skip_bad_lines) {
        worker_fail(worker, CODE_BAD_LINE, field, field_size);
        worker->failure.reason = reason;
        worker->failure.offset = offset;
        worker->failure.lines = line_number(map, line);
        return CODE_BAD_LINE;
    }
    if (map->done.rejected++ == 0) {
        map->done.reason = reason;
        map->done.offset = offset;
        map->done.before = line_number(map, line);
    }
    if (!worker->spec->keep_rejects)
        return 0;
    uint32_t kept = (uint32_t)(size < REJECT_TEXT_MAX ? size : REJECT_TEXT_MAX);
    if (worker->rejects_size + reject_stride(kept) > 2 * REJECT_TEXT_MAX) {
        int rc = flush_rejects(map);
        if (rc < 0)
            return rc;
    }
    struct reject *reject = (struct reject *)(void *)(worker->rejects + worker->rejects_size);
    *reject = (struct reject){
        .offset = offset, .line = line_number(map, line), .reason = reason, .size = kept};
    memcpy(reject->text, line, kept);
    worker->rejects_size += reject_stride(kept);
    return 0;
}

/*
 * Maps a chunk of whole lines but for the first *skip lines, and no more than *left lines (if the
 * task has a number of lines), and counts both down.
 */
static int map_chunk(struct map *map, const char *data, size_t size, uint64_t offset, int last,
                     uint64_t *skip, uint64_t *left)
{
    struct worker *worker = map->worker;
    const struct scan *scan = worker->spec->scan;
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
    map->chunk = map->counted = data;
    map->n_counted = 0;
    map->offset = offset;
    struct ngram_sink sink = {.word = on_word,
                              .dated = on_dated,
                              .reject = on_reject,
                              .user = map,
                              .query = &worker->spec->query,
                              .each_line = worker->spec->reduce != REDUCE_SUM};
    struct ngram_chunk chunk = {.data = data, .size = size, .last = last, .n_max = *left};
    int rc = worker->spec->map ? record_map(worker, &sink, settle, &chunk, offset)
                               : input_format_at(map->message->format)->parse(&sink, scan, &chunk);
    map->done.counted += chunk.n_counted;
    map->done.filtered += chunk.n_filtered;
    map->done.invalid += chunk.n_invalid;
    map->lines += chunk.n_lines;
    map->bytes += chunk.parsed;
    map->combine.n_lines = map->lines;
    if (*left != UINT64_MAX)
        *left -= chunk.n_lines;
    return rc < 0 ? rc : combine_settle(&map->combine);
}

/* A line that is too long, or as much of it as there is. */
static int map_long_line(struct map *map, const char *data, size_t size, uint64_t offset,
                         uint64_t *skip, uint64_t *left)
{
    if (*skip > 0) {
        --*skip;
        return 0;
    }
    map->chunk = map->counted = data;
    map->n_counted = 0;
    map->offset = offset;
    int rc = on_reject(map, REJECT_LONG, data, size, data, size);
    map->lines++;
    map->bytes += size;
    if (*left != UINT64_MAX)
        --*left;
    return rc;
}

static int map_file(struct map *map)
{
    struct worker *worker = map->worker;
    const struct message_map *message = map->message;
    const struct input *input = &worker->spec->inputs[message->input];
    uint64_t skip = message->skip_lines;
    uint64_t left = message->n_lines ? message->n_lines : UINT64_MAX;
    const char *data;
    size_t size;
    uint64_t offset;

    int rc = source_open(&worker->source, input, message->start, message->end);
    while (rc == 0 && (left > 0 || worker->source.in_long_line)) {
        rc = source_next(&worker->source, &data, &size, &offset);
        if (rc < 0 || size == 0)
            break;
        fault_point(&worker->spec->progress->faults, "map");
        if (worker->source.piece == SOURCE_LINES)
            rc = map_chunk(map, data, size, offset, offset + size == worker->source.input_end,
                           &skip, &left);
        else if (worker->source.piece == SOURCE_LONG)
            rc = map_long_line(map, data, size, offset, &skip, &left);
        else
            map->bytes += map->lines > 0 ? size : 0; /* of a line that was not skipped */
        atomic_store_explicit(&worker->slot->offset, offset + size - worker->source.start,
                              memory_order_relaxed);
        if (rc == 0 && worker->port->orphaned(worker->port))
            rc = worker_fail(worker, CODE_PROTOCOL, NULL, 0);
    }
    map->done.unpacked = worker->source.unpacked;
    if (rc < 0 && worker->failure.code == 0) {
        worker_fail(worker, rc, NULL, 0);
        worker->failure.offset = worker->source.at + worker->source.size;
    }
    return rc;
}

/* The words of one block of a table file. */
static int map_words(struct map *map, struct wmt_cursor *cursor)
{
    int rc;
    while ((rc = wmt_cursor_next(cursor)) > 0) {
        map->lines++;
        map->done.counted++;
        rc = on_word(map, cursor->word, cursor->size, cursor->count);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? rc : combine_settle(&map->combine);
}

/* Of a table file, the blocks that start in the partition. */
static int map_table(struct map *map)
{
    struct worker *worker = map->worker;
    const struct message_map *message = map->message;
    const struct input *input = &worker->spec->inputs[message->input];
    struct wmt_reader reader = {.fd = -1};
    struct wmt_cursor cursor;
    uint64_t start = 0, end;
    uint32_t version = 0;

    int rc = source_open(&worker->source, input, 0, 0);
    if (rc == 0)
        rc = wmt_reader_open(&reader, worker->source.fd, input->size, &version);
    uint64_t i = rc == 0 ? wmt_view_block_at(&reader.view, message->start) : 0;
    for (; rc == 0 && i < reader.view.n_blocks; i++) {
        rc = wmt_reader_block(&reader, i, &cursor, &start, &end);
        if (rc < 0 || start >= message->end)
            break;
        fault_point(&worker->spec->progress->faults, "map");
        rc = map_words(map, &cursor);
        map->bytes += end - start;
        atomic_store_explicit(&worker->slot->offset, end - message->start, memory_order_relaxed);
        if (rc == 0 && worker->port->orphaned(worker->port))
            rc = worker_fail(worker, CODE_PROTOCOL, NULL, 0);
    }
    wmt_reader_release(&reader);
    if (rc < 0 && worker->failure.code == 0) {
        worker_fail(worker, rc, NULL, 0);
        worker->failure.offset = start;
        worker->failure.reason = version;
    }
    return rc;
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
    const char *data = (const char *)arena_at(map->worker->spec->arena, message->block.first);
    size_t size = message->end - message->start, at = 0;
    uint64_t skip = 0, left = UINT64_MAX;
    int rc = 0;
    fault_point(&map->worker->spec->progress->faults, "map");
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

int worker_map(struct worker *worker, const struct message_map *message, const uint64_t *skips,
               struct message_done *done)
{
    struct map map = {.worker = worker, .message = message};
    combine_begin(&map.combine, worker, message->task);
    worker->rejects_size = worker->keys_size = 0;
    if (worker->spec->map && mapper_begin(&worker->mapper, skips, message->n_skips) < 0)
        return worker_fail(worker, CODE_NOMEM, NULL, 0);
    int rc = message->block.count > 0                        ? map_block(&map)
             : worker->spec->inputs[message->input].is_table ? map_table(&map)
                                                             : map_file(&map);
    if (rc == 0)
        rc = combine_end(&map.combine);
    if (rc == 0)
        rc = flush_rejects(&map);
    if (rc < 0)
        return rc;
    map.done.task = message->task;
    map.done.lines = map.lines;
    map.done.bytes = map.bytes;
    *done = map.done;
    progress_count(worker->spec->progress, message->task, map.lines, map.bytes);
    fault_point(&worker->spec->progress->faults, "commit");
    return 0;
}

int worker_split(struct worker *worker, const struct message_split *message)
{
    uint32_t n_lines[MESSAGE_LINES_MAX];
    const struct input *input = &worker->spec->inputs[message->input];
    uint64_t n = (message->end - message->start + message->block_size - 1) / message->block_size;
    if (n > MESSAGE_LINES_MAX)
        return worker_fail(worker, CODE_PROTOCOL, NULL, 0);
    int rc = source_open(&worker->source, input, message->start, message->start);
    for (uint64_t i = 0; i < n && rc == 0; i++) {
        rc = source_count_lines(&worker->source, worker->spec->scan,
                                message->start + i * message->block_size, message->block_size,
                                n_lines + i, 1);
        progress_step(worker->slot);
    }
    if (rc < 0) {
        worker_fail(worker, rc, NULL, 0);
        worker->failure.offset = worker->source.at + worker->source.size;
        return rc;
    }
    fault_point(&worker->spec->progress->faults, "split");
    struct message_lines lines = {message->task, (uint32_t)n};
    rc = worker->port->send(worker->port, MESSAGE_LINES, &lines, sizeof lines, n_lines,
                            n * sizeof *n_lines);
    return rc < 0 ? worker_fail(worker, rc, NULL, 0) : 0;
}
