/*
 * Text is cut where a byte of ASCII is a blank, which no token holds, into pieces that edges.h
 * takes. Most runs that it finds are words of up to 16 bytes of ASCII, and go to the front table;
 * others are looked at character by character (token.h). Only a line with a long stretch without a
 * blank can hold a word that is too long, and is read twice.
 */
#include "input/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/code.h"
#include "scan/edges.h"
#include "input/lines.h"
#include "words/table.h"

#define BATCH 32 /* words */

/* Nine tokens of so many bytes, in NFC, are no word that is too long. */
#define STRETCH_MAX 2048
_Static_assert(3 * TEXT_NGRAM_MAX * (STRETCH_MAX + 1) <= WORD_SIZE_MAX, "a word that is too long");

/* A sequence but its last token, and room to write that. */
#define BUFFER_NEED (WORD_SIZE_MAX + TOKEN_ROOM(WORD_SIZE_MAX) + 1)
#define BUFFER_SIZE (BUFFER_NEED + (128u << 10))

struct reader {
    struct text *text;
    const struct ngram_sink *sink;
    const struct scan *scan;
    struct ngram_chunk *chunk;
    const struct ngram_query *query;
    unsigned n_least, n_most; /* tokens in a sequence */
    unsigned needs;           /* what is done to tokens */
    size_t n;                 /* words that wait */
    struct front_word batch[BATCH];
};

int text_init(struct text *text, size_t front_size, uint64_t seed)
{
    struct text new = {.buffer = malloc(BUFFER_SIZE + SCAN_PADDING)};
    if (!new.buffer || front_init(&new.front, front_size, seed) < 0) {
        text_release(&new);
        return CODE_NOMEM;
    }
    *text = new;
    return 0;
}

void text_release(struct text *text)
{
    front_release(&text->front);
    token_scratch_release(&text->scratch);
    free(text->buffer);
    *text = (struct text){0};
}

void text_begin(struct text *text)
{
    front_clear(&text->front);
    text->used = text->n_places = text->n_taken = 0;
}

int text_end(struct text *text, const struct ngram_sink *sink)
{
    struct front *front = &text->front;
    int rc = 0;
    for (uint32_t i = 0; i < front->n_slots && rc == 0; i++) {
        const struct front_slot *slot = &front->slots[i];
        uint64_t count = slot->count >> 8;
        if (slot->count > 0)
            rc = sink->word(sink->user, (const char *)&slot->head, (uint8_t)slot->count, &count);
    }
    if (rc == 0)
        rc = sink->settle(sink->user);
    front_clear(front);
    return rc;
}

/* What each word counts. */
static const uint64_t one = 1;

static int batch_end(struct reader *reader)
{
    const struct ngram_sink *sink = reader->sink;
    struct front *front = &reader->text->front;
    size_t n = reader->n;
    int rc = 0;
    reader->n = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        const struct front_word *word = &reader->batch[i];
        if (!front_add(front, word))
            rc = sink->word(sink->user, word->data, word->size, &one);
    }
    return rc;
}

static inline int take_short(struct reader *reader, struct front_word word)
{
    if (reader->text->folds)
        front_fold(&word);
    front_prefetch(&reader->text->front, &word);
    reader->batch[reader->n++] = word;
    return reader->n < BATCH ? 0 : batch_end(reader);
}

static inline int take_word(struct reader *reader, const char *word, size_t size)
{
    if (size <= FRONT_WORD_MAX && !reader->sink->each_line)
        return take_short(reader, front_word(word, size));
    return reader->sink->word(reader->sink->user, word, (uint32_t)size, &one);
}

/*
 * The sequences that end with each token since the last time. They are read some time after they
 * were written, when the bytes are in the cache and no more on their way to it.
 */
static int take_sequences(struct reader *reader)
{
    struct text *text = reader->text;
    int rc = 0;
    for (; text->n_taken < text->n_places && rc == 0; text->n_taken++) {
        const struct text_place *last = &text->places[text->n_taken];
        size_t n_most = reader->n_most < last->n_before + 1 ? reader->n_most : last->n_before + 1;
        for (size_t n = reader->n_least; n <= n_most && rc == 0; n++) {
            uint32_t start = last[1 - (ptrdiff_t)n].start;
            rc = take_word(reader, text->buffer + start, last->end - start);
        }
    }
    return rc;
}

