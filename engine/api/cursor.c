/*
 * A result lies in sorted runs, which are cut into slices by bounds from a sample, as they are when
 * it is written. A slice is gathered and sorted when its first word is wanted. For another order
 * all words are gathered and sorted. A table is read block by block into entries, so that both are
 * the same from there on.
 */
#include "api/cursor.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "error.h"

#define SLICE_WORDS 65536
#define TABLE_SLICE_WORDS 8192
#define BLOCK_WORDS 65536       /* if the caller has no wish */
#define BLOCK_BYTES (16u << 20) /* of these */
#define PADDING 8               /* bytes that are read behind an entry */

void wm_selection_init_size(wm_selection *selection, size_t size)
{
    if (!selection || size < sizeof selection->size)
        return;
    memset(selection, 0, size);
    selection->size = size;
}

static struct entry *entry_new(const char *word, size_t size)
{
    struct entry *entry = calloc(1, entry_stride((uint32_t)size) + PADDING);
    if (!entry)
        return NULL;
    entry_set_size(entry, (uint32_t)size);
    memcpy(entry->key, word, size);
    return entry;
}

/* The bounds of the words that start with the prefix: the prefix itself, and the first word behind
 * all of them. There is none if all bytes of the prefix are the highest. 0 or WM_ENOMEM. */
static int bound_prefix(struct wm_cursor *cursor)
{
    size_t size = cursor->prefix_size;
    cursor->lower = entry_new(cursor->prefix, size);
    if (!cursor->lower)
        return WM_ENOMEM;
    while (size > 0 && cursor->prefix[size - 1] == (char)0xFF)
        size--;
    if (size == 0)
        return 0;
    cursor->upper = entry_new(cursor->prefix, size);
    if (!cursor->upper)
        return WM_ENOMEM;
    cursor->upper->key[size - 1]++;
    return 0;
}

/* Words in the bounds, and some more. */
static uint64_t count_about(const struct wm_cursor *cursor)
{
    const struct final *final = &cursor->result->final;
    uint64_t n = 0;
    if (!cursor->lower)
        return final->n_words;
    for (uint32_t i = 0; i < final->n_runs; i++) {
        const struct run *run = final->runs[i];
        uint64_t from = run_fence_bound(run, cursor->order, cursor->lower);
        uint64_t to =
            cursor->end ? run_fence_bound(run, cursor->order, cursor->end) : run->n_fences;
        n += (to - from + 1) * FENCE_STEP;
    }
    arena_forget(&cursor->result->arena);
    return n;
}

/* 0 or WM_ENOMEM. */
static int cut_result(struct wm_cursor *cursor)
{
    const struct final *final = &cursor->result->final;
    cursor->end = final->upper;
    if (cursor->upper &&
        (!cursor->end || order_compare(ORDER_WORD, cursor->upper, cursor->end) < 0))
        cursor->end = cursor->upper;
    cursor->n_slices = final->n_runs > 0;
    if (final->n_runs == 0 || count_about(cursor) <= SLICE_WORDS)
        return 0;
    size_t n = final->n_words / SLICE_WORDS + 1, n_before = 0;
    cursor->bounds = calloc(n, sizeof *cursor->bounds);
    if (!cursor->bounds || bounds_cut(&cursor->result->arena, cursor->order, final->runs,
                                      final->n_runs, cursor->end, n, cursor->bounds) < 0)
        return WM_ENOMEM;
    while (cursor->lower && n_before < n - 1 &&
           order_compare(cursor->order, cursor->bounds[n_before], cursor->lower) <= 0)
        n_before++;
    cursor->n_slices = n - n_before;
    memmove(cursor->bounds, cursor->bounds + n_before,
            (cursor->n_slices - 1) * sizeof *cursor->bounds);
    return 0;
}

static int has_prefix(const struct wm_cursor *cursor, const char *word, size_t size)
{
    return size >= cursor->prefix_size &&
           (cursor->prefix_size == 0 || memcmp(word, cursor->prefix, cursor->prefix_size) == 0);
}

static void sort_items(struct wm_cursor *cursor)
{
    struct gather *gather = &cursor->gather;
    order_sort(cursor->order, gather->items, gather->items + gather->capacity, gather->n);
}

