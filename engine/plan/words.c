/*
 * Words that are asked for make a table before anything is forked. A worker compares with it at
 * once, unless words are folded or lose their tags: then what they become is compared.
 */
#include "plan/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "error.h"
#include "filter/tag.h"
#include "plan/asked.h"
#include "plan/options.h"
#include "plan/plan.h"
#include "runs/gather.h"
#include "text/token.h"
#include "words/entry.h"

/* Whether all that is counted is text, so that words are asked for as they are in it. */
static int is_all_text(const struct plan *plan)
{
    int is_all = plan->inputs.n > 0;
    for (size_t i = 0; i < plan->inputs.n; i++)
        is_all &= plan->inputs.formats[i] == WM_FORMAT_TEXT;
    return !plan->options.map && (is_all || plan->format == WM_FORMAT_TEXT);
}

/* A word as text would have it, in composed. Negative: there is no memory. */
static int compose(const struct plan *plan, char *composed, const char *word, uint32_t *size)
{
    struct token_scratch scratch = {0};
    const struct token token = {word, *size, 0};
    size_t composed_size;
    int rc = token_write(&token, plan->spec.query.composed, &scratch, composed, &composed_size);
    token_scratch_release(&scratch);
    if (rc == 0)
        *size = composed_size < WORD_SIZE_MAX ? (uint32_t)composed_size : WORD_SIZE_MAX;
    return rc;
}

/* Adds a word as it is looked at: folded, if case does not count.
 * Room that is not needed is NULL. */
static int add_asked(struct plan *plan, const char *word, char *composed, char *folded,
                     wm_error *error)
{
    uint32_t size = (uint32_t)strnlen(word, WORD_SIZE_MAX + 1);
    if (size > WORD_SIZE_MAX)
        return error_set_option(error, "words", "a word is longer than %d bytes", WORD_SIZE_MAX);
    if (composed) {
        if (compose(plan, composed, word, &size) < 0)
            return error_memory(error);
        word = composed;
    }
    if (folded) {
        size = filter_fold(folded, word, size);
        word = folded;
    }
    table_add(&plan->words, table_hash(word, size, plan->spec.seed), word, size,
              reduce_none(plan->spec.reduce));
    return 0;
}

static int make_asked(struct plan *plan, wm_error *error)
{
    static const size_t room = FOLD_SIZE_MAX(WORD_SIZE_MAX);
    const wm_options *options = &plan->options;
    size_t size = 8;
    for (size_t i = 0; i < options->n_words; i++)
        size += 4 * entry_stride((uint32_t)strnlen(options->words[i], WORD_SIZE_MAX + 1));
    if (options->n_words > UINT32_MAX / 4)
        return error_set_option(error, "n_words", "too many words are given");
    if (table_init(&plan->words, (uint32_t)options->n_words, size, size) < 0)
        return error_memory(error);
    plan->words.reduce = plan->spec.reduce;
    int is_text = is_all_text(plan), rc = 0;
    char *folded = plan->filter.fold ? malloc(room) : NULL;
    char *composed = is_text ? malloc(TOKEN_ROOM(WORD_SIZE_MAX)) : NULL;
    if ((plan->filter.fold && !folded) || (is_text && !composed))
        rc = error_memory(error);
    for (size_t i = 0; i < options->n_words && rc == 0; i++)
        rc = add_asked(plan, options->words[i], composed, folded, error);
    free(folded);
    free(composed);
    return rc;
}

/* Copies the words asked for to entries, if they are dated with a TAB and an empty year behind. */
static void copy_asked(const struct plan *plan, int is_dated, char *entries, struct gather *gather)
{
    const struct entry *end = table_end(&plan->words);
    for (const struct entry *entry = table_first(&plan->words); entry < end;
         entry = entry_next(entry)) {
        uint32_t size = entry->size + (uint32_t)is_dated;
        struct entry *copy = memset(entries, 0, entry_stride(size));
        memcpy(copy, entry, offsetof(struct entry, key) + entry->size);
        if (is_dated)
            copy->key[entry->size] = '\t';
        entry_set_size(copy, size);
        copy->n_more = plan->spec.n_more & 15;
        for (unsigned i = 0; i < plan->spec.n_more; i++)
            entry_more(copy)[i] = entry->count;
        gather->items[gather->n++] =
            (struct order_item){order_key(plan->spec.run_order, copy), copy};
        entries += entry_bytes(copy);
    }
}

int words_add_run(struct plan *plan, struct run_list *runs, wm_error *error)
{
    struct extent_range extents;
    struct gather gather = {0};
    int is_dated = plan->spec.query.by != NGRAM_BY_WORD;
    /* By year there is no line for a word that is not there, unless words are filled. */
    if (plan->options.n_words == 0 || (is_dated && !plan->spec.fill_step))
        return 0;
    size_t size = plan->words.size + 8 * (1 + (size_t)plan->spec.n_more) * plan->words.n_entries;
    char *entries = malloc(size + SCAN_PADDING);
    if (!entries || gather_reserve(&gather, plan->words.n_entries) < 0) {
        free(entries);
        return error_memory(error);
    }
    copy_asked(plan, is_dated, entries, &gather);
    order_sort(plan->spec.run_order, gather.items, gather.items + gather.capacity, gather.n);
    int rc = arena_take(&plan->arena, run_size_max(size), &extents);
    if (rc == 0)
        run_write(arena_at(&plan->arena, extents.first), gather.items, gather.n);
    gather_release(&gather);
    free(entries);
    if (rc < 0)
        return error_set(error, WM_ELIMIT, "the words do not fit the memory limit");
    return run_list_add(runs, extents) < 0 ? error_memory(error) : 0;
}

