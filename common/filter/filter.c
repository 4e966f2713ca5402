/* Words may hold NULs, so a regular expression is told where they end. */
#include "filter/filter.h"

#include <string.h>

#include "base/code.h"
#include "filter/tag.h"
#include "words/entry.h"

#define HASH_BITS (~(UINT64_MAX >> FILTER_HASH_BITS))

static int matches(const regex_t *regex, const char *word, uint32_t size)
{
    regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)size};
    int rc = regexec(regex, word, 1, &range, REG_STARTEND);
    return rc == REG_ESPACE ? CODE_NOMEM : rc == 0;
}

/* Whether the word, in lower case if that is how it is looked at, is wanted. */
static int is_wanted(const struct filter *filter, const char *word, uint32_t size, uint64_t hash)
{
    int rc = filter->match ? matches(filter->match, word, size) : 1;
    if (rc > 0 && filter->words)
        rc = table_find(filter->words, hash, word, size) != NULL;
    return rc;
}

uint32_t filter_fold(char *out, const char *word, uint32_t size)
{
    uint32_t folded_size = fold_case(out, word, size);
    if (folded_size <= WORD_SIZE_MAX)
        return folded_size;
    memcpy(out, word, size);
    return size;
}

/* The word is spelled as it is, and looked at folded; its tail has tail_size bytes. */
static int rewrite(const struct filter *filter, char *scratch, struct filter_word *word,
                   uint32_t tail_size)
{
    char *data = scratch, *folded = scratch;
    const char *tail = word->data + word->size - tail_size;
    uint32_t size = word->size - tail_size;
    if (filter->strip)
        size = tags_strip(data, word->data, size);
    else
        memcpy(data, word->data, size);
    uint32_t folded_size = size;
    if (filter->fold) {
        folded = scratch + KEY_SIZE_MAX;
        folded_size = filter_fold(folded, data, size);
    }
    uint64_t hash = table_hash(folded, folded_size, filter->seed);
    int rc = is_wanted(filter, folded, folded_size, hash);
    if (rc <= 0)
        return rc;
    if (filter->fold == FOLD_LOWER) {
        data = folded;
        size = folded_size;
    }
    memcpy(data + size, tail, tail_size);
    *word = (struct filter_word){data, size + tail_size, hash};
    if (tail_size > 0 || filter->fold == FOLD_DOMINANT)
        word->hash = table_hash(data, word->size, filter->seed);
    if (filter->fold == FOLD_DOMINANT)
        word->hash = (hash & HASH_BITS) | (word->hash & ~HASH_BITS);
    return 1;
}

int filter_word(const struct filter *filter, char *scratch, struct filter_word *word)
{
    const char *tail = filter->dated ? memrchr(word->data, '\t', word->size) : NULL;
    uint32_t size = tail ? (uint32_t)(tail - word->data) : word->size;
    if (filter->tags && tags_of(word->data, size) & ~filter->tags)
        return 0;
    if (filter_rewrites(filter))
        return rewrite(filter, scratch, word, word->size - size);
    return is_wanted(filter, word->data, size, word->hash);
}