/* Keeps of tokens only those that sequences to come may begin with, at the front. */
static void forget_places(struct reader *reader)
{
    struct text *text = reader->text;
    size_t n = text->n_before < reader->n_most ? text->n_before : reader->n_most - 1;
    memmove(text->places, text->places + text->n_places - n, n * sizeof *text->places);
    text->n_places = text->n_taken = n;
}

/* Makes room in the buffer for another token. */
static int empty_buffer(struct reader *reader)
{
    struct text *text = reader->text;
    int rc = batch_end(reader);
    if (rc == 0)
        rc = reader->sink->settle(reader->sink->user);
    uint32_t moved = text->n_places > 0 ? text->places[0].start : (uint32_t)text->used;
    memmove(text->buffer, text->buffer + moved, text->used - moved);
    text->used -= moved;
    for (size_t i = 0; i < text->n_places; i++) {
        text->places[i].start -= moved;
        text->places[i].end -= moved;
    }
    return rc;
}

static inline int make_room(struct reader *reader)
{
    struct text *text = reader->text;
    int is_full = text->used + TOKEN_ROOM(WORD_SIZE_MAX) + 1 > BUFFER_SIZE, rc = 0;
    if (text->n_places < TEXT_PLACES_MAX && !is_full)
        return 0;
    rc = take_sequences(reader);
    forget_places(reader);
    return rc == 0 && is_full ? empty_buffer(reader) : rc;
}

/* The token of size bytes behind what is used of the buffer. */
static inline void add_place(struct text *text, size_t size)
{
    uint32_t start = (uint32_t)text->used, end = start + (uint32_t)size;
    text->places[text->n_places++] = (struct text_place){start, end, text->n_before};
    text->n_before += text->n_before < TEXT_NGRAM_MAX;
    text->buffer[end] = ' ';
    text->used = end + 1;
}

static int take_token(struct reader *reader, const struct token *token)
{
    struct text *text = reader->text;
    unsigned need = token->need & reader->needs;
    if (reader->n_most == 1 && need == 0)
        return take_word(reader, token->data, token->size);
    int rc = make_room(reader);
    char *to = text->buffer + text->used;
    size_t size = token->size;
    if (rc == 0 && need != 0)
        rc = token_write(token, (need & TOKEN_COMPOSE) != 0, &text->scratch, to, &size);
    else if (rc == 0)
        memcpy(to, token->data, size);
    if (rc < 0 || size == 0)
        return rc;
    if (reader->n_most > 1) {
        add_place(text, size);
        return 0;
    }
    text->used += size;
    return take_word(reader, to, size);
}

static int is_ascii(const char *data, size_t size)
{
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)data[i];
    return all < 0x80;
}

/* A run of any bytes, or a line; one that begins with an underscore may be no word. */
static int take_run(struct reader *reader, const char *at, const char *end)
{
    const enum token_kind kind = reader->query->tokens;
    struct token token = {at, (size_t)(end - at), 0};
    int rc = 0;
    while (rc == 0 && token_next(kind, &at, end, &token, &reader->chunk->n_invalid))
        rc = take_token(reader, &token);
    return rc;
}

static int is_punctuation(char byte)
{
    return byte >= '!' && byte <= ';' && !(byte >= '0' && byte <= '9');
}

/*
 * Of a run that is not ASCII, its only token if that can be told at once: letters, with a byte of
 * punctuation before or behind them at most. 0: it cannot.
 */
static inline int trim_run(enum token_kind kind, const char **at, const char **end)
{
    const char *start = *at, *last = *end - 1;
    if (kind == TOKEN_BLANKS)
        return 0;
    if (is_punctuation(*start) && start < last)
        start++;
    if (is_punctuation(*last))
        last--;
    *at = start;
    *end = last + 1;
    return start <= last && token_is_whole(start, last + 1);
}

static int take_long_run(struct reader *reader, const char *at, size_t size)
{
    const char *start = at, *end = at + size;
    if (trim_run(reader->query->tokens, &start, &end))
        return take_token(reader, &(struct token){start, (size_t)(end - start), 0});
    if (*at == '_' || !is_ascii(at, size))
        return take_run(reader, at, at + size);
    return take_token(reader, &(struct token){at, size, 0});
}

