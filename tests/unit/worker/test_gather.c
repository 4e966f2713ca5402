/*
 * Words of many sorted runs, many of them in more than one: slice after slice, gathered and
 * combined, they are what a naive sum over all of them is, for any number of slices; and the n-th
 * of all is where a sort of all has it.
 */
#include "runs/bounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "random.h"
#include "words/entry.h"
#include "words/table.h"

#define N_RUNS_MAX 12
#define N_ENTRIES_MAX 400
#define WORD_MAX 12

struct fixture {
    struct table tables[N_RUNS_MAX]; /* what each run was made of */
    struct run *runs[N_RUNS_MAX];
    size_t n_runs;
    struct table sum; /* of all */
    uint32_t n_all;   /* entries of all runs */
};

static struct run *write_table(const struct table *table, enum order order)
{
    struct gather gather = {0};
    assert_int_equal(gather_reserve(&gather, table->n_entries + 1), 0);
    const struct entry *end = table_end(table);
    for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry))
        gather.items[gather.n++] = (struct order_item){order_key(order, entry), entry};
    order_sort(order, gather.items, gather.items + gather.capacity, gather.n);
    struct run *run = malloc(run_size_max(table->size) + 8);
    assert_non_null(run);
    run_write(run, gather.items, gather.n);
    gather_release(&gather);
    return run;
}

static void fixture_init(struct fixture *fixture, uint64_t seed, enum order order,
                         enum reduce_op reduce)
{
    size_t room = N_RUNS_MAX * N_ENTRIES_MAX * entry_stride(WORD_MAX);
    *fixture = (struct fixture){.n_runs = random_below(&seed, N_RUNS_MAX + 1)};
    assert_int_equal(table_init(&fixture->sum, N_RUNS_MAX * N_ENTRIES_MAX, room, room), 0);
    fixture->sum.reduce = reduce;
    for (size_t i = 0; i < fixture->n_runs; i++) {
        struct table *table = &fixture->tables[i];
        size_t n = random_below(&seed, N_ENTRIES_MAX);
        assert_int_equal(table_init(table, N_ENTRIES_MAX, room, room), 0);
        table->reduce = reduce;
        for (size_t j = 0; j < n; j++) {
            char word[WORD_MAX];
            uint32_t size = (uint32_t)random_below(&seed, WORD_MAX);
            random_fill(&seed, word, size, "\0ab\xFF", 4);
            uint64_t count = random_below(&seed, 1000), hash = table_hash(word, size, 0);
            assert_int_equal(table_add(table, hash, word, size, count), 0);
            assert_int_equal(table_add(&fixture->sum, hash, word, size, count), 0);
        }
        fixture->runs[i] = write_table(table, order);
        fixture->n_all += table->n_entries;
    }
}

static void fixture_release(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->n_runs; i++) {
        table_release(&fixture->tables[i]);
        free(fixture->runs[i]);
    }
    table_release(&fixture->sum);
}

/* Gathers and combines the slices, each after the other; adds up how many words they have. */
static void check_slices(const struct fixture *fixture, enum order order, size_t n_slices)
{
    const struct arena arena = {0};
    const struct run *const *runs = (const struct run *const *)fixture->runs;
    const struct entry **bounds = calloc(n_slices, sizeof *bounds);
    struct gather gather = {0};
    char before[sizeof(struct entry) + WORD_MAX + 8];
    size_t n = 0, n_gathered = 0;
    assert_non_null(bounds);
    assert_int_equal(bounds_cut(&arena, order, runs, fixture->n_runs, NULL, n_slices, bounds), 0);
    for (size_t i = 0; i < n_slices; i++) {
        const struct entry *failed, *last = (const struct entry *)(const void *)before;
        assert_int_equal(gather_runs(&gather, order, runs, fixture->n_runs,
                                     i > 0 ? bounds[i - 1] : NULL,
                                     i + 1 < n_slices ? bounds[i] : NULL),
                         0);
        n_gathered += gather.n;
        assert_int_equal(gather_combine(&gather, fixture->sum.reduce, &failed), 0);
        for (size_t j = 0; j < gather.n; j++, n++) {
            const struct entry *entry = gather.items[j].entry;
            const struct entry *sum =
                table_find(&fixture->sum, entry->hash, entry->key, entry->size);
            assert_non_null(sum);
            assert_int_equal(entry->count, sum->count);
            assert_true(n == 0 || order_compare(order, last, entry) < 0);
            memcpy(before, entry, entry_bytes(entry));
            last = (const struct entry *)(const void *)before;
        }
    }
    assert_int_equal(n, fixture->sum.n_entries);
    assert_int_equal(n_gathered, fixture->n_all);
    gather_release(&gather);
    free(bounds);
}

