/* A task over text, as a worker does it: chunks of whole lines, and what they tell, copied. */
#ifndef TESTS_TEXT_SINK_H
#define TESTS_TEXT_SINK_H

#include <stdlib.h>
#include <string.h>

#include "naive_text.h"
#include "input/text.h"

struct text_sink {
    struct naive_words told;
    const char *input, *chunk; /* of the piece: where it is, and its copy */
};

static inline int sink_word(void *user, const char *word, uint32_t size, const uint64_t *counts)
{
    struct text_sink *sink = user;
    naive_add(&sink->told, word, size, counts[0]);
    return 0;
}

static inline int sink_reject(void *user, enum reject_reason reason, const char *line, size_t size,
                              const char *field, size_t field_size)
{
    struct text_sink *sink = user;
    if (reason != REJECT_WORD || field < line || field + field_size > line + size)
        abort();
    sink->told.n_rejects++;
    sink->told.reject_sum += (uint64_t)(line - sink->chunk + sink->input) * 31 + size;
    return 0;
}

static inline int sink_settle(void *user)
{
    (void)user;
    return 0;
}

/* Parses [data, data + size), which begins at the place `input` counts from; returns its bytes. */
static inline size_t sink_chunk(struct text_sink *sink, struct text *text, const struct scan *scan,
                                const struct ngram_query *query, const char *data, size_t size,
                                int last, uint64_t n_max, int each_line, const char *start)
{
    char *copy = malloc(size + SCAN_PADDING);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    for (size_t i = 0; i < SCAN_PADDING; i++)
        copy[size + i] = "a.b'\xCC\x81 \nx"[(i + size) % 9]; /* looks like more text */
    struct ngram_sink to = {.word = sink_word,
                            .reject = sink_reject,
                            .settle = sink_settle,
                            .user = sink,
                            .query = query,
                            .each_line = each_line,
                            .text = text};
    struct ngram_chunk chunk = {.data = copy, .size = size, .last = last, .n_max = n_max};
    sink->chunk = copy;
    sink->input = (const char *)(uintptr_t)(data - start);
    if (input_text.parse(&to, scan, &chunk) != 0)
        abort();
    sink->told.n_lines += chunk.n_lines;
    sink->told.n_counted += chunk.n_counted;
    sink->told.n_invalid += chunk.n_invalid;
    free(copy);
    return chunk.parsed;
}

/* The whole task; step: about so many bytes a chunk. */
static inline void sink_task(struct text_sink *sink, struct text *text, const struct scan *scan,
                             const struct ngram_query *query, const char *data, size_t size,
                             size_t step, uint64_t n_max, int each_line)
{
    const char *start = data;
    struct ngram_sink to = {.word = sink_word, .settle = sink_settle, .user = sink};
    text_begin(text);
    while (size > 0) {
        size_t piece = step < size ? step : size;
        while (piece < size && (piece == 0 || data[piece - 1] != '\n'))
            piece++;
        /* An empty line at the end must be seen together with the end. */
        int last = size - piece <= 2;
        if (last)
            piece = size;
        size_t n = sink_chunk(sink, text, scan, query, data, piece, last, n_max, each_line, start);
        data += n;
        size -= n;
    }
    if (text_end(text, &to) != 0)
        abort();
}

#endif
