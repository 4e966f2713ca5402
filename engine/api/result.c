/*
 * A result is the job's shared memory with the sorted runs of the last round in it. It is read
 * where it lies. The bounds of that round's slices say in which runs a word can be. Slices of all
 * runs are merged on the way out.
 */
#include "api/result.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "files/writer.h"
#include "output/format.h"
#include "output/formats.h"
#include "runs/bounds.h"
#include "words/entry.h"

#define SLICE_WORDS 65536
#define FRONT_SIZE 1024 /* bytes of a word that a lookup copies */

uint64_t wm_result_size(const wm_result *result)
{
    return result ? result->final.n_words : 0;
}

const wm_stats *wm_result_stats(const wm_result *result)
{
    return result ? &result->stats : NULL;
}

void wm_result_free(wm_result *result)
{
    if (!result || atomic_fetch_sub(&result->n_cursors, 1) > 0)
        return;
    arena_release(&result->arena);
    final_release(&result->final);
    totals_release(&result->totals);
    free(result);
}

/* A word that is looked up. The stack of a host may be small, so of a long one only the front is
 * made an entry. */
struct wanted {
    const char *word;
    size_t size;
    union {
        struct entry front;
        char memory[sizeof(struct entry) + FRONT_SIZE + 8];
    };
};

static void wanted_init(struct wanted *wanted, const char *word, size_t size)
{
    size_t front_size = size < FRONT_SIZE ? size : FRONT_SIZE;
    wanted->word = word;
    wanted->size = size;
    wanted->front = (struct entry){0};
    entry_set_size(&wanted->front, (uint32_t)front_size);
    if (size > 0)
        memcpy(wanted->front.key, word, front_size);
}

static int wanted_compare(const struct entry *entry, const struct wanted *wanted)
{
    size_t size = entry->size < wanted->size ? entry->size : wanted->size;
    int order = size > 0 ? memcmp(entry->key, wanted->word, size) : 0;
    return order != 0 ? order : (entry->size > wanted->size) - (entry->size < wanted->size);
}

static const struct entry *result_find(const wm_result *result, const struct run *run,
                                       const struct wanted *wanted)
{
    const struct entry *entry = run_first(run), *end = run_end(run);
    int order = 1;
    if (result->order == ORDER_WORD)
        entry = run_lower_bound(run, ORDER_WORD, &wanted->front);
    for (; entry < end; entry = entry_next(entry)) {
        order = wanted_compare(entry, wanted);
        if (order == 0 || (order > 0 && result->order == ORDER_WORD))
            break;
    }
    return entry < end && order == 0 ? entry : NULL;
}