static void slices_of_any_runs_combine_to_a_naive_sum(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        enum order order = seed % 2 ? ORDER_WORD : ORDER_HASH;
        struct fixture fixture;
        fixture_init(&fixture, seed, order, (enum reduce_op)(seed % 3));
        for (size_t n_slices = 1; n_slices <= 64; n_slices *= 4)
            check_slices(&fixture, order, n_slices);
        fixture_release(&fixture);
    }
}

static void a_sum_past_64_bits_names_its_word(void **state)
{
    (void)state;
    struct run *runs[2];
    struct gather gather = {0};
    const struct entry *failed = NULL;
    for (int i = 0; i < 2; i++) {
        struct table table;
        assert_int_equal(table_init(&table, 4, 1024, 1024), 0);
        assert_int_equal(table_add(&table, 1, "a", 1, 1), 0);
        assert_int_equal(table_add(&table, 2, "b", 1, UINT64_MAX), 0);
        runs[i] = write_table(&table, ORDER_WORD);
        table_release(&table);
    }
    assert_int_equal(
        gather_runs(&gather, ORDER_WORD, (const struct run *const *)runs, 2, NULL, NULL), 0);
    assert_int_equal(gather_combine(&gather, REDUCE_SUM, &failed), CODE_OVERFLOW);
    assert_memory_equal(failed->key, "b", 1);
    gather_release(&gather);
    free(runs[0]);
    free(runs[1]);
}

static void the_nth_word_is_where_a_sort_of_all_has_it(void **state)
{
    (void)state;
    const struct arena arena = {0};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct fixture fixture;
        fixture_init(&fixture, seed, ORDER_COUNT, REDUCE_SUM);
        const struct run *const *runs = (const struct run *const *)fixture.runs;
        struct gather all = {0};
        assert_int_equal(gather_runs(&all, ORDER_COUNT, runs, fixture.n_runs, NULL, NULL), 0);
        for (size_t n = 0; n < all.n; n += 1 + n / 4) {
            const struct entry *entry = NULL;
            struct nth nth;
            int rc;
            assert_int_equal(nth_begin(&nth, &arena, ORDER_COUNT, runs, fixture.n_runs, n), 0);
            while ((rc = nth_find(&nth, 1 + n % 3, &entry)) == BOUNDS_MORE)
                continue;
            assert_int_equal(rc, 0);
            nth_release(&nth);
            assert_int_equal(order_compare(ORDER_COUNT, entry, all.items[n].entry), 0);
        }
        gather_release(&all);
        fixture_release(&fixture);
    }
}

static void a_sample_taken_in_pieces_has_the_same_bounds(void **state)
{
    (void)state;
    const struct arena arena = {0};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct fixture fixture;
        fixture_init(&fixture, seed, ORDER_WORD, REDUCE_SUM);
        const struct run *const *runs = (const struct run *const *)fixture.runs;
        size_t n_slices = 1 + seed % 7, n = 1 + seed % 5, n_calls = 1;
        const struct entry *whole[8] = {0}, *pieces[8] = {0};
        struct bounds bounds;
        assert_int_equal(
            bounds_cut(&arena, ORDER_WORD, runs, fixture.n_runs, NULL, n_slices, whole), 0);
        assert_int_equal(
            bounds_begin(&bounds, &arena, ORDER_WORD, runs, fixture.n_runs, NULL, n_slices), 0);
        for (; bounds_sample(&bounds, n) == BOUNDS_MORE; n_calls++)
            assert_int_equal(bounds.samples.n, n * n_calls);
        assert_in_range(bounds.samples.n, n * (n_calls - 1), n * n_calls);
        bounds_choose(&bounds, pieces);
        assert_memory_equal(pieces, whole, sizeof whole);
        bounds_release(&bounds);
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_of_any_runs_combine_to_a_naive_sum),
        cmocka_unit_test(a_sum_past_64_bits_names_its_word),
        cmocka_unit_test(the_nth_word_is_where_a_sort_of_all_has_it),
        cmocka_unit_test(a_sample_taken_in_pieces_has_the_same_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
