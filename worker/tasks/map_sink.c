/*
 * Keys that are made here, of a word and its year, lie in a buffer until the words are settled. So
 * do rejects, until it is full or the task ends; whole grants of them go to the coordinator.
 */
#include "tasks/map_sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "input/formats.h"
#include "shared/reject.h"
#include "words/table.h"

#define KEYS_SIZE (2 * KEY_SIZE_MAX)

int map_sink_init(struct map_sink *sink, struct context *context, struct gather *gather)
{
    const struct job_spec *spec = context->spec;
    *sink = (struct map_sink){.context = context};
    line_count_init(&sink->count, spec);
    int rc = combine_init(&sink->combine, context, gather);
    if (rc < 0)
        return rc;
    if (spec->query.by != NGRAM_BY_WORD &&
        (!(sink->keys = malloc(KEYS_SIZE)) || points_reserve(&sink->points, SERIES_MAX) < 0))
        return CODE_NOMEM;
    if (spec->keep_rejects && !(sink->rejects = malloc(REJECTS_SIZE)))
        return CODE_NOMEM;
    return 0;
}

void map_sink_release(struct map_sink *sink)
{
    combine_release(&sink->combine);
    line_count_release(&sink->count);
    points_release(&sink->points);
    free(sink->keys);
    free(sink->rejects);
    sink->keys = sink->rejects = NULL;
}

void map_sink_begin(struct map_sink *sink, const struct message_map *message,
                    struct message_done *done)
{
    sink->message = message;
    sink->done = done;
    sink->reject_bytes = 0;
    sink->rejects_size = sink->keys_size = 0;
    line_count_begin(&sink->count, message);
    combine_begin(&sink->combine, message->task);
}

void map_sink_chunk(struct map_sink *sink, const char *data, uint64_t offset)
{
    sink->chunk = data;
    sink->offset = offset;
    line_count_chunk(&sink->count, data);
}

static int on_word(void *user, const char *word, uint32_t size, const uint64_t *counts)
{
    struct map_sink *sink = user;
    const struct job_spec *spec = sink->context->spec;
    uint64_t hash = 0;
    if (spec->words || combine_wants_hash(&sink->combine))
        hash = table_hash(word, size, spec->seed);
    if (spec->words && !table_find(spec->words, hash, word, size))
        return 0;
    return combine_word(&sink->combine, hash, word, size, counts);
}

static int on_settle(void *user)
{
    struct map_sink *sink = user;
    return combine_settle(&sink->combine);
}

/* Room for a key. When all is taken, the words that lie there are settled first. */
static int on_room(void *user, size_t size, char **room)
{
    struct map_sink *sink = user;
    int rc = 0;
    if (!sink->keys && !(sink->keys = malloc(KEYS_SIZE)))
        return CODE_NOMEM;
    if (sink->keys_size + size > KEYS_SIZE) {
        rc = combine_settle(&sink->combine);
        sink->keys_size = 0;
    }
    *room = sink->keys + sink->keys_size;
    sink->keys_size += size;
    return rc;
}

/* The key of a word of a year is both with a TAB between. Returns its size. */
static uint32_t write_key(char *key, const char *word, uint32_t size, uint64_t year)
{
    memcpy(key, word, size);
    key[size] = '\t';
    return size + 1 + (uint32_t)number_write(key + size + 1, year);
}

/* Whether the word is one of those asked for. */
static int is_asked(const struct map_sink *sink, const char *word, uint32_t size)
{
    const struct job_spec *spec = sink->context->spec;
    return !spec->words ||
           table_find(spec->words, table_hash(word, size, spec->seed), word, size) != NULL;
}

/* A word of one period. */
static int add_dated(struct map_sink *sink, const char *word, uint32_t size, uint64_t period,
                     const uint64_t *counts)
{
    const struct job_spec *spec = sink->context->spec;
    char *key;
    uint32_t room = size + (KEY_SIZE_MAX - WORD_SIZE_MAX);
    int rc = on_room(sink, room, &key);
    if (rc < 0)
        return rc;
    uint32_t key_size = write_key(key, word, size, period);
    sink->keys_size -= room - key_size;
    uint64_t hash = combine_wants_hash(&sink->combine) ? table_hash(key, key_size, spec->seed) : 0;
    return combine_word(&sink->combine, hash, key, key_size, counts);
}

