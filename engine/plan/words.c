/* See words.h. */
#include "plan/words.h"

#include <ctype.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "filter/tag.h"
#include "filter/tag.h"
#include "plan/plan.h"
#include "runs/gather.h"
#include "words/entry.h"

/* Words are asked for as they are looked at: in lower case, if case does not count. */
static int make_asked(struct plan *plan, wm_error *error)
{
    static const size_t room = FOLD_SIZE_MAX(WORD_SIZE_MAX);
    const wm_options *options = &plan->options;
    size_t size = 8;
    for (size_t i = 0; i < options->n_words; i++)
        size += 2 * entry_stride((uint32_t)strnlen(options->words[i], WORD_SIZE_MAX + 1));
    if (options->n_words > UINT32_MAX / 4)
        return error_set(error, WM_EINVAL, "too many words are given");
    if (table_init(&plan->words, (uint32_t)options->n_words, size, size) < 0)
        return error_memory(error);
    char *folded = plan->filter.fold ? malloc(room) : NULL;
    if (plan->filter.fold && !folded)
        return error_memory(error);
    int rc = 0;
    /* What a combination of nothing is. */
    uint64_t none = plan->spec.reduce == REDUCE_MIN ? UINT64_MAX : 0;
    plan->words.reduce = plan->spec.reduce;
    for (size_t i = 0; i < options->n_words && rc == 0; i++) {
        const char *word = options->words[i];
        uint32_t word_size = (uint32_t)strnlen(word, WORD_SIZE_MAX + 1);
        if (word_size > WORD_SIZE_MAX) {
            rc = error_set(error, WM_EINVAL, "a word is longer than %d bytes", WORD_SIZE_MAX);
            break;
        }
        if (folded) {
            word_size = filter_fold(folded, word, word_size);
            word = folded;
        }
        uint64_t hash = table_hash(word, word_size, plan->spec.seed);
        table_add(&plan->words, hash, word, word_size, none);
    }
    free(folded);
    return rc;
}

int words_add_run(struct plan *plan, struct run_list *runs, wm_error *error)
{
    struct extent_range extents;
    struct gather gather = {0};
    /* By year there is no line for a word that is not there. */
    if (plan->options.n_words == 0 || plan->spec.query.by != NGRAM_BY_WORD)
        return 0;
    if (gather_reserve(&gather, plan->words.n_entries) < 0)
        return error_memory(error);
    const struct entry *end = table_end(&plan->words);
    for (const struct entry *entry = table_first(&plan->words); entry < end;
         entry = entry_next(entry))
        gather.items[gather.n++] =
            (struct order_item){order_key(plan->spec.run_order, entry), entry};
    order_sort(plan->spec.run_order, gather.items, gather.items + gather.capacity, gather.n);
    int rc = arena_take(&plan->arena, run_size_max(plan->words.size), &extents);
    if (rc == 0)
        run_write(arena_at(&plan->arena, extents.first), gather.items, gather.n);
    gather_release(&gather);
    if (rc < 0)
        return error_set(error, WM_ELIMIT, "the words do not fit the memory limit");
    return run_list_add(runs, extents) < 0 ? error_memory(error) : 0;
}

/* In the C locale, for this thread and this call, whatever the host's is: words are bytes. */
static int compile(struct plan *plan, wm_error *error)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return error_memory(error);
    locale_t before = uselocale(c);
    int rc = regcomp(&plan->match, plan->options.match, REG_EXTENDED | REG_NOSUB);
    char words[128];
    if (rc != 0)
        regerror(rc, &plan->match, words, sizeof words);
    uselocale(before);
    freelocale(c);
    if (rc == REG_ESPACE)
        return error_memory(error);
    if (rc != 0) {
        words[0] = (char)tolower((unsigned char)words[0]);
        return error_set(error, WM_EINVAL, "cannot match '%s': %s", plan->options.match, words);
    }
    plan->filter.match = &plan->match;
    return 0;
}

/* What o.pos says. */
static int take_tags(struct plan *plan, wm_error *error)
{
    struct filter *filter = &plan->filter;
    const char *pos = plan->options.pos;
    filter->strip = plan->options.strip_pos;
    filter->dated = plan->spec.query.by != NGRAM_BY_WORD;
    if (!pos)
        filter->tags = filter->strip ? TAGS_TAGGED : 0;
    else if (strcmp(pos, "untagged") == 0)
        filter->tags = TAGS_UNTAGGED;
    else if (strcmp(pos, "tagged") == 0)
        filter->tags = TAGS_TAGGED;
    if (!pos || filter->tags || strcmp(pos, "all") == 0)
        return 0;
    const char *name = pos;
    do {
        size_t size = strcspn(name, ",");
        unsigned tag = tag_named(name, size);
        if (!tag)
            return error_set(error, WM_EINVAL,
                             "unknown tag '%.*s': use all, untagged, tagged, or some of NOUN VERB "
                             "ADJ ADV PRON DET ADP NUM CONJ PRT X . with commas between them",
                             (int)(size < 64 ? size : 64), name);
        filter->tags |= tag;
        name += size;
    } while (*name++ == ',');
    return 0;
}

/* If words may count as others, those asked for are looked for afterwards. */
static void put_asked(struct plan *plan)
{
    if (plan->options.n_words == 0)
        return;
    if (filter_rewrites(&plan->filter))
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
        rc = compile(plan, error);
    if (rc < 0)
        return rc;
    put_asked(plan);
    plan->spec.run_order = filter->fold == FOLD_DOMINANT ? ORDER_HASH : ORDER_WORD;
    if (filter->tags || filter->match || filter_rewrites(filter))
        plan->spec.filter = filter;
    return 0;
}

void words_release(struct plan *plan)
{
    table_release(&plan->words);
    if (plan->filter.match)
        regfree(&plan->match);
}
