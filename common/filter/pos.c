/* A phrase is a number, with four bits for each of its tokens, so that it is compared at once. */
#include "filter/pos.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "filter/tag.h"

#define BLANKS " \t"
#define TAG_BITS (64 / POS_PHRASE_MAX)

_Static_assert(TAG_N < 1 << TAG_BITS, "a tag needs more bits");

/* The phrase with one more token, its n-th, or the empty one if there are too many. */
static uint64_t phrase_add(uint64_t phrase, unsigned kind, uint32_t n)
{
    return n > POS_PHRASE_MAX ? 0 : phrase << TAG_BITS | (uint64_t)(__builtin_ctz(kind) + 1);
}

/* The tag or boundary, which may be written as a token of its own, or as behind a word. */
static unsigned kind_named(const char *name, size_t size)
{
    if (size > 1 && *name == '_') {
        name++;
        size--;
    }
    if (size > 1 && name[size - 1] == '_')
        size--;
    return tag_named(name, size);
}

/* Whether the text is the word, in small letters, whatever its own case. */
static int says(const char *text, const char *word)
{
    text += strspn(text, BLANKS);
    while (*word && (*text | 0x20) == *word)
        text++, word++;
    return *word == '\0' && text[strspn(text, BLANKS)] == '\0';
}

/* What stands up to a comma or the end, where *at goes: a phrase, or an error of pos_parse. */
static int parse_phrase(const char **at, unsigned *set, uint64_t *phrase, uint32_t *n,
                        const char **name, size_t *size)
{
    *phrase = 0;
    *n = 0;
    *at += strspn(*at, BLANKS);
    do {
        *name = *at;
        *size = strcspn(*at, BLANKS ",");
        unsigned kind = kind_named(*name, *size);
        if (!kind || ++*n > POS_PHRASE_MAX)
            return kind ? POS_LONG : POS_UNKNOWN;
        *set |= kind;
        *phrase = phrase_add(*phrase, kind, *n);
        *at += *size;
        *at += strspn(*at, BLANKS);
    } while (**at && **at != ',');
    return 0;
}

static int parse_phrases(struct pos *pos, const char *text, const char **name, size_t *size)
{
    uint32_t n, longest = 0, n_commas = 0;
    unsigned set = 0;
    int rc;
    for (const char *at = text; *at; at++)
        n_commas += *at == ',';
    pos->phrases = malloc((n_commas + 1) * sizeof *pos->phrases);
    if (!pos->phrases)
        return CODE_NOMEM;
    do {
        rc = parse_phrase(&text, &set, &pos->phrases[pos->n_phrases++], &n, name, size);
        longest = n > longest ? n : longest;
    } while (rc == 0 && *text++ == ',');
    pos->allowed = TAG_TAGS | TAG_BOUNDARIES;
    if (rc == 0 && longest > 1)
        return 0;
    pos_release(pos);
    pos->tags = set & TAG_TAGS;
    pos->boundaries = set & TAG_BOUNDARIES;
    pos->allowed = (pos->tags ? pos->tags : TAG_PLAIN) | TAG_BOUNDARIES;
    return rc;
}

int pos_parse(struct pos *pos, const char *text, const char **name, size_t *size)
{
    *pos = (struct pos){0};
    if (says(text, "all"))
        return 0;
    if (says(text, "untagged"))
        pos->allowed = TAG_PLAIN | TAG_BOUNDARIES;
    else if (says(text, "tagged"))
        pos->allowed = TAG_TAGS | TAG_BOUNDARIES;
    else
        return parse_phrases(pos, text, name, size);
    return 0;
}

void pos_release(struct pos *pos)
{
    free(pos->phrases);
    *pos = (struct pos){0};
}

static int has_phrase(const struct pos *pos, uint64_t phrase)
{
    for (uint32_t i = 0; i < pos->n_phrases; i++)
        if (pos->phrases[i] == phrase)
            return 1;
    return 0;
}

/* Whether its tags are a phrase of pos, with the boundaries or without. It has nothing else. */
static int is_phrase(const struct pos *pos, const char *word, uint32_t size)
{
    uint64_t tags = 0, all = 0;
    uint32_t n_tags = 0, n = 0;
    for (uint32_t at = 0; at < size;) {
        struct entry_token token = tag_token(word + at, size - at);
        all = phrase_add(all, token.kind, ++n);
        if (token.kind & TAG_TAGS)
            tags = phrase_add(tags, token.kind, ++n_tags);
        at += token.step;
    }
    return (n_tags > 0 && n_tags <= POS_PHRASE_MAX && has_phrase(pos, tags)) ||
           (n > 0 && n <= POS_PHRASE_MAX && has_phrase(pos, all));
}

int pos_takes(const struct pos *pos, const char *word, uint32_t size)
{
    if (!pos->allowed)
        return 1;
    unsigned set = tag_set(word, size);
    if ((set & ~pos->allowed) || (pos->tags && !(set & pos->tags)) ||
        (pos->boundaries && !(set & pos->boundaries)))
        return 0;
    return !pos->phrases || is_phrase(pos, word, size);
}