/* All words of the result. They stay where they lie, those of the spill file too. */
static int sort_result(struct wm_cursor *cursor)
{
    const struct wm_result *result = cursor->result;
    const struct final *final = &result->final;
    uint64_t n_entries = 0;
    size_t mapped = 0;
    for (uint32_t i = 0; i < final->n_runs; i++)
        n_entries += final->runs[i]->n_entries;
    if (n_entries >= SIZE_MAX / 64 || gather_reserve(&cursor->gather, n_entries) < 0)
        return WM_ENOMEM;
    struct order_item *item = cursor->gather.items;
    for (uint32_t i = 0; i < final->n_runs; i++) {
        const struct run *run = final->runs[i];
        const struct entry *end =
            final->upper ? run_lower_bound(run, result->order, final->upper) : run_end(run);
        arena_will_read(&result->arena, run, run->size);
        for (const struct entry *at = run_first(run); at < end; at = entry_next(at))
            if (has_prefix(cursor, at->key, at->size))
                *item++ = (struct order_item){order_key(cursor->order, at), at};
        if (arena_holds_spilled(&result->arena, run))
            arena_note_read(&result->arena, &mapped, run->size);
    }
    cursor->gather.n = (size_t)(item - cursor->gather.items);
    sort_items(cursor);
    return 0;
}

static int gather_result(struct wm_cursor *cursor)
{
    const struct final *final = &cursor->result->final;
    size_t last = cursor->n_slices - 1;
    size_t i = cursor->is_reversed ? last - cursor->n_fetched : cursor->n_fetched;
    return gather_runs(&cursor->gather, cursor->order, final->runs, final->n_runs,
                       i > 0 ? cursor->bounds[i - 1] : cursor->lower,
                       i < last ? cursor->bounds[i] : cursor->end);
}

/* Copies the word of the table that the cursor is at. 0 or WM_ENOMEM. */
static int add_entry(struct wm_cursor *cursor)
{
    const struct wmt_cursor *word = &cursor->place.word;
    size_t stride = entry_stride(word->size), n_more = word->n_counts - 1;
    size_t size = stride + n_more * sizeof *word->counts;
    char *entries =
        grow(cursor->entries, &cursor->entries_capacity, cursor->entries_size + size + PADDING, 1);
    if (!entries)
        return WM_ENOMEM;
    cursor->entries = entries;
    struct entry *entry = (struct entry *)(void *)(entries + cursor->entries_size);
    memset((char *)entry + stride - 8, 0, 8); /* behind the word */
    *entry = (struct entry){.count = word->counts[0], .n_more = n_more & 15};
    entry_set_size(entry, word->size);
    memcpy(entry->key, word->word, word->size);
    memcpy(entry_more(entry), word->counts + 1, n_more * sizeof *word->counts);
    cursor->entries_size += size;
    return 0;
}

/* Some words of the table, or all of them. */
static int read_table(struct wm_cursor *cursor, wm_error *error)
{
    size_t n = 0, n_most = cursor->is_sorted ? SIZE_MAX : TABLE_SLICE_WORDS;
    cursor->entries_size = 0;
    for (; n < n_most && cursor->at_word; n++) {
        if (!has_prefix(cursor, cursor->place.word.word, cursor->place.word.size)) {
            cursor->at_word = 0;
            break;
        }
        if (add_entry(cursor) < 0)
            return error_memory(error);
        cursor->at_word = table_next(cursor->table, &cursor->place, error);
        if (cursor->at_word < 0)
            return cursor->at_word;
    }
    if (gather_reserve(&cursor->gather, n) < 0)
        return error_memory(error);
    const char *at = cursor->entries;
    for (size_t i = 0; i < n; i++) {
        const struct entry *entry = (const struct entry *)(const void *)at;
        at += entry_bytes(entry);
        cursor->gather.items[i] = (struct order_item){order_key(cursor->order, entry), entry};
    }
    cursor->gather.n = n;
    if (cursor->order != ORDER_WORD)
        sort_items(cursor);
    return 0;
}

