/* See filter.h. Words may hold NULs, so a regular expression is told where they end. */
#include "filter.h"

#include "code.h"
#include "tag.h"

static int matches(const regex_t *regex, const struct filter_word *word)
{
    regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)word->size};
    int rc = regexec(regex, word->data, 1, &range, REG_STARTEND);
    return rc == REG_ESPACE ? CODE_NOMEM : rc == 0;
}

static void strip(struct filter_word *word, char *scratch)
{
    word->size = tags_strip(scratch, word->data, word->size);
    word->data = scratch;
}

int filter_word(const struct filter *filter, char *scratch, struct filter_word *word)
{
    if (filter->tags && tags_of(word->data, word->size) & ~filter->tags)
        return 0;
    if (filter->strip)
        strip(word, scratch);
    int rc = filter->match ? matches(filter->match, word) : 1;
    if (rc <= 0)
        return rc;
    if (filter_rewrites(filter))
        word->hash = table_hash(word->data, word->size, filter->seed);
    return !filter->words || table_find(filter->words, word->hash, word->data, word->size);
}
