/*
 * Tokens of running text, one kind of three:
 *
 *     uax29    what stands between the word boundaries of UAX #29, if it has a letter or a number;
 *              there is none between letters of Thai, Lao, Khmer, Burmese and the like
 *     letters  a letter and the letters, marks and format characters behind it
 *     blanks   what stands between white space
 *
 * Letters, numbers and marks are the categories L*, N* and M*. Bytes that are not UTF-8 are no part
 * of a token, but of one between blanks. Soft hyphens (U+00AD) never are, though they end none. No
 * token holds a blank. A segment of UAX #29 may begin with white space or, in ASCII, with what is
 * no letter, digit or underscore, since a zero width joiner may have joined that to a letter. Then
 * the token is only what is behind it.
 */
#ifndef COMMON_TEXT_TOKEN_H
#define COMMON_TEXT_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "scan/edges.h"

#include "text/unicode.h"

/* What is to be done to the bytes of a token. */
enum token_need {
    TOKEN_SOFT_HYPHEN = 1, /* it has some, to be left out */
    TOKEN_COMPOSE = 2      /* it may be no NFC */
};

struct token {
    const char *data;
    size_t size;
    unsigned need; /* of enum token_need; TOKEN_COMPOSE also if nobody wants NFC */
};

/*
 * The next token from *at on, where a token may begin. 1, and *at is behind it; 0: there is none.
 * Bytes that are not UTF-8 are added to *n_invalid. A token may consist of soft hyphens.
 */
int token_next(enum token_kind kind, const char **at, const char *end, struct token *token,
               uint64_t *n_invalid);

static inline uint32_t token_record_2(const unsigned char *in)
{
    return unicode_record((uint32_t)(in[0] & 0x1F) << 6 | (in[1] & 0x3F));
}

static inline uint32_t token_record_3(const unsigned char *in)
{
    return unicode_record((uint32_t)(in[0] & 0x0F) << 12 | (uint32_t)(in[1] & 0x3F) << 6 |
                          (in[2] & 0x3F));
}

/* Whether the two or three bytes at `in`, of which the last is a tail, are a plain character. */
static inline int token_is_plain_2(const unsigned char *in)
{
    return (unicode_plain[in[0] & 0x1F] >> (in[1] & 0x3F)) & 1;
}

static inline int token_is_plain_3(const unsigned char *in)
{
    size_t word = (size_t)(in[0] & 0x0F) << 6 | (in[1] & 0x3F);
    return (unicode_plain[UNICODE_PLAIN_3 + word] >> (in[2] & 0x3F)) & 1;
}

/*
 * Whether at `in`, of two or three bytes, is a mark of a combining class, as a virama is, that is
 * in canonical order behind one of *class. Then that becomes its own.
 */
int token_is_mark(const unsigned char *in, unsigned *class);

/*
 * Behind the plain characters at `at`, letters of ASCII included, and the marks in canonical order
 * behind them: what most words are. Behind a letter they go on with a token of any kind, and need
 * nothing done to them. *class: the combining class of what is before `at`, and then of the last.
 * Returns end, or more if a character is cut there. Readable for 2 bytes past end. The size of a
 * character is told by its first byte alone, so that the CPU looks at the next before it knows what
 * this one is.
 */
static inline const unsigned char *token_skip_plain(const unsigned char *at,
                                                    const unsigned char *end, unsigned *class)
{
    for (size_t size; at < end; at += size) {
        int is_plain = 1;
        if ((at[0] | 0x20) >= 'a' && (at[0] | 0x20) <= 'z') {
            size = 1;
        } else if (at[0] < 0xE0) {
            if (at[0] < 0xC2 || !utf8_is_tail(at[1]))
                break;
            size = 2;
            is_plain = token_is_plain_2(at);
        } else {
            if (at[0] > 0xEF || !utf8_is_tail(at[1]) || !utf8_is_tail(at[2]))
                break;
            size = 3;
            is_plain = token_is_plain_3(at);
        }
        if (is_plain)
            *class = 0;
        else if (!token_is_mark(at, class))
            break;
    }
    return at;
}

/*
 * Whether [at, end) is a letter and what is skipped, so that all of it is one token, of letters or
 * between boundaries, if nothing beside it belongs to it. Readable for 2 bytes past end.
 */
static inline int token_is_whole(const char *at, const char *end)
{
    const unsigned char *in = (const unsigned char *)at;
    unsigned class = 0;
    if (token_skip_plain(in, (const unsigned char *)end, &class) != (const unsigned char *)end)
        return 0;
    uint32_t first = in[0] < 0x80   ? UNICODE_LETTER
                     : in[0] < 0xE0 ? token_record_2(in)
                                    : token_record_3(in);
    return (first & UNICODE_LETTER) != 0;
}

/* Bytes up to the next boundary of UAX #29, at least 1. The same, for any text. */
size_t token_segment(const char *at, const char *end);

/* Room for a token of so many bytes that is rewritten. */
#define TOKEN_ROOM(size) (3 * (size_t)(size))

/* What token_write works in. {0} before the first call; grows. */
struct token_scratch {
    int32_t *points;
    size_t capacity;
};

void token_scratch_release(struct token_scratch *scratch);

/*
 * Writes the token without soft hyphens and, if composed, in NFC, as far as it is UTF-8; out takes
 * TOKEN_ROOM(token->size). *size may be 0. 0 or CODE_NOMEM.
 */
int token_write(const struct token *token, int composed, struct token_scratch *scratch, char *out,
                size_t *size);

#endif
