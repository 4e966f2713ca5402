/* A word without an underscore, as most are, has no tag. */
#include "filter/tag.h"

#include <string.h>

static const struct {
    const char *name;
    int alone; /* only as a token of its own */
} tags[] = {{"NOUN", 0}, {"VERB", 0}, {"ADJ", 0},   {"ADV", 0},  {"PRON", 0},
            {"DET", 0},  {"ADP", 0},  {"NUM", 0},   {"CONJ", 0}, {"PRT", 0},
            {"X", 0},    {".", 0},    {"START", 1}, {"END", 1},  {"ROOT", 1}};

unsigned tag_named(const char *name, size_t size)
{
    for (unsigned i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strlen(tags[i].name) == size && memcmp(tags[i].name, name, size) == 0)
            return 1u << i;
    return 0;
}

/* The tag of a token, or 0; *size becomes that of the token without it. */
static unsigned token_tag(const char *token, size_t *size)
{
    const char *last = memrchr(token, '_', *size);
    if (!last)
        return 0;
    const char *end = token + *size;
    if (last + 1 == end && token[0] == '_' && *size > 2)
        return tag_named(token + 1, *size - 2);
    unsigned tag = tag_named(last + 1, (size_t)(end - last - 1));
    if (last == token || tag == 0 || tags[__builtin_ctz(tag)].alone)
        return 0;
    *size = (size_t)(last - token);
    return tag;
}

static const char *token_end(const char *at, const char *end)
{
    while (at < end && *at != ' ' && !(*at == '=' && at + 1 < end && at[1] == '>'))
        at++;
    return at;
}

static const char *separator_end(const char *at, const char *end)
{
    if (at == end)
        return at;
    return at + (*at == ' ' ? 1 : 2);
}

unsigned tags_of(const char *word, uint32_t size)
{
    const char *end = word + size;
    unsigned set = 0;
    if (!memchr(word, '_', size))
        return TAGS_UNTAGGED;
    for (const char *at = word; at < end;) {
        const char *next = token_end(at, end);
        size_t token_size = (size_t)(next - at);
        set |= token_tag(at, &token_size);
        at = separator_end(next, end);
    }
    return set ? set : TAGS_UNTAGGED;
}

uint32_t tags_strip(char *out, const char *word, uint32_t size)
{
    const char *end = word + size;
    char *to = out;
    for (const char *at = word; at < end;) {
        const char *token_stop = token_end(at, end), *next = separator_end(token_stop, end);
        size_t token_size = (size_t)(token_stop - at);
        token_tag(at, &token_size);
        memcpy(to, at, token_size);
        to += token_size;
        memcpy(to, token_stop, (size_t)(next - token_stop));
        to += next - token_stop;
        at = next;
    }
    return (uint32_t)(to - out);
}
