/* A word without an underscore, as most are, has no tag. */
#include "filter/tag.h"

#include <string.h>

#include "base/bytes.h"

#define NAME_SIZE_MAX 5

static const char names[TAG_N][8] = {"NOUN", "VERB", "ADJ", "ADV", "PRON",  "DET", "ADP", "NUM",
                                     "CONJ", "PRT",  "X",   ".",   "START", "END", "ROOT"};

const char *tag_name(unsigned i)
{
    return names[i];
}

/* Of the name, which is in capitals. */
static unsigned exactly_named(const char *name, size_t size)
{
    if (size > NAME_SIZE_MAX)
        return 0;
    uint64_t bytes = load_some(name, size);
    for (unsigned i = 0; i < TAG_N; i++)
        if (load_le64(names[i]) == bytes)
            return names[i][size - 1] ? 1u << i : 0; /* the name may end in NULs */
    return 0;
}

unsigned tag_named(const char *name, size_t size)
{
    char capitals[8];
    if (size > sizeof capitals)
        return 0;
    for (size_t i = 0; i < size; i++)
        capitals[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - ('a' - 'A') : name[i]);
    return exactly_named(capitals, size);
}

/* A "=>" stands between two tokens; at the start or the end of one it is a part of it. */
static int is_relation(const char *text, const char *at, const char *end)
{
    return *at == '=' && at > text && end - at > 2 && at[1] == '>' && at[2] != ' ';
}

/* What the token is; *size becomes that of its word. */
static unsigned kind_of(const char *token, uint32_t *size)
{
    const char *end = token + *size, *last = memrchr(token, '_', *size);
    if (!last)
        return TAG_PLAIN;
    if (last + 1 == end && token[0] == '_' && *size > 2) {
        unsigned alone = exactly_named(token + 1, *size - 2);
        return alone & TAG_TAGS ? TAG_PLACEHOLDER : alone ? alone : TAG_PLAIN;
    }
    unsigned tag = last > token ? exactly_named(last + 1, (size_t)(end - last - 1)) : 0;
    if (!(tag & TAG_TAGS))
        return TAG_PLAIN;
    *size = (uint32_t)(last - token);
    return tag;
}

struct entry_token tag_token_alone(const char *text, uint32_t size)
{
    struct entry_token token = {.word_size = size, .size = size, .step = size};
    token.kind = kind_of(text, &token.word_size);
    return token;
}

struct entry_token tag_token(const char *text, uint32_t size)
{
    const char *end = text + size, *at = memchr(text, ' ', size), *sign = text;
    if (!at)
        at = end;
    while ((sign = memchr(sign, '=', (size_t)(at - sign))) && !is_relation(text, sign, end))
        sign++;
    if (sign)
        at = sign;
    struct entry_token token = {.size = (uint32_t)(at - text)};
    token.step = token.size + (at == end ? 0 : *at == ' ' ? 1 : 2);
    token.word_size = token.size;
    token.kind = kind_of(text, &token.word_size);
    return token;
}

unsigned tag_set(const char *word, uint32_t size)
{
    unsigned set = 0;
    if (!memchr(word, '_', size))
        return TAG_PLAIN;
    for (uint32_t at = 0; at < size;) {
        struct entry_token token = tag_token(word + at, size - at);
        set |= token.kind;
        at += token.step;
    }
    return set;
}

uint32_t tag_strip(char *out, const char *word, uint32_t size)
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < size;) {
        struct entry_token token = tag_token(word + at, size - at);
        uint32_t gap = token.step - token.size;
        memcpy(out + n, word + at, token.word_size);
        memcpy(out + n + token.word_size, word + at + token.size, gap);
        n += token.word_size + gap;
        at += token.step;
    }
    return n;
}