static int fetch(struct wm_cursor *cursor, wm_error *error)
{
    int rc = 0;
    if (cursor->table)
        rc = read_table(cursor, error);
    else if ((cursor->is_sorted ? sort_result(cursor) : gather_result(cursor)) < 0)
        rc = error_memory(error);
    if (rc < 0)
        return rc;
    cursor->n_taken = 0;
    cursor->n_fetched++;
    return 0;
}

static int is_at_end(const struct wm_cursor *cursor)
{
    if (cursor->table)
        return !cursor->at_word;
    return cursor->n_fetched == cursor->n_slices;
}

/* Has words at hand. How many; 0: there are no more; or a WM_E code. */
static int64_t load(struct wm_cursor *cursor, wm_error *error)
{
    while (cursor->n_left > 0 && cursor->n_taken == cursor->gather.n) {
        if (cursor->at_word < 0)
            return error_set(error, cursor->at_word, "%s", wm_strerror(cursor->at_word));
        if (is_at_end(cursor))
            return 0;
        int rc = fetch(cursor, error);
        if (rc < 0)
            return rc;
    }
    size_t n = cursor->gather.n - cursor->n_taken;
    return (int64_t)(n < cursor->n_left ? n : cursor->n_left);
}

/* Takes the selection, of which the caller may know only the first fields. 0 or a WM_E code. */
static int take_selection(struct wm_cursor *cursor, const wm_selection *given, enum order order,
                          wm_error *error)
{
    wm_selection selection = {.size = sizeof selection};
    if (given && (given->size < sizeof given->size || given->size > sizeof selection))
        return error_set(error, WM_EINVAL, "wm_selection_init was not called");
    if (given)
        memcpy(&selection, given, given->size);
    if (selection.prefix_size > 0 && !selection.prefix)
        return error_null(error, "the prefix");
    if ((unsigned)selection.sort > WM_SORT_NONE)
        return error_set(error, WM_EINVAL, "a sort order that is not known");
    cursor->order = selection.sort == WM_SORT_WORD    ? ORDER_WORD
                    : selection.sort == WM_SORT_COUNT ? ORDER_COUNT
                                                      : order;
    cursor->is_reversed = selection.is_reversed != 0;
    cursor->is_sorted = cursor->order != order;
    cursor->n_left = selection.limit > 0 ? selection.limit : UINT64_MAX;
    if (selection.prefix_size > KEY_SIZE_MAX)
        cursor->n_left = 0;
    else if (selection.prefix_size > 0) {
        cursor->prefix = malloc(selection.prefix_size);
        if (!cursor->prefix)
            return error_memory(error);
        memcpy(cursor->prefix, selection.prefix, selection.prefix_size);
        cursor->prefix_size = selection.prefix_size;
    }
    return 0;
}

/* Const is for the words. */
static struct wm_result *hold_result(const wm_result *result)
{
    struct wm_result *held = (struct wm_result *)(uintptr_t)result;
    atomic_fetch_add(&held->n_cursors, 1);
    return held;
}

static int open_result(struct wm_cursor *cursor, const wm_selection *selection, wm_error *error)
{
    const struct wm_result *result = cursor->result;
    int rc = take_selection(cursor, selection, result->order, error);
    if (rc < 0)
        return rc;
    cursor->columns = &result->columns;
    cursor->gather.arena = &result->arena;
    cursor->is_sorted |= cursor->prefix_size > 0 && cursor->order != ORDER_WORD;
    cursor->n_slices = 1;
    if (!cursor->is_sorted && cursor->prefix_size > 0 && bound_prefix(cursor) < 0)
        return error_memory(error);
    if (!cursor->is_sorted && cut_result(cursor) < 0)
        return error_memory(error);
    return 0;
}

static int open_table(struct wm_cursor *cursor, const wm_selection *selection, wm_error *error)
{
    int rc = take_selection(cursor, selection, ORDER_WORD, error);
    if (rc < 0)
        return rc;
    cursor->of_table.n_more = wm_table_n_values(cursor->table) - 1;
    for (unsigned i = 0; i <= cursor->of_table.n_more; i++)
        cursor->of_table.names[i] = wm_table_value_name(cursor->table, i);
    cursor->of_table.period = wm_table_period_name(cursor->table);
    cursor->columns = &cursor->of_table;
    cursor->is_sorted |= cursor->is_reversed;
    cursor->at_word =
        table_seek(cursor->table, cursor->prefix, cursor->prefix_size, &cursor->place, error);
    return cursor->at_word < 0 ? cursor->at_word : 0;
}