/* What o.match says. */
static int take_match(struct plan *plan, wm_error *error)
{
    char words[160];
    int rc = match_compile(&plan->match, plan->options.match, words, sizeof words);
    if (rc == CODE_NOMEM)
        return error_memory(error);
    if (rc != 0)
        return error_set_option(error, "match", "cannot match '%.200s': %s", plan->options.match,
                                words);
    plan->filter.match = &plan->match;
    return 0;
}

static int refuse_tag(const struct plan *plan, int rc, const char *name, size_t size,
                      wm_error *error)
{
    char known[128] = "";
    if (rc == CODE_NOMEM)
        return error_memory(error);
    if (rc == POS_LONG)
        return error_set_option(error, "pos", "a phrase has more than %d tags: '%.64s'",
                                POS_PHRASE_MAX, plan->options.pos);
    for (unsigned i = 0; i < TAG_N; i++)
        strcat(strcat(known, tag_name(i)), i + 1 < TAG_N ? " " : "");
    return error_set_option(
        error, "pos",
        "unknown tag '%.*s': use all, untagged, tagged, or some of %s, with commas "
        "between them, or blanks for a phrase",
        (int)(size < 64 ? size : 64), name, known);
}

/* What o.pos says. Plain entries hold the sum of the tagged ones, so only one kind is stripped. */
static int take_tags(struct plan *plan, wm_error *error)
{
    struct filter *filter = &plan->filter;
    const char *pos = plan->options.pos, *name = NULL;
    size_t size = 0;
    filter->strip = plan->options.strip_pos;
    filter->dated = plan->spec.query.by != NGRAM_BY_WORD;
    if (!pos)
        pos = filter->strip ? "tagged" : "all";
    int rc = pos_parse(&filter->pos, pos, &name, &size);
    return rc == 0 ? 0 : refuse_tag(plan, rc, name, size, error);
}

/* Which words are looked at for words_warn: all that there are, or those that count. */
static enum noted words_noted(const struct plan *plan)
{
    const wm_options *options = &plan->options;
    int is_ranked = options->rank || options->totals ||
                    (options->top > 0 && options_order(options) == ORDER_COUNT);
    if (plan->filter.pos.allowed)
        return plan->spec.words ? NOTED_NONE : NOTED_ALL;
    return is_ranked && !options->pos && !options->map ? NOTED_COUNTED : NOTED_NONE;
}

unsigned words_warn(const struct plan *plan, uint64_t n_entries)
{
    unsigned set = 0;
    for (uint32_t i = 0; i < plan->n_workers; i++)
        set |= atomic_load(&plan->spec.progress->slots[i].tokens);
    int kinds = !!(set & TAG_PLAIN) + !!(set & TAG_TAGS) + !!(set & TAG_PLACEHOLDER);
    /* In running text, snake_case and _this_ are words like any other. */
    if (plan->spec.noted == NOTED_COUNTED && kinds > 1 && n_entries > 0)
        return WM_WARN_MANY_KINDS;
    return plan->spec.noted == NOTED_ALL && set == TAG_PLAIN ? WM_WARN_NO_TAGS : 0;
}

/* If words may count as others, those asked for are looked for afterwards; if they have ranks among
 * all words, at the end. */
static void put_asked(struct plan *plan)
{
    const struct filter *filter = &plan->filter;
    if (plan->options.n_words == 0)
        return;
    if (plan->options.rank) {
        plan->pick = (struct pick){.words = &plan->words,
                                   .dated = filter->dated,
                                   .folded = filter->fold == FOLD_DOMINANT,
                                   .seed = filter->seed};
        plan->spec.pick = &plan->pick;
    } else if (filter_rewrites(filter))
        plan->filter.words = &plan->words;
    else
        plan->spec.words = &plan->words;
}

int words_make(struct plan *plan, wm_error *error)
{
    struct filter *filter = &plan->filter;
    filter->seed = plan->spec.seed;
    filter->fold = (enum fold)plan->options.fold_case;
    int rc = plan->options.n_words > 0 ? make_asked(plan, error) : 0;
    if (rc == 0)
        rc = take_tags(plan, error);
    if (rc == 0 && plan->options.match)
        rc = take_match(plan, error);
    if (rc < 0)
        return rc;
    put_asked(plan);
    plan->spec.run_order = filter->fold == FOLD_DOMINANT ? ORDER_HASH : ORDER_WORD;
    if (filter->pos.allowed || filter->match || filter_rewrites(filter))
        plan->spec.filter = filter;
    plan->spec.noted = words_noted(plan);
    rc = plan->options.n_words > 0 ? asked_warn(plan, is_all_text(plan)) : 0;
    if (rc < 0)
        return error_memory(error);
    plan->warnings |= (unsigned)rc;
    return 0;
}

void words_release(struct plan *plan)
{
    table_release(&plan->words);
    pos_release(&plan->filter.pos);
    match_release(&plan->match);
}