static void note_year(const struct map_sink *sink, uint64_t period)
{
    const struct job_spec *spec = sink->context->spec;
    int is_whole = spec->query.by == NGRAM_BY_YEAR;
    /* The years of a decade were seen before, but in a result, which has it alone. */
    if (spec->wants_years && (is_whole || input_format_at(sink->message->format)->is_result))
        years_add(&spec->progress->years, period);
}

static int on_dated(void *user, const char *word, uint32_t size, uint64_t year,
                    const uint64_t *counts)
{
    struct map_sink *sink = user;
    if (!is_asked(sink, word, size))
        return 0;
    note_year(sink, year);
    return add_dated(sink, word, size, year, counts);
}

/* A word of the periods in sink->points. */
static int on_series(void *user, const char *word, uint32_t size)
{
    struct map_sink *sink = user;
    struct points *points = &sink->points;
    int rc = 0;
    if (!is_asked(sink, word, size))
        return 0;
    for (size_t i = 0; i < points->n && sink->context->spec->wants_years; i++)
        note_year(sink, points->periods[i]);
    if (combine_wants_series(&sink->combine))
        return combine_series(&sink->combine, word, size, points);
    for (size_t i = 0; i < points->n && rc == 0; i++)
        rc = add_dated(sink, word, size, points->periods[i], &points->counts[i]);
    return rc;
}

int map_sink_flush(struct map_sink *sink)
{
    struct context *context = sink->context;
    if (sink->rejects_size == 0)
        return 0;
    int rc = context_room(context);
    if (rc < 0)
        return rc;
    size_t size = sink->rejects_size;
    void *memory = context_memory(context, size);
    if (!memory)
        return CODE_NOMEM;
    memcpy(memory, sink->rejects, size);
    sink->rejects_size = 0;
    return context_send_grant(context, sink->message->task, RUN_REJECTS, size);
}

/* Keeps the text of a bad line, as long as it may be in the file of rejects. */
static int keep_reject(struct map_sink *sink, enum reject_reason reason, uint64_t offset,
                       const char *line, size_t size)
{
    const struct job_spec *spec = sink->context->spec;
    /* What comes later in the task cannot be in the file any more. */
    if (!spec->keep_rejects || sink->reject_bytes > spec->reject_bytes_max)
        return 0;
    uint32_t kept = (uint32_t)(size < REJECT_TEXT_MAX ? size : REJECT_TEXT_MAX);
    if (sink->rejects_size + reject_stride(kept) > REJECTS_SIZE) {
        int rc = map_sink_flush(sink);
        if (rc < 0)
            return rc;
    }
    struct reject *reject = (struct reject *)(void *)(sink->rejects + sink->rejects_size);
    *reject = (struct reject){.offset = offset,
                              .line = line_count_in_task(&sink->count, line),
                              .reason = reason,
                              .size = kept};
    memcpy(reject->text, line, kept);
    sink->rejects_size += reject_stride(kept);
    sink->reject_bytes += kept + 1;
    return 0;
}

static int on_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                     const char *field, size_t field_size)
{
    struct map_sink *sink = user;
    struct message_failed *failure = &sink->context->failure;
    uint64_t offset = sink->offset + (uint64_t)(line - sink->chunk);
    if (!sink->context->spec->skip_bad_lines) {
        context_fail(sink->context, CODE_BAD_LINE, field, field_size);
        failure->reason = reason;
        failure->offset = offset;
        failure->lines = line_count_in_task(&sink->count, line);
        return CODE_BAD_LINE;
    }
    if (sink->done->rejected++ == 0) {
        sink->done->reason = reason;
        sink->done->offset = offset;
        sink->done->before = line_count_in_task(&sink->count, line);
    }
    return keep_reject(sink, reason, offset, line, size);
}

struct ngram_sink map_sink_callbacks(struct map_sink *sink)
{
    const struct job_spec *spec = sink->context->spec;
    return (struct ngram_sink){.word = on_word,
                               .series = on_series,
                               .dated = on_dated,
                               .reject = on_reject,
                               .settle = on_settle,
                               .room = on_room,
                               .user = sink,
                               .query = &spec->query,
                               .each_line = spec->reduce != REDUCE_SUM,
                               .points = &sink->points};
}