int wm_result_cursor(const wm_result *result, const wm_selection *selection, wm_cursor **out,
                     wm_error *error)
{
    if (!result || !out)
        return error_null(error, result ? "what the cursor goes to" : "the result");
    struct wm_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return error_memory(error);
    cursor->result = hold_result(result);
    int rc = open_result(cursor, selection, error);
    if (rc < 0)
        wm_cursor_free(cursor);
    else
        *out = cursor;
    return rc;
}

int wm_table_cursor(const wm_table *table, const wm_selection *selection, wm_cursor **out,
                    wm_error *error)
{
    if (!table || !out)
        return error_null(error, table ? "what the cursor goes to" : "the table");
    struct wm_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return error_memory(error);
    cursor->table = (struct wm_table *)(uintptr_t)table;
    atomic_fetch_add(&cursor->table->n_cursors, 1);
    int rc = open_table(cursor, selection, error);
    if (rc < 0)
        wm_cursor_free(cursor);
    else
        *out = cursor;
    return rc;
}

/* The next of the words at hand. */
static const struct order_item *word_at(const struct wm_cursor *cursor)
{
    size_t n = cursor->n_taken;
    return cursor->gather.items + (cursor->is_reversed ? cursor->gather.n - 1 - n : n);
}

static void take(struct wm_cursor *cursor, size_t n)
{
    cursor->n_taken += n;
    cursor->n_left -= n;
}

int wm_cursor_next(wm_cursor *cursor, const char **word, size_t *size, const uint64_t **counts,
                   wm_error *error)
{
    if (!cursor || !word || !size)
        return error_null(error, cursor ? "what the word goes to" : "the cursor");
    int64_t n = load(cursor, error);
    if (n <= 0)
        return (int)n;
    const struct entry *entry = word_at(cursor)->entry;
    take(cursor, 1);
    *word = entry->key;
    *size = entry->size;
    if (counts) {
        entry_counts(entry, cursor->counts);
        *counts = cursor->counts;
    }
    return 1;
}

/* How many words a block of n_most will have, about, or 0: that is not known. */
static uint64_t room_for(const struct wm_cursor *cursor, uint64_t n_most)
{
    uint64_t n = cursor->result ? wm_result_size(cursor->result) : wm_table_size(cursor->table);
    if (cursor->prefix_size > 0)
        return 0;
    if (n > cursor->n_left)
        n = cursor->n_left;
    return n < n_most ? n : n_most;
}

int wm_cursor_block(wm_cursor *cursor, uint64_t n_most, const wm_block **out, wm_error *error)
{
    if (!cursor || !out)
        return error_null(error, cursor ? "what the block goes to" : "the cursor");
    uint64_t n_left = n_most > 0 ? n_most : BLOCK_WORDS;
    size_t n_bytes = n_most > 0 ? SIZE_MAX : BLOCK_BYTES;
    int64_t n = 0, n_added = 0;
    block_begin(&cursor->block, cursor->columns, room_for(cursor, n_left));
    while (n_added == n && n_left > 0) {
        n = load(cursor, error);
        if (n <= 0)
            break;
        if ((uint64_t)n > n_left)
            n = (int64_t)n_left;
        n_added = block_add(&cursor->block, cursor->columns, word_at(cursor),
                            cursor->is_reversed ? -1 : 1, (size_t)n, n_bytes);
        if (n_added < 0)
            return error_memory(error);
        take(cursor, (size_t)n_added);
        n_left -= (uint64_t)n_added;
    }
    if (n < 0)
        return (int)n;
    const wm_block *block = block_show(&cursor->block);
    if (block->n_words == 0)
        return 0;
    *out = block;
    return 1;
}

void wm_cursor_free(wm_cursor *cursor)
{
    if (!cursor)
        return;
    block_release(&cursor->block);
    gather_release(&cursor->gather);
    free(cursor->entries);
    free(cursor->bounds);
    free(cursor->lower);
    free(cursor->upper);
    free(cursor->prefix);
    wm_result_free(cursor->result);
    wm_table_close(cursor->table);
    free(cursor);
}
