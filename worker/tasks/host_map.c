/*
 * Where a record starts is noted in shared memory before the function sees it: if the worker dies
 * then, the coordinator knows at which record.
 */
#include "tasks/host_map.h"

#include <stdlib.h>

#include "base/code.h"
#include "input/lines.h"
#include "scan/scan.h"

#define LOG_SIZE (64u << 10) /* when it is more, and its records are whole, it is emptied */
#define FIRST_SIZE sizeof(struct emit)

/* Records, and nanoseconds between two looks for the coordinator. */
#define LOOK_MIN 16
#define LOOK_MAX 1024
#define LOOK_TIME 10000000

static struct emit *emit_at(const struct wm_mapper *mapper, size_t at)
{
    return (struct emit *)(void *)(mapper->log + at);
}

static size_t emit_stride(size_t size)
{
    return (offsetof(struct emit, key) + size + 7) & ~(size_t)7;
}

int mapper_init(struct wm_mapper *mapper, struct context *context, struct line_count *count)
{
    size_t capacity = 2 * LOG_SIZE;
    char *log = calloc(capacity + SCAN_PADDING, 1);
    if (!log)
        return CODE_NOMEM;
    *mapper = (struct wm_mapper){.context = context,
                                 .count = count,
                                 .log = log,
                                 .capacity = capacity,
                                 .reduce = context->spec->reduce,
                                 .tokens = context->spec->query.tokens,
                                 .composed = context->spec->query.composed};
    emit_at(mapper, 0)->size = UINT32_MAX;
    mapper->size = FIRST_SIZE;
    return 0;
}

void mapper_release(struct wm_mapper *mapper)
{
    free(mapper->log);
    free(mapper->skips);
    free(mapper->token);
    token_scratch_release(&mapper->scratch);
    *mapper = (struct wm_mapper){0};
}

static void log_clear(struct wm_mapper *mapper)
{
    mapper->size = FIRST_SIZE;
    mapper->last = 0;
}

int mapper_begin(struct wm_mapper *mapper, const uint64_t *skips, size_t n_skips)
{
    log_clear(mapper);
    mapper->failed = 0;
    mapper->look_after = mapper->n_unlooked = LOOK_MIN;
    mapper->look_time = context_now();
    mapper->n_skips = 0;
    if (n_skips == 0)
        return 0;
    uint64_t *copy = realloc(mapper->skips, n_skips * sizeof *copy);
    if (!copy)
        return CODE_NOMEM;
    memcpy(copy, skips, n_skips * sizeof *copy);
    mapper->skips = copy;
    mapper->n_skips = n_skips;
    return 0;
}

/* The token as it counts. */
static int rewrite_token(struct wm_mapper *mapper, const struct token *token, unsigned need,
                         size_t *size)
{
    if (!mapper->token)
        mapper->token = malloc(TOKEN_ROOM(WORD_SIZE_MAX));
    if (!mapper->token)
        return CODE_NOMEM;
    return token_write(token, (need & TOKEN_COMPOSE) != 0, &mapper->scratch, mapper->token, size);
}

int mapper_token(struct wm_mapper *mapper, const char **at, const char *end, const char **word,
                 size_t *size)
{
    struct token token;
    uint64_t ignored = 0;
    while (token_next(mapper->tokens, at, end, &token, &ignored)) {
        unsigned looked_at = TOKEN_SOFT_HYPHEN;
        if (mapper->composed)
            looked_at |= TOKEN_COMPOSE;
        unsigned need = token.need & looked_at;
        if (token.size > WORD_SIZE_MAX)
            return mapper->failed = CODE_BAD_LINE;
        if (need && rewrite_token(mapper, &token, need, &token.size) < 0)
            return mapper->failed = CODE_NOMEM;
        if (token.size > WORD_SIZE_MAX)
            return mapper->failed = CODE_BAD_LINE;
        if (token.size == 0)
            continue;
        *word = need ? mapper->token : token.data;
        *size = token.size;
        return 1;
    }
    return 0;
}

