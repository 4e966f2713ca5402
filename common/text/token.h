/*
 * Tokens of running text, one kind of three:
 *
 *     uax29    what stands between the word boundaries of UAX #29, if it has a letter or a number
 *     letters  a letter and the letters, marks and format characters behind it
 *     blanks   what stands between white space
 *
 * Letters, numbers and marks are the categories L*, N* and M*. Bytes that are not UTF-8 are no
 * part of a token, but of one between blanks. Soft hyphens (U+00AD) never are, though they end
 * none. No token holds a blank: of a segment of UAX #29 that begins with white space or, in ASCII,
 * with what is no letter, digit or underscore (which a zero width joiner may have joined to a
 * letter), only what is behind that.
 */
#ifndef COMMON_TEXT_TOKEN_H
#define COMMON_TEXT_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "scan/edges.h"

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
