/*
 * A run holds every entry of its table once, in the partition its hash belongs to, in no more bytes
 * than run_size_max says; a sorted run is in order, and its binary search finds what a search from
 * the front finds. Memory is of exactly the size asked for, for the sanitizers to watch.
 */
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

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

/* Asserts that run holds the entries of table, each once and where it belongs. */
static void check_holds_all(const struct run *run, const struct table *table, unsigned bits)
{
    char *seen = calloc(table->size / 8 + 1, 1);
    size_t n = 0;
    assert_non_null(seen);
    for (uint32_t i = 0; i < run->n_partitions; i++) {
        const struct entry *entry, *end;
        run_partition(run, run->first + i, &entry, &end);
        for (; entry < end; entry = entry_next(entry), n++) {
            assert_int_equal(run_partition_of(entry->hash, bits), run->first + i);
            const struct entry *found = table_find(table, entry->hash, entry->key, entry->size);
            assert_non_null(found);
            assert_memory_equal(entry, found, entry_stride(entry->size));
            size_t at = (size_t)((const char *)found - (const char *)table_first(table)) / 8;
            assert_false(seen[at]);
            seen[at] = 1;
        }
        assert_ptr_equal(entry, end);
    }
    assert_int_equal(n, table->n_entries);
    assert_int_equal(run->n_entries, table->n_entries);
    free(seen);
}

static void partition_is_the_top_bits_of_the_hash(void **state)
{
    (void)state;
    assert_int_equal(run_partition_of(UINT64_MAX, 0), 0);
    assert_int_equal(run_partition_of(UINT64_MAX, 1), 1);
    assert_int_equal(run_partition_of(UINT64_C(0x7FFFFFFFFFFFFFFF), 1), 0);
    assert_int_equal(run_partition_of(UINT64_C(0xABC0000000000000), 10), 0x2AF);
    assert_int_equal(run_partition_of(UINT64_MAX, 10), RUN_PARTITIONS_MAX - 1);
}

static void written_run_holds_every_entry_once_in_its_partition(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 50, 700};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (unsigned bits = 0; bits <= 10; bits++) {
            struct table table;
            fill_table(&table, i * 100 + bits, sizes[i], 40);
            size_t size_max = run_size_max(UINT32_C(1) << bits, table.size);
            struct run *run = memory_new(size_max);
            size_t size = run_write(run, table_first(&table), table_end(&table), bits);
            assert_true(size <= size_max);
            assert_int_equal(size, run->size);
            assert_int_equal(run->first, 0);
            assert_int_equal(run->n_partitions, UINT32_C(1) << bits);
            assert_int_equal(run->offset[0], run_header_size(run->n_partitions));
            assert_int_equal(run->offset[run->n_partitions], size);
            check_holds_all(run, &table, bits);
            free(run);
            table_release(&table);
        }
    }
}

/* The entries of table whose hash has partition for its top bits, in the same order. */
static void part_of_table(struct table *part, const struct table *table, uint32_t partition,
                          unsigned bits)
{
    assert_int_equal(table_init(part, table->n_entries + 1, table->capacity, table->capacity), 0);
    const struct entry *entry = table_first(table), *end = table_end(table);
    for (; entry < end; entry = entry_next(entry)) {
        if (run_partition_of(entry->hash, bits) != partition)
            continue;
        int rc = table_add(part, entry->hash, entry->key, entry->size, entry->count);
        assert_int_equal(rc, 0);
    }
}

static void appended_run_is_the_same_as_the_written_one(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 6; bits++) {
        struct table table;
        uint32_t n = UINT32_C(1) << bits;
        fill_table(&table, bits, 10u << (bits / 2), 40);
        size_t size = run_size_max(n, table.size);
        struct run *written = memory_new(size), *appended = memory_new(size);
        run_write(written, table_first(&table), table_end(&table), bits);
        assert_ptr_equal(run_begin(appended, 0, n), appended);
        for (uint32_t i = 0; i < n; i++) {
            struct table part;
            part_of_table(&part, &table, i, bits);
            run_append(appended, i, &part);
            table_release(&part);
        }
        assert_int_equal(appended->size, written->size);
        assert_memory_equal(appended, written, written->size);
        free(appended);
        free(written);
        table_release(&table);
    }
}

static void run_of_some_partitions_is_found_by_their_numbers(void **state)
{
    (void)state;
    enum { BITS = 4, FIRST = 5, N = 7 };
    struct table table, parts[N];
    size_t size = 0, n = 0;
    fill_table(&table, 9, 300, 20);
    for (uint32_t i = 0; i < N; i++) {
        part_of_table(&parts[i], &table, FIRST + i, BITS);
        size += parts[i].size;
        n += parts[i].n_entries;
    }
    struct run *run = memory_new(run_size_max(N, size));
    run_begin(run, FIRST, N);
    for (uint32_t i = 0; i < N; i++)
        run_append(run, FIRST + i, &parts[i]);
    assert_int_equal(run->n_entries, n);
    assert_int_equal(run->size, run_header_size(N) + size);
    for (uint32_t i = 0; i < N; i++) {
        const struct entry *start, *end;
        run_partition(run, FIRST + i, &start, &end);
        size_t bytes = (size_t)((const char *)end - (const char *)start);
        assert_int_equal(bytes, parts[i].size);
        assert_memory_equal(start, table_first(&parts[i]), bytes);
        table_release(&parts[i]);
    }
    free(run);
    table_release(&table);
}

