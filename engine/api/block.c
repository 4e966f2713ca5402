/*
 * Words as columns. What is read of an entry lies side by side, and is copied in one go through the
 * words at hand; the entries of words to come are asked for meanwhile.
 */
#include "api/block.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "words/period.h"

#define AHEAD 12     /* words whose entries are asked for */
#define WORD_SIZE 12 /* bytes of most words, on average */
#define SHORT 16     /* bytes of a word that are copied at once */
#define HUGE_PAGE_SIZE ((size_t)2 << 20)

void block_release(struct block *block)
{
    free(block->words);
    free(block->offsets);
    for (size_t i = 0; i <= ENTRY_MORE_MAX; i++)
        free(block->counts[i]);
    free(block->years);
    free(block->ranks);
    for (size_t i = 0; i < N_COLUMNS; i++)
        free(block->shares[i]);
    *block = (struct block){0};
}

/*
 * As realloc. Memory that is new, and large, is in huge pages where the system gives them: to have
 * small ones takes longer than to fill them.
 */
static void *resize_memory(void *memory, size_t size)
{
    if (memory || size < HUGE_PAGE_SIZE)
        return realloc(memory, size);
    if (size > SIZE_MAX - HUGE_PAGE_SIZE)
        return NULL;
    size = (size + HUGE_PAGE_SIZE - 1) & ~(size_t)(HUGE_PAGE_SIZE - 1);
    memory = aligned_alloc(HUGE_PAGE_SIZE, size);
    if (memory)
        madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}

/* Both kinds of number have 8 bytes. 0 or WM_ENOMEM. */
static int resize(void *array, size_t n)
{
    void **items = array, *more = resize_memory(*items, n * sizeof(uint64_t));
    if (!more)
        return WM_ENOMEM;
    *items = more;
    return 0;
}

/* Room for n words in all columns that there are. 0 or WM_ENOMEM. */
static int reserve(struct block *block, const struct columns *columns, size_t n)
{
    if (n <= block->capacity)
        return 0;
    if (n >= SIZE_MAX / 16)
        return WM_ENOMEM;
    if (n < 2 * block->capacity)
        n = 2 * block->capacity;
    int rc = resize(&block->offsets, n + 1);
    for (size_t i = 0; i <= columns->n_more && rc == 0; i++)
        rc = resize(&block->counts[i], n);
    if (rc == 0 && columns->period)
        rc = resize(&block->years, n);
    if (rc == 0 && columns_have(columns, COLUMN_RANK))
        rc = resize(&block->ranks, n);
    for (enum column i = COLUMN_PERCENT; i < N_COLUMNS && rc == 0; i++)
        if (columns_have(columns, i))
            rc = resize(&block->shares[i], n);
    if (rc == 0)
        block->capacity = n;
    return rc;
}

/* Room for size bytes of words in all, and what is copied behind a short one. 0 or WM_ENOMEM. */
static int reserve_bytes(struct block *block, size_t size)
{
    if (size + SHORT <= block->words_capacity)
        return 0;
    size = size < block->words_capacity ? 2 * block->words_capacity : size + size / 2 + SHORT;
    char *words = resize_memory(block->words, size);
    if (!words)
        return WM_ENOMEM;
    block->words = words;
    block->words_capacity = size;
    return 0;
}

/* The year or decade behind the word. *size: that of the word alone. */
static uint64_t take_year(const struct columns *columns, const struct entry *entry, size_t *size)
{
    const char *period;
    *size = columns_split(columns, entry, &period);
    return period && period < entry->key + entry->size ? period_of(entry) : UINT64_MAX;
}

/* What an entry has beside word and first count, which is word n of the block. */
static void add_more(struct block *block, const struct columns *columns, const struct entry *entry,
                     size_t n)
{
    for (unsigned i = 1; i <= columns->n_more; i++)
        block->counts[i][n] = entry_count(entry, i);
    if (columns_have(columns, COLUMN_RANK))
        block->ranks[n] = (uint64_t)column_value(columns, COLUMN_RANK, entry);
    for (enum column i = COLUMN_PERCENT; i < N_COLUMNS; i++)
        if (columns_have(columns, i))
            block->shares[i][n] = (double)column_value(columns, i, entry) / COLUMN_UNIT;
}

static void copy_word(char *out, const char *word, size_t size)
{
    if (size > SHORT) {
        memcpy(out, word, size);
        return;
    }
    /* What is behind the word is there to be read, and is overwritten by the next one. */
    memcpy(out, word, SHORT / 2);
    if (size > SHORT / 2)
        memcpy(out + SHORT / 2, word + SHORT / 2, SHORT / 2);
}

void block_begin(struct block *block, const struct columns *columns, uint64_t n)
{
    block->shown.n_words = 0;
    if (n < SIZE_MAX / WORD_SIZE && reserve(block, columns, n) == 0 && block->words_capacity == 0)
        reserve_bytes(block, n * WORD_SIZE);
}

int64_t block_add(struct block *block, const struct columns *columns, const struct order_item *item,
                  ptrdiff_t step, size_t n, size_t n_bytes)
{
    size_t at = block->shown.n_words, i = 0;
    if (reserve(block, columns, at + n) < 0)
        return WM_ENOMEM;
    size_t size = at > 0 ? (size_t)block->offsets[at] : 0;
    block->offsets[0] = 0;
    for (; i < n && size < n_bytes; i++, at++, item += step) {
        if (i + AHEAD < n)
            __builtin_prefetch(item[step * AHEAD].entry);
        const struct entry *entry = item->entry;
        size_t word_size = entry->size;
        if (columns->period)
            block->years[at] = take_year(columns, entry, &word_size);
        if (reserve_bytes(block, size + word_size) < 0)
            return WM_ENOMEM;
        copy_word(block->words + size, entry->key, word_size);
        size += word_size;
        block->offsets[at + 1] = (int64_t)size;
        block->counts[0][at] = entry->count;
        if (columns->n_more > 0 || columns->which)
            add_more(block, columns, entry, at);
    }
    block->shown.n_words = at;
    return (int64_t)i;
}

const wm_block *block_show(struct block *block)
{
    wm_block *shown = &block->shown;
    for (size_t i = 0; i <= ENTRY_MORE_MAX; i++)
        block->shown_counts[i] = block->counts[i];
    shown->words = block->words;
    shown->offsets = block->offsets;
    shown->counts = block->shown_counts;
    shown->years = block->years;
    shown->ranks = block->ranks;
    shown->percents = block->shares[COLUMN_PERCENT];
    shown->cumulatives = block->shares[COLUMN_CUMULATIVE];
    shown->per_million = block->shares[COLUMN_PER_MILLION];
    return shown;
}
