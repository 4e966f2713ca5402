/*
 * A table of any words, written as a run: it holds the words of the table, each once, in order, and
 * a search finds what a look at all of them finds.
 */
#include "fuzz.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/run.h"
#include "words/table.h"

#define WORDS_MAX 600
#define ENTRY_PADDING 8 /* as order_sort wants */

struct model {
    const struct entry *entries[WORDS_MAX];
    struct order_item items[WORDS_MAX], scratch[WORDS_MAX];
    size_t n;
};

static void check_sorted(const struct table *table, enum order order, struct model *model)
{
    size_t room = run_size_max(table->size);
    char *memory = malloc(room + ENTRY_PADDING);
    check(memory);
    for (size_t i = 0; i < model->n; i++)
        model->items[i] =
            (struct order_item){order_key(order, model->entries[i]), model->entries[i]};
    order_sort(order, model->items, model->scratch, model->n);
    size_t size = run_write(memory, model->items, model->n);
    const struct run *run = (const struct run *)(const void *)memory;
    check(size <= room && size == run->size && run->n_entries == model->n);

    const struct entry *entry = run_first(run), *end = run_end(run), *before = NULL;
    size_t n = 0;
    for (; entry < end; before = entry, entry = entry_next(entry), n++) {
        check(!before || order_compare(order, before, entry) < 0);
        check(run_lower_bound(run, order, entry) == entry);
        check(n % FENCE_STEP != 0 || run_fence(run, n / FENCE_STEP) == entry);
    }
    check(n == model->n && run->n_fences == (n + FENCE_STEP - 1) / FENCE_STEP);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model model;
    struct table table;
    unsigned shared = take_byte(&data, &size) % 32;
    char word[32 + 255];
    memset(word, 'p', sizeof word);
    model.n = 0;
    check(table_init(&table, WORDS_MAX, WORDS_MAX * entry_stride(sizeof word),
                     WORDS_MAX * entry_stride(sizeof word) + ENTRY_PADDING) == 0);
    while (size > 0 && table.n_entries < WORDS_MAX) {
        uint64_t count = take_byte(&data, &size);
        size_t n = take_byte(&data, &size);
        if (n > size)
            n = size;
        memcpy(word + shared, data, n); /* all with the same first bytes */
        data += n;
        size -= n;
        n += shared;
        check(table_add(&table, table_hash(word, n, 0), word, (uint32_t)n, count) == 0);
    }
    for (const struct entry *entry = table_first(&table); entry < table_end(&table);
         entry = entry_next(entry))
        model.entries[model.n++] = entry;
    check(model.n == table.n_entries);
    check_sorted(&table, ORDER_WORD, &model);
    check_sorted(&table, ORDER_COUNT, &model);
    check_sorted(&table, ORDER_HASH, &model);
    table_release(&table);
    return 0;
}