static enum order naive_order;

static int naive_compare(const void *a, const void *b)
{
    const struct entry *x = ((const struct order_item *)a)->entry;
    const struct entry *y = ((const struct order_item *)b)->entry;
    if (naive_order == ORDER_COUNT && x->count != y->count)
        return x->count > y->count ? -1 : 1;
    int difference = memcmp(x->key, y->key, x->size < y->size ? x->size : y->size);
    return difference ? difference : (x->size > y->size) - (x->size < y->size);
}

/* The entries of table in order, in a sorted run; *items_out as they went in. */
static struct run *sorted_new(const struct table *table, enum order order, uint32_t partition,
                              struct order_item **items_out)
{
    struct order_item *items = memory_new((table->n_entries + 1) * sizeof *items);
    const struct entry *entry = table_first(table);
    for (size_t i = 0; i < table->n_entries; i++, entry = entry_next(entry))
        items[i] = (struct order_item){order_key(order, entry), entry};
    naive_order = order;
    qsort(items, table->n_entries, sizeof *items, naive_compare);

    size_t size_max = run_size_max(1, table->size);
    struct run *run = memory_new(size_max);
    size_t size = run_write_sorted(run, partition, items, table->n_entries);
    assert_int_equal(size, run->size);
    assert_true(size <= size_max);
    *items_out = items;
    return run;
}

static const size_t sorted_sizes[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 640, 1000};
#define N_SORTED_SIZES (sizeof sorted_sizes / sizeof *sorted_sizes)

static void check_sorted(enum order order, size_t n, size_t word_max)
{
    struct table table;
    struct order_item *items;
    fill_table(&table, n, n, word_max);
    struct run *run = sorted_new(&table, order, 11, &items);
    assert_int_equal(run->first, 11);
    assert_int_equal(run->n_partitions, 1);
    assert_int_equal(run->n_entries, n);
    assert_int_equal(run->n_fences, (n + FENCE_STEP - 1) / FENCE_STEP);

    const struct entry *entry, *end;
    run_partition(run, 11, &entry, &end);
    for (size_t i = 0; i < n; i++, entry = entry_next(entry)) {
        assert_true(entry->hash == items[i].entry->hash);
        assert_int_equal(entry->count, items[i].entry->count);
        assert_int_equal(entry->size, items[i].entry->size);
        assert_memory_equal(entry->key, items[i].entry->key, entry->size);
        if (i % FENCE_STEP == 0)
            assert_ptr_equal(run_fence(run, i / FENCE_STEP), entry);
    }
    assert_ptr_equal(entry, end);
    free(run);
    free(items);
    table_release(&table);
}

static void sorted_run_keeps_its_order_with_a_fence_every_so_often(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SORTED_SIZES; i++) {
        for (enum order order = ORDER_WORD; order <= ORDER_NONE; order++) {
            check_sorted(order, sorted_sizes[i], 30);
            check_sorted(order, sorted_sizes[i], 0); /* all as small as can be: most fences */
        }
    }
}

/* The first entry not before bound, or the end. */
static const struct entry *naive_lower_bound(const struct run *run, enum order order,
                                             const struct entry *bound)
{
    const struct entry *entry, *end;
    struct order_item want = {0, bound};
    naive_order = order;
    run_partition(run, run->first, &entry, &end);
    for (; entry < end; entry = entry_next(entry)) {
        struct order_item item = {0, entry};
        if (naive_compare(&item, &want) >= 0)
            break;
    }
    return entry;
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
    struct run *run = sorted_new(&table, order, 3, &items);

    const struct entry *bound = table_first(&bounds);
    for (; bound < table_end(&bounds); bound = entry_next(bound))
        assert_ptr_equal(run_lower_bound(run, order, bound), naive_lower_bound(run, order, bound));
    const struct entry *entry, *end;
    run_partition(run, 3, &entry, &end);
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
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partition_is_the_top_bits_of_the_hash),
        cmocka_unit_test(written_run_holds_every_entry_once_in_its_partition),
        cmocka_unit_test(appended_run_is_the_same_as_the_written_one),
        cmocka_unit_test(run_of_some_partitions_is_found_by_their_numbers),
        cmocka_unit_test(sorted_run_keeps_its_order_with_a_fence_every_so_often),
        cmocka_unit_test(lower_bound_equals_a_search_from_the_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