/* The slice of the last round that the word is in. */
static uint32_t slice_of(const wm_result *result, const struct entry *word)
{
    uint32_t low = 0, high = result->final.n_slices - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (order_compare(ORDER_WORD, result->final.cuts[middle], word) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

unsigned wm_result_n_values(const wm_result *result)
{
    return result ? 1 + result->columns.n_more : 0;
}

const char *wm_result_value_name(const wm_result *result, unsigned i)
{
    const struct columns *columns = result ? &result->columns : NULL;
    if (!columns || i > columns->n_more)
        return NULL;
    return columns->n_more > 0 ? columns->names[i] : "count";
}

const char *wm_result_period_name(const wm_result *result)
{
    return result ? result->columns.period : NULL;
}

/* NULL: it is not there. */
static const struct entry *find_word(const wm_result *result, const char *word, size_t size)
{
    if (result->final.n_runs == 0 || size > KEY_SIZE_MAX)
        return NULL;
    struct wanted wanted;
    wanted_init(&wanted, word, size);
    uint32_t i = 0, end = result->final.n_runs;
    if (result->final.starts) {
        uint32_t slice = slice_of(result, &wanted.front);
        i = result->final.starts[slice];
        /* All words with a long front may be in this slice or in those behind it. */
        if (size <= FRONT_SIZE)
            end = result->final.starts[slice + 1];
    }
    const struct entry *entry = NULL;
    for (; i < end && !entry; i++)
        entry = result_find(result, result->final.runs[i], &wanted);
    if (!entry ||
        (result->final.upper && order_compare(result->order, entry, result->final.upper) >= 0))
        return NULL;
    return entry;
}

int wm_result_get(const wm_result *result, const char *word, size_t size, uint64_t *count)
{
    if (!result || (!word && size > 0) || !count)
        return WM_EINVAL;
    const struct entry *entry = find_word(result, word, size);
    if (entry)
        *count = entry->count;
    return entry != NULL;
}

int wm_result_get_values(const wm_result *result, const char *word, size_t size, uint64_t *counts)
{
    if (!result || (!word && size > 0) || !counts)
        return WM_EINVAL;
    const struct entry *entry = find_word(result, word, size);
    if (entry)
        entry_counts(entry, counts);
    return entry != NULL;
}

/* Calls fn for every entry in order; stops at what is not 0 and returns it. */
static int result_each(const wm_result *result, int (*fn)(const struct entry *entry, void *user),
                       void *user)
{
    size_t n_slices = result->final.n_words / SLICE_WORDS + 1;
    const struct entry **bounds = calloc(n_slices, sizeof *bounds);
    struct gather gather = {.arena = &result->arena};
    int rc = bounds ? 0 : WM_ENOMEM;
    if (rc == 0 && result->final.n_runs == 0)
        n_slices = 0;
    else if (rc == 0)
        rc = bounds_cut(&result->arena, result->order, result->final.runs, result->final.n_runs,
                        result->final.upper, n_slices, bounds);
    for (size_t i = 0; i < n_slices && rc == 0; i++) {
        rc = gather_runs(&gather, result->order, result->final.runs, result->final.n_runs,
                         i > 0 ? bounds[i - 1] : NULL,
                         i + 1 < n_slices ? bounds[i] : result->final.upper);
        for (size_t j = 0; j < gather.n && rc == 0; j++)
            rc = fn(gather.items[j].entry, user);
    }
    gather_release(&gather);
    free(bounds);
    return rc;
}

struct visit {
    int (*fn)(const char *word, size_t size, uint64_t count, void *user);
    void *user;
};

static int visit_entry(const struct entry *entry, void *user)
{
    const struct visit *visit = user;
    return visit->fn(entry->key, entry->size, entry->count, visit->user);
}

int wm_result_each(const wm_result *result,
                   int (*fn)(const char *word, size_t size, uint64_t count, void *user), void *user)
{
    if (!result || !fn)
        return WM_EINVAL;
    struct visit visit = {fn, user};
    return result_each(result, visit_entry, &visit);
}

struct visit_values {
    int (*fn)(const char *word, size_t size, const uint64_t *counts, void *user);
    void *user;
};

static int visit_counts(const struct entry *entry, void *user)
{
    const struct visit_values *visit = user;
    uint64_t counts[1 + ENTRY_MORE_MAX];
    entry_counts(entry, counts);
    return visit->fn(entry->key, entry->size, counts, visit->user);
}

int wm_result_each_values(const wm_result *result,
                          int (*fn)(const char *word, size_t size, const uint64_t *counts,
                                    void *user),
                          void *user)
{
    if (!result || !fn)
        return WM_EINVAL;
    struct visit_values visit = {fn, user};
    return result_each(result, visit_counts, &visit);
}

static int write_entry(const struct entry *entry, void *user)
{
    return writer_add(user, entry);
}

int wm_result_write(const wm_result *result, enum wm_output format, int fd, wm_error *error)
{
    if (!result)
        return error_null(error, "the result");
    const struct output_format *output = output_format_at(format);
    if (!output)
        return error_set(error, WM_EINVAL, "an output format that is not known");
    if (output->is_table && (result->order != ORDER_WORD || result->columns.which))
        return error_set(error, WM_EINVAL, "a table is in the order of words, with counts alone");
    struct writer writer;
    int rc = writer_open(&writer, output, &result->columns, fd, error);
    if (rc == 0)
        rc = writer_head(&writer);
    if (rc == 0)
        rc = result_each(result, write_entry, &writer);
    if (rc == WM_ENOMEM)
        error_memory(error);
    if (rc == 0)
        rc = writer_end(&writer);
    writer_release(&writer);
    return rc;
}