uint64_t mapper_line(struct wm_mapper *mapper)
{
    uint64_t line = 0;
    int rc = line_count_number(mapper->count, mapper->record, &line);
    if (rc < 0) {
        mapper->failed = context_fail(mapper->context, rc, NULL, 0);
        mapper->context->failure.offset = mapper->count->at;
    }
    return line;
}

/* Puts it behind the others. */
static int append(struct wm_mapper *mapper, const char *key, size_t size, uint64_t count)
{
    if (size > WORD_SIZE_MAX)
        return mapper->failed = CODE_BAD_LINE;
    size_t stride = emit_stride(size);
    if (stride > mapper->capacity - mapper->size) {
        char *log = realloc(mapper->log, 2 * mapper->capacity + SCAN_PADDING);
        if (!log)
            return mapper->failed = CODE_NOMEM;
        mapper->log = log;
        mapper->capacity *= 2;
    }
    mapper->last = mapper->size;
    mapper->size += stride;
    struct emit *emit = emit_at(mapper, mapper->last);
    emit->count = count;
    emit->size = (uint32_t)size;
    if (size > 0)
        memcpy(emit->key, key, size);
    return 0;
}

int mapper_emit_other(struct wm_mapper *mapper, const char *key, size_t size, uint64_t count)
{
    struct emit *last = emit_at(mapper, mapper->last);
    if (size > KEY_SIZE_SHORT && last->size == size && keys_are_equal(last->key, key, size) &&
        reduce_count(mapper->reduce, &last->count, count) == 0)
        return 0;
    return append(mapper, key, size, count);
}

/* The records at hand go to the table, so none of them can crash the function any more. */
static __attribute__((noinline)) int log_empty(struct wm_mapper *mapper)
{
    const struct ngram_sink *sink = mapper->sink;
    int rc = 0;
    atomic_store_explicit(&mapper->context->slot->record, PROGRESS_NO_RECORD, memory_order_relaxed);
    for (size_t at = FIRST_SIZE; at < mapper->size && rc == 0;) {
        const struct emit *emit = emit_at(mapper, at);
        rc = sink->word(sink->user, emit->key, emit->size, &emit->count);
        at += emit_stride(emit->size);
    }
    if (rc == 0)
        rc = sink->settle(sink->user);
    log_clear(mapper);
    return rc;
}

static int record_reject(struct wm_mapper *mapper, enum reject_reason reason, const char *record,
                         const char *end)
{
    const struct ngram_sink *sink = mapper->sink;
    size_t size = (size_t)(end - record);
    mapper->n_bad++;
    return sink->reject(sink->user, reason, record, size, record, size);
}

/* The record is bad: its emits are the last in the log, and have added to the one at last. */
static __attribute__((noinline)) int take_back(struct wm_mapper *mapper, const char *end,
                                               size_t size, size_t last, uint64_t count)
{
    int failed = mapper->failed;
    mapper->failed = 0;
    mapper->size = size;
    mapper->last = last;
    emit_at(mapper, last)->count = count;
    if (failed && failed != CODE_BAD_LINE)
        return failed;
    return record_reject(mapper, failed ? REJECT_WORD : REJECT_MAP, mapper->record, end);
}

/*
 * A chunk of lines may take the caller's map function many seconds, so the coordinator may be gone
 * meanwhile. To ask takes as long as a quick function needs for several lines. So it is asked some
 * hundred times a second, at whatever speed.
 */
static __attribute__((noinline)) int look_up(struct wm_mapper *mapper)
{
    uint64_t now = context_now(), took = now - mapper->look_time;
    if (took > LOOK_TIME && mapper->look_after > 1)
        mapper->look_after /= took > 8 * LOOK_TIME && mapper->look_after >= 8 ? 8 : 2;
    else if (took < LOOK_TIME / 2 && mapper->look_after < LOOK_MAX)
        mapper->look_after *= 2;
    mapper->look_time = now;
    mapper->n_unlooked = mapper->look_after;
    return context_check(mapper->context);
}

static void find_skip(struct wm_mapper *mapper)
{
    mapper->skip_at = mapper->skip < mapper->n_skips ? mapper->skips[mapper->skip] : UINT64_MAX;
}

