/*
 * A run holds the entries it was made of, in their order, in no more bytes than run_size_max says,
 * and its binary search finds what a search from the front finds. Memory is of exactly the size
 * asked for, for the sanitizers to watch.
 */
#include "words/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "words/entry.h"
#include "words/table.h"

static void *memory_new(size_t size)
{
    void *memory = malloc(size);
    assert_non_null(memory);
    memset(memory, 0xEE, size);
    return memory;
}

/* n different words, of at most size_max bytes beside a number that tells them apart. */
static void fill_table(struct table *table, uint64_t seed, size_t n, size_t size_max)
{
    assert_int_equal(
        table_init(table, (uint32_t)n + 1, (n + 1) * entry_stride(60), (n + 1) * entry_stride(60)),
        0);
    for (size_t i = 0; i < n; i++) {
        char word[60];
        size_t size = random_below(&seed, size_max + 1);
        random_fill(&seed, word, size, "\0abcdefghijklmnop\xFF", 18);
        word[size++] = (char)(i >> 8);
        word[size++] = (char)i;
        uint64_t hash = table_hash(word, size, 0), count = random_next(&seed) >> 60;
        int rc = table_add(table, hash, word, (uint32_t)size, count);
        assert_int_equal(rc, 0);
    }
}

static enum order naive_order;

static int naive_compare(const void *a, const void *b)
{
    const struct entry *x = ((const struct order_item *)a)->entry;
    const struct entry *y = ((const struct order_item *)b)->entry;
    if (naive_order == ORDER_COUNT && x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (naive_order == ORDER_HASH && x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    int difference = memcmp(x->key, y->key, x->size < y->size ? x->size : y->size);
    return difference ? difference : (x->size > y->size) - (x->size < y->size);
}

/* The entries of table in order, in a sorted run; *items_out as they went in. */
static struct run *sorted_new(const struct table *table, enum order order,
                              struct order_item **items_out)
{
    struct order_item *items = memory_new((table->n_entries + 1) * sizeof *items);
    const struct entry *entry = table_first(table);
    for (size_t i = 0; i < table->n_entries; i++, entry = entry_next(entry))
        items[i] = (struct order_item){order_key(order, entry), entry};
    naive_order = order;
    qsort(items, table->n_entries, sizeof *items, naive_compare);

    size_t size_max = run_size_max(table->size);
    struct run *run = memory_new(size_max);
    size_t size = run_write(run, items, table->n_entries);
    assert_int_equal(size, run->size);
    assert_true(size <= size_max);
    *items_out = items;
    return run;
}

static const size_t sorted_sizes[] = {0, 1, 2, 15, 16, 17, 31, 32, 33, 640, 1000};
#define N_SORTED_SIZES (sizeof sorted_sizes / sizeof *sorted_sizes)

static void check_sorted(enum order order, size_t n, size_t word_max)
{
    struct table table;
    struct order_item *items;
    fill_table(&table, n, n, word_max);
    struct run *run = sorted_new(&table, order, &items);
    assert_int_equal(run->n_entries, n);
    assert_int_equal(run->n_fences, (n + FENCE_STEP - 1) / FENCE_STEP);

    const struct entry *entry = run_first(run), *end = run_end(run);
    for (size_t i = 0; i < n; i++, entry = entry_next(entry)) {
        assert_true(entry->hash == items[i].entry->hash);
        assert_int_equal(entry->count, items[i].entry->count);
        assert_int_equal(entry->size, items[i].entry->size);
        assert_memory_equal(entry->key, items[i].entry->key, entry->size);
        if (i % FENCE_STEP == 0)
            assert_ptr_equal(run_fence(run, i / FENCE_STEP), entry);
    }
    assert_ptr_equal(entry, end);
    assert_ptr_equal(run_fence(run, run->n_fences), end);
    free(run);
    free(items);
    table_release(&table);
}

static void sorted_run_keeps_its_order_with_a_fence_every_so_often(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SORTED_SIZES; i++) {
        for (enum order order = ORDER_WORD; order <= ORDER_HASH; order++) {
            check_sorted(order, sorted_sizes[i], 30);
            check_sorted(order, sorted_sizes[i], 0); /* all as small as can be: most fences */
        }
    }
}

/* The first entry not before bound, or the end. */
static const struct entry *naive_lower_bound(const struct run *run, enum order order,
                                             const struct entry *bound)
{
    const struct entry *entry = run_first(run), *end = run_end(run);
    struct order_item want = {0, bound};
    naive_order = order;
    for (; entry < end; entry = entry_next(entry)) {
        struct order_item item = {0, entry};
        if (naive_compare(&item, &want) >= 0)
            break;
    }
    return entry;
}

static void check_lower_bound(const struct run *run, enum order order, const struct entry *bound)
{
    const struct entry *found = naive_lower_bound(run, order, bound);
    assert_ptr_equal(run_lower_bound(run, order, bound), found);
    uint64_t fence = run_fence_bound(run, order, bound);
    assert_true(run_fence(run, fence) >= found);
    assert_true(fence == 0 || run_fence(run, fence - 1) < found);
}

static void check_lower_bounds(enum order order, size_t n)
{
    struct table table, bounds;
    struct order_item *items;
    fill_table(&table, n + 1, n, 6);
    fill_table(&bounds, n + 2, 100, 6);
    /* Before all words, after all of them, and words of the run themselves. */
    assert_int_equal(table_add(&bounds, 1, "", 0, UINT64_MAX), 0);
    assert_int_equal(table_grow(&bounds), 0);
    assert_int_equal(table_add(&bounds, 2, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9, 0), 0);
    struct run *run = sorted_new(&table, order, &items);

    const struct entry *bound = table_first(&bounds);
    for (; bound < table_end(&bounds); bound = entry_next(bound))
        check_lower_bound(run, order, bound);
    const struct entry *entry = run_first(run), *end = run_end(run);
    for (; entry < end; entry = entry_next(entry))
        assert_ptr_equal(run_lower_bound(run, order, entry), entry);
    free(run);
    free(items);
    table_release(&bounds);
    table_release(&table);
}

static void lower_bound_equals_a_search_from_the_front(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SORTED_SIZES; i++) {
        check_lower_bounds(ORDER_WORD, sorted_sizes[i]);
        check_lower_bounds(ORDER_COUNT, sorted_sizes[i]);
        check_lower_bounds(ORDER_HASH, sorted_sizes[i]);
    }
}

static void entries_fit_the_room_that_was_asked_for(void **state)
{
    (void)state;
    for (size_t size = 0; size < 100000; size += 8) {
        size_t entries = run_entries_max(size);
        if (entries > 0)
            assert_in_range(run_size_max(entries), 1, size);
        assert_true(run_size_max(entries + 2 * FENCE_STEP * entry_stride(0)) > size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_run_keeps_its_order_with_a_fence_every_so_often),
        cmocka_unit_test(lower_bound_equals_a_search_from_the_front),
        cmocka_unit_test(entries_fit_the_room_that_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
