/*
 * Running text: words are maximal runs of letters, of any script. A table says of an ASCII byte
 * whether it is one; what is not ASCII is decoded (utf8proc). Bytes that are not UTF-8 end a word
 * and are counted.
 */
#include "input/text.h"

#include <utf8proc.h>

#include "input/lines.h"
#include "words/entry.h"

enum class { OTHER, LETTER, HIGH };

__extension__ static const unsigned char classes[256] = {
    ['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER, [0x80 ... 0xFF] = HIGH};

struct text {
    const struct ngram_sink *sink;
    struct ngram_chunk *chunk;
};

/* Of a character that is not ASCII: its bytes, and whether it is a letter; 0: it is not UTF-8. */
static size_t decode(const char *at, const char *end, int *is_letter)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t size =
        utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)(end - at), &code);
    if (size <= 0)
        return 0;
    utf8proc_category_t category = utf8proc_category(code);
    *is_letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    return (size_t)size;
}

/* The next word from *at on; *at goes behind it. 0: there is none. */
static size_t next_word(const char **at, const char *end, const char **word, uint64_t *n_invalid)
{
    const char *here = *at, *start = NULL;
    while (here < end) {
        enum class class = classes[(unsigned char)*here];
        size_t size = 1;
        int is_letter = class == LETTER;
        if (class == HIGH) {
            size = decode(here, end, &is_letter);
            if (size == 0) {
                ++*n_invalid;
                size = 1;
            }
        }
        if (is_letter && !start) {
            start = here;
        } else if (!is_letter && start) {
            *n_invalid -= class == HIGH && size == 1; /* it is come to again */
            break;
        }
        here += size;
        if (is_letter)
            while (classes[(unsigned char)*here] == LETTER && here < end)
                here++;
    }
    *at = here;
    *word = start;
    return start ? (size_t)(here - start) : 0;
}

/* A word that is too long makes the line a bad one, so none of it may count. */
static int is_too_long(const char *line, const char *end, const char **word, size_t *size)
{
    uint64_t ignored = 0;
    while ((*size = next_word(&line, end, word, &ignored)) > 0)
        if (*size > WORD_SIZE_MAX)
            return 1;
    return 0;
}

static int take_line(void *user, const char *line, const char *end)
{
    struct text *text = user;
    const struct ngram_sink *sink = text->sink;
    const char *word;
    size_t size;
    if (end - line > WORD_SIZE_MAX && is_too_long(line, end, &word, &size))
        return line_reject(sink, REJECT_WORD, line, end, word, word + size);
    int rc = 0;
    text->chunk->n_counted++;
    while (rc == 0 && (size = next_word(&line, end, &word, &text->chunk->n_invalid)) > 0)
        rc = sink->word(sink->user, word, (uint32_t)size, 1);
    return rc;
}

static int parse(const struct ngram_sink *sink, const struct scan *scan, struct ngram_chunk *chunk)
{
    struct text text = {sink, chunk};
    return lines_each(scan, chunk, take_line, &text);
}

/* No TAB, a blank, and nothing that is not in prose; a character may be cut at the end. */
static int is_prose(const char *data, size_t size)
{
    size_t n_blanks = 0;
    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char)data[at];
        utf8proc_int32_t code;
        utf8proc_ssize_t n = 1;
        if (byte >= 0x80)
            n = utf8proc_iterate((const utf8proc_uint8_t *)data + at, (utf8proc_ssize_t)(size - at),
                                 &code);
        else if (byte == 0x7F || (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\f'))
            return 0;
        if (n <= 0)
            return size - at < 4 && at > 0 && n_blanks > 0;
        n_blanks += byte == ' ';
        at += (size_t)n;
    }
    return n_blanks > 0;
}

const struct input_format input_text = {.name = "text",
                                        .parse = parse,
                                        .values = 1u << NGRAM_MATCHES | 1u << NGRAM_RECORDS,
                                        .is_start = is_prose};
