/*
 * What an entry of the Ngram files is made of: tokens, with one blank between them. A token is
 *
 *     plain         burnt        also W_hat, AFFECTS_, SC_CLOSE, 9_, A_
 *     tagged        burnt_VERB   a tag behind the last underscore, and something before that
 *     a placeholder _VERB_       any word with that tag
 *     a boundary    _START_      or _END_, _ROOT_: of a sentence, no word
 *
 * In a relation, head=>modifier, there are two. The tags are those of tag_name, 0 to 11.
 */
#ifndef COMMON_FILTER_TAG_H
#define COMMON_FILTER_TAG_H

#include <stddef.h>
#include <stdint.h>

/* Sets of what tokens are: a bit for each tag of a tagged one, and for each boundary. */
#define TAG_TAGS ((1u << 12) - 1)
#define TAG_BOUNDARIES (7u << 12)
#define TAG_PLAIN (1u << 15)
#define TAG_PLACEHOLDER (1u << 16)

struct entry_token {
    uint32_t word_size; /* without its tag; of a placeholder or a boundary all of it */
    uint32_t size;      /* with its tag */
    uint32_t step;      /* to the next token, or to the end */
    unsigned kind;      /* a set of one */
};

/* Bit and name of tags and boundaries, 0 to 14; the name has no underscores around it. */
#define TAG_N 15
const char *tag_name(unsigned i);

/* The set of the one tag or boundary with this name, in any case; 0: there is none. */
unsigned tag_named(const char *name, size_t size);

/* The first token of a text that is not empty. */
struct entry_token tag_token(const char *text, uint32_t size);

/* The same of a text that is one token: no blank is in it, and no equals sign. */
struct entry_token tag_token_alone(const char *text, uint32_t size);

/* What the tokens of the word are. One without an underscore is plain, the empty one too. */
unsigned tag_set(const char *word, uint32_t size);

/* Copies the word without the tags of its tagged tokens. Returns its size. */
uint32_t tag_strip(char *out, const char *word, uint32_t size);

#endif