/* Runs from *i on, until a batch is full or one comes that is no word as it is. */
static inline __attribute__((always_inline)) size_t fill_batch(struct reader *reader,
                                                               const char *data,
                                                               const uint32_t *edges, size_t i,
                                                               size_t n, int folds)
{
    const struct front *front = &reader->text->front;
    const enum token_kind kind = reader->query->tokens;
    size_t n_words = reader->n;
    for (; i < n && n_words < BATCH; i += 2) {
        const char *at = data + edges[i];
        size_t size = edges[i + 1] - edges[i];
        if (__builtin_expect(size > FRONT_WORD_MAX, 0))
            break;
        struct front_word word = front_word(at, size);
        if (__builtin_expect(*at == '_', 0))
            break;
        if (__builtin_expect(!front_is_ascii(&word), 0)) {
            const char *end = at + size;
            if (!trim_run(kind, &at, &end))
                break;
            if (size != (size_t)(end - at))
                word = front_word(at, (size_t)(end - at));
        }
        if (folds)
            front_fold(&word);
        front_prefetch(front, &word);
        reader->batch[n_words++] = word;
    }
    reader->n = n_words;
    return i;
}

static int take_runs(struct reader *reader, const char *data, const uint32_t *edges, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0;) {
        i = reader->text->folds ? fill_batch(reader, data, edges, i, n, 1)
                                : fill_batch(reader, data, edges, i, n, 0);
        if (reader->n == BATCH) {
            rc = batch_end(reader);
        } else if (i < n) {
            rc = take_long_run(reader, data + edges[i], edges[i + 1] - edges[i]);
            i += 2;
        }
    }
    return rc;
}

/* As take_long_run, of most runs sooner. */
static inline int take_run_apart(struct reader *reader, const char *at, size_t size)
{
    struct text *text = reader->text;
    if (size > FRONT_WORD_MAX || *at == '_' || reader->n_most == 1)
        return take_long_run(reader, at, size);
    struct front_word word = front_word(at, size);
    if (!front_is_ascii(&word))
        return take_run(reader, at, at + size);
    int rc = make_room(reader);
    if (text->folds)
        front_fold(&word);
    memcpy(text->buffer + text->used, &word.head, sizeof word.head);
    memcpy(text->buffer + text->used + sizeof word.head, &word.tail, sizeof word.tail);
    add_place(text, size);
    return rc;
}

/* The same when line ends matter, or every word is told. */
static int take_lines_of_runs(struct reader *reader, const char *data, size_t size,
                              const uint32_t *edges, size_t n)
{
    uint32_t ends[SCAN_N_ENDS];
    size_t n_lines = reader->scan->lines(data, size, ends), line = 0;
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i += 2) {
        for (; line < n_lines && ends[line] < edges[i]; line++)
            reader->text->n_before = 0;
        rc = take_run_apart(reader, data + edges[i], edges[i + 1] - edges[i]);
    }
    if (line < n_lines)
        reader->text->n_before = 0;
    return rc;
}

static int is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Behind the last blank of [at, end), or at. */
static const char *after_blank(const char *at, const char *end)
{
    while (end > at && !is_blank(end[-1]))
        end--;
    return end;
}

/* Whole lines, without a long stretch that has no blank. */
static int take_lines(struct reader *reader, const char *at, const char *end)
{
    uint32_t edges[EDGES_MAX];
    edges_fn *find = reader->scan->edges->of[reader->query->tokens];
    int is_plain = reader->n_most == 1 && !reader->sink->each_line, rc = 0;
    _Static_assert(STRETCH_MAX < EDGES_SIZE_MAX && EDGES_SIZE_MAX <= SCAN_BLOCK_SIZE, "a cut");
    reader->text->n_before = 0;
    while (at < end && rc == 0) {
        const char *cut = end;
        if (end - at > EDGES_SIZE_MAX)
            cut = after_blank(at, at + EDGES_SIZE_MAX);
        size_t n = find(at, (size_t)(cut - at), edges);
        rc = is_plain ? take_runs(reader, at, edges, n)
                      : take_lines_of_runs(reader, at, (size_t)(cut - at), edges, n);
        at = cut;
    }
    return rc;
}

