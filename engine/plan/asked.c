/*
 * A word is asked for as it counts. So it must pass what an entry has to pass: its tags are those
 * chosen, it matches, and text can be cut to it.
 */
#include "plan/asked.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "filter/tag.h"
#include "plan/plan.h"
#include "text/token.h"
#include "words/entry.h"

/* Whether text is cut to this: a sequence of tokens with one blank between, as long as those that
 * are counted. room takes the word and SCAN_PADDING bytes. */
static int is_sequence(const struct ngram_query *query, const struct entry *word, char *room)
{
    uint64_t n_invalid = 0;
    unsigned n = 0;
    struct token token;
    memcpy(room, word->key, word->size);
    memset(room + word->size, 0, SCAN_PADDING);
    const char *at = room, *end = room + word->size, *behind = room;
    for (; token_next(query->tokens, &at, end, &token, &n_invalid); n++) {
        if (n > 0 && *behind++ != ' ')
            return 0;
        if (token.data != behind)
            return 0;
        behind = token.data + token.size;
    }
    return behind == end && n >= query->n_least && n <= query->n_most;
}

/* The warnings of one word; negative: a CODE. What would take too long to match may match. */
static int warn_word(const struct plan *plan, struct matcher *matcher, const struct entry *word)
{
    const struct filter *filter = &plan->filter;
    int rc = filter->match ? match_word(filter->match, matcher, word->key, word->size) : 1;
    if (rc == CODE_NOMEM)
        return rc;
    int set = rc == 0 ? WM_WARN_WORD_MATCH : 0;
    if (filter->strip && (tag_set(word->key, word->size) & TAG_TAGS))
        set |= WM_WARN_WORD_STRIPPED;
    else if (!filter->strip && filter->pos.allowed &&
             !pos_takes(&filter->pos, word->key, word->size))
        set |= WM_WARN_WORD_POS;
    return set;
}

int asked_warn(const struct plan *plan, int is_text)
{
    struct matcher matcher = {0};
    char *room = malloc(WORD_SIZE_MAX + SCAN_PADDING);
    int set = room ? 0 : CODE_NOMEM;
    if (set == 0 && plan->filter.match)
        set = matcher_init(&matcher);
    const struct entry *end = table_end(&plan->words);
    for (const struct entry *word = table_first(&plan->words); word < end && set >= 0;
         word = entry_next(word)) {
        int of_word = warn_word(plan, &matcher, word);
        set = of_word < 0 ? of_word : set | of_word;
        if (set >= 0 && is_text && !is_sequence(&plan->spec.query, word, room))
            set |= WM_WARN_WORD_TOKENS;
    }
    matcher_release(&matcher);
    free(room);
    return set;
}
