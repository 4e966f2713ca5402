/*
 * The cheap questions come first, and what has to be written anew is written into the scratch
 * memory of the task. Nothing here is done for a line, all for a word.
 */
#include "filter/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "filter/tag.h"
#include "words/entry.h"

#define HASH_BITS (~(UINT64_MAX >> FILTER_HASH_BITS))

int filter_scratch_init(struct filter_scratch *scratch, const struct filter *filter)
{
    *scratch = (struct filter_scratch){0};
    int rc = filter->match ? matcher_init(&scratch->matcher) : 0;
    if (rc == 0 && filter_rewrites(filter)) {
        scratch->text = malloc(FILTER_TEXT_SIZE);
        rc = scratch->text ? 0 : CODE_NOMEM;
    }
    if (rc < 0)
        filter_scratch_release(scratch);
    return rc;
}

void filter_scratch_release(struct filter_scratch *scratch)
{
    free(scratch->text);
    matcher_release(&scratch->matcher);
    *scratch = (struct filter_scratch){0};
}

/* Whether the word, folded if that is how it is looked at, is wanted. */
static int is_wanted(const struct filter *filter, struct filter_scratch *scratch, const char *word,
                     uint32_t size)
{
    int rc = filter->match ? match_word(filter->match, &scratch->matcher, word, size) : 1;
    if (rc > 0 && filter->words)
        rc = table_find(filter->words, table_hash(word, size, filter->seed), word, size) != NULL;
    return rc;
}

/* Tags keep their case, and so do tokens that are no words. How much of the token is folded. */
static uint32_t folded_of(const struct entry_token *token)
{
    return token->kind & (TAG_PLAIN | TAG_TAGS) ? token->word_size : 0;
}

/* Folds a word of ASCII, of which looks says what is in it, where it stands. */
static void fold_in_place(char *word, uint32_t size, unsigned looks)
{
    if (!(looks & FOLD_UNDERSCORE)) {
        fold_case_ascii(word, size);
        return;
    }
    for (uint32_t at = 0; at < size;) {
        struct entry_token token =
            looks & FOLD_SEVERAL ? tag_token(word + at, size - at) : tag_token_alone(word, size);
        fold_case_ascii(word + at, folded_of(&token));
        at += token.step;
    }
}

static uint32_t fold_tokens(char *out, const char *word, uint32_t size)
{
    uint32_t n = 0;
    memcpy(out, word, size);
    unsigned looks = fold_look(out, size);
    if (!(looks & FOLD_OTHER)) {
        fold_in_place(out, size, looks);
        return size;
    }
    if (!memchr(word, '_', size))
        return fold_case(out, word, size);
    for (uint32_t at = 0; at < size;) {
        struct entry_token token = tag_token(word + at, size - at);
        uint32_t folded = folded_of(&token);
        n += fold_case(out + n, word + at, folded);
        memcpy(out + n, word + at + folded, token.step - folded);
        n += token.step - folded;
        at += token.step;
    }
    return n;
}

uint32_t filter_fold(char *out, const char *word, uint32_t size)
{
    uint32_t folded_size = fold_tokens(out, word, size);
    if (folded_size <= WORD_SIZE_MAX)
        return folded_size;
    memcpy(out, word, size);
    return size;
}

/* All spellings of a word have its first bits, and each its own others. */
static uint64_t hash_spelling(const struct filter *filter, const struct filter_word *word,
                              const char *folded, uint32_t folded_size)
{
    uint64_t first = table_hash(folded, folded_size, filter->seed) & HASH_BITS;
    return first | (table_hash(word->data, word->size, filter->seed) & ~HASH_BITS);
}

/* The word is spelled as it is, and looked at folded; its tail has tail_size bytes. */
static int rewrite(const struct filter *filter, struct filter_scratch *scratch,
                   struct filter_word *word, uint32_t tail_size)
{
    char *text = scratch->text;
    const char *own = word->data, *tail = own + word->size - tail_size;
    uint32_t size = word->size - tail_size;
    if (filter->strip) {
        size = tag_strip(text, own, size);
        own = text;
    }
    const char *folded = own;
    uint32_t folded_size = size;
    if (filter->fold) {
        folded_size = filter_fold(text + KEY_SIZE_MAX, own, size);
        folded = text + KEY_SIZE_MAX;
    }
    int rc = is_wanted(filter, scratch, folded, folded_size);
    if (rc <= 0)
        return rc;
    if (filter->fold == FOLD_LOWER) {
        own = folded;
        size = folded_size;
    }
    if (own != word->data) {
        if (tail_size > 0)
            memcpy(text + (own - text) + size, tail, tail_size);
        word->data = own;
        word->size = size + tail_size;
    }
    if (filter->fold == FOLD_DOMINANT)
        word->hash = hash_spelling(filter, word, folded, folded_size);
    else if (word->hash != 0)
        word->hash = table_hash(own, word->size, filter->seed);
    return 1;
}

int filter_word(const struct filter *filter, struct filter_scratch *scratch,
                struct filter_word *word)
{
    const char *tail = filter->dated ? memrchr(word->data, '\t', word->size) : NULL;
    uint32_t size = tail ? (uint32_t)(tail - word->data) : word->size;
    if (filter->pos.allowed && !pos_takes(&filter->pos, word->data, size))
        return 0;
    if (filter_rewrites(filter))
        return rewrite(filter, scratch, word, word->size - size);
    return is_wanted(filter, scratch, word->data, size);
}

int filter_in_place(const struct filter *filter, char *word, uint32_t size)
{
    if (filter->fold != FOLD_LOWER || filter->strip || filter->match || filter->words ||
        filter->dated)
        return FILTER_ASK;
    unsigned looks = fold_look(word, size);
    if (looks & FOLD_OTHER)
        return FILTER_ASK;
    if (filter->pos.allowed && !pos_takes(&filter->pos, word, size))
        return 0;
    fold_in_place(word, size, looks);
    return 1;
}