/* The first token that is too long, or ends a sequence that is: 1, else 0, or CODE_NOMEM. */
static int find_too_long(struct reader *reader, const char *line, const char *end,
                         struct token *token)
{
    size_t sizes[TEXT_NGRAM_MAX] = {0}, n_tokens = 0, size, sum = 0; /* of the last ones */
    struct text *text = reader->text;
    uint64_t ignored = 0;
    while (token_next(reader->query->tokens, &line, end, token, &ignored)) {
        size = token->size;
        if (size > WORD_SIZE_MAX)
            return 1;
        if (token->need & reader->needs) {
            int rc = token_write(token, (token->need & reader->needs & TOKEN_COMPOSE) != 0,
                                 &text->scratch, text->buffer + text->used, &size);
            if (rc < 0)
                return rc;
        }
        if (size == 0)
            continue;
        if (n_tokens >= reader->n_most)
            sum -= sizes[(n_tokens - reader->n_most) % TEXT_NGRAM_MAX] + 1;
        sizes[n_tokens++ % TEXT_NGRAM_MAX] = size;
        sum += size + 1;
        if (size > WORD_SIZE_MAX || (n_tokens >= reader->n_least && sum - 1 > WORD_SIZE_MAX))
            return 1;
    }
    return 0;
}

/* A line of any kind, read with care. */
static int take_dense_line(struct reader *reader, const char *line, const char *end)
{
    struct token token;
    reader->text->n_before = 0;
    int rc = make_room(reader);
    if (rc == 0)
        rc = find_too_long(reader, line, end, &token);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return take_run(reader, line, end);
    reader->chunk->n_counted--;
    return line_reject(reader->sink, REJECT_WORD, line, end, token.data, token.data + token.size);
}

/* Where a stretch without a blank is too long; end: nowhere. */
static const char *find_stretch(const char *at, const char *end)
{
    while (end - at > STRETCH_MAX) {
        const char *cut = after_blank(at, at + STRETCH_MAX);
        if (cut == at)
            return at;
        at = cut;
    }
    return end;
}

static int take_text(struct reader *reader, const char *at, const char *end)
{
    int rc = 0;
    while (at < end && rc == 0) {
        const char *stretch = find_stretch(at, end), *line = stretch;
        if (stretch < end) {
            const char *lf = memrchr(at, '\n', (size_t)(stretch - at));
            line = lf ? lf + 1 : at;
        }
        rc = take_lines(reader, at, line);
        at = line;
        if (at == end || rc < 0)
            break;
        const char *lf = memchr(stretch, '\n', (size_t)(end - stretch));
        rc = take_dense_line(reader, line, lf ? lf : end);
        at = lf ? lf + 1 : end;
    }
    return rc;
}

/* Lines of [data, data + size), of which the last may have no LF. */
static uint64_t count_lines(const struct scan *scan, const char *data, size_t size)
{
    return size == 0 ? 0 : scan->count(data, size) + (data[size - 1] != '\n');
}

static int parse_text(const struct ngram_sink *sink, const struct scan *scan,
                      struct ngram_chunk *chunk)
{
    const struct ngram_query *query = sink->query;
    struct reader reader = {.text = sink->text, .sink = sink, .scan = scan, .chunk = chunk};
    size_t size = chunk->last ? scan_trim_end(chunk->data, chunk->size) : chunk->size;
    uint64_t n_lines = count_lines(scan, chunk->data, size);
    chunk->parsed = chunk->size;
    if (n_lines >= chunk->n_max) {
        size = chunk->n_max > 0 ? scan_after_line(scan, chunk->data, size, chunk->n_max) : 0;
        n_lines = chunk->n_max;
        chunk->parsed = size;
    }
    chunk->n_lines = chunk->n_counted = n_lines;
    chunk->n_filtered = chunk->n_invalid = 0;
    reader.query = query;
    reader.n_least = query->n_least ? query->n_least : 1;
    reader.n_most = query->n_most ? query->n_most : 1;
    reader.needs = TOKEN_SOFT_HYPHEN | (query->composed ? TOKEN_COMPOSE : 0);
    int rc = take_text(&reader, chunk->data, chunk->data + size);
    if (rc == 0)
        rc = take_sequences(&reader);
    if (rc == 0)
        rc = batch_end(&reader);
    if (rc == 0)
        rc = sink->settle(sink->user);
    sink->text->used = sink->text->n_places = sink->text->n_taken = 0;
    return rc;
}

const struct input_format input_text = {
    .name = "text", .parse = parse_text, .values = 1u << NGRAM_MATCHES | 1u << NGRAM_RECORDS};