static __attribute__((noinline)) int skip_record(struct wm_mapper *mapper, const char *record,
                                                 const char *end)
{
    mapper->skip++;
    find_skip(mapper);
    return record_reject(mapper, REJECT_CRASH, record, end);
}

/* end is that of the record, text_end that of what the function is to have of it. */
static inline int map_record(struct wm_mapper *mapper, const char *record, const char *end,
                             const char *text_end)
{
    const struct context *context = mapper->context;
    const struct job_spec *spec = context->spec;
    uint64_t offset = mapper->base + (uintptr_t)record;
    if (__builtin_expect(offset == mapper->skip_at, 0))
        return skip_record(mapper, record, end);
    size_t size = mapper->size, last = mapper->last;
    uint64_t count = emit_at(mapper, last)->count;
    mapper->record = record;
    atomic_store_explicit(&context->slot->record, offset, memory_order_relaxed);
    int bad = spec->on_record(mapper, record, (size_t)(text_end - record), spec->map_user);
    if (__builtin_expect(bad || mapper->failed, 0))
        return take_back(mapper, end, size, last, count);
    if (__builtin_expect(--mapper->n_unlooked == 0, 0) && look_up(mapper) < 0)
        return CODE_PROTOCOL;
    return __builtin_expect(mapper->size > LOG_SIZE, 0) ? log_empty(mapper) : 0;
}

static inline int map_line(void *user, const char *line, const char *end)
{
    return map_record(user, line, end, line_text_end(line, end));
}

/* A record of another kind: all of it, but for the NUL that it ends with. */
static int map_other(struct wm_mapper *mapper, const char *record, size_t size, int has_nul)
{
    const char *end = record + size - (has_nul && record[size - 1] == '\0');
    if (size > LINE_SIZE_MAX)
        return record_reject(mapper, REJECT_LONG, record, end);
    return map_record(mapper, record, end, end);
}

static int records_each(struct wm_mapper *mapper, const struct splitter *splitter)
{
    struct ngram_chunk *chunk = mapper->chunk;
    int rc = 0;
    chunk->n_lines = chunk->n_filtered = chunk->n_invalid = 0;
    for (chunk->parsed = 0; rc == 0 && chunk->parsed < chunk->size;) {
        const char *record = chunk->data + chunk->parsed;
        /* If the function that finds it crashes, that is no fault of the record before. */
        if (splitter->kind == SPLITTER_FUNCTION)
            atomic_store_explicit(&mapper->context->slot->record, PROGRESS_NO_RECORD,
                                  memory_order_relaxed);
        size_t size = splitter_take(splitter, record, chunk->size - chunk->parsed, chunk->last);
        mapper->count->n_counted = chunk->n_lines++;
        rc = map_other(mapper, record, size, splitter->kind == SPLITTER_NUL);
        chunk->parsed += size;
    }
    return rc;
}

int host_map(struct wm_mapper *mapper, const struct ngram_sink *sink, struct ngram_chunk *chunk,
             uint64_t offset)
{
    const struct job_spec *spec = mapper->context->spec;
    mapper->sink = sink;
    mapper->chunk = chunk;
    mapper->base = offset - (uintptr_t)chunk->data;
    mapper->skip = mapper->n_bad = 0;
    while (mapper->skip < mapper->n_skips && mapper->skips[mapper->skip] < offset)
        mapper->skip++;
    find_skip(mapper);
    int rc = spec->splitter ? records_each(mapper, spec->splitter)
                            : lines_each(spec->scan, chunk, map_line, mapper);
    mapper->record = NULL;
    chunk->n_counted = chunk->n_lines - mapper->n_bad;
    return rc == 0 ? log_empty(mapper) : rc;
}

int host_partition(struct wm_mapper *mapper, const struct ngram_sink *sink, partition_fn *function)
{
    mapper->sink = sink;
    if (!function)
        return 0;
    int refusal = function(mapper, mapper->context->spec->map_user);
    if (mapper->failed && mapper->failed != CODE_BAD_LINE)
        return mapper->failed;
    return refusal || mapper->failed ? CODE_WORKER : log_empty(mapper);
}
