/*
 * The table holds what a list searched from front to back would hold, whatever the hashes are like:
 * good ones, weak ones that share tags and slots, and one that is the same for every word. What it
 * refuses leaves it as it was.
 */
#include "words/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "random.h"
#include "words/entry.h"

#define NAIVE_MAX 1200
#define NAIVE_KEY_MAX 6

typedef uint64_t hash_fn(const char *key, size_t size, uint64_t seed);

/* The list: words of at most NAIVE_KEY_MAX bytes. */
struct naive {
    struct {
        char key[NAIVE_KEY_MAX];
        uint32_t size;
        uint64_t count;
    } words[NAIVE_MAX];
    size_t n;
};

static void naive_add(struct naive *naive, const char *key, uint32_t size, uint64_t count)
{
    size_t i = 0;
    while (i < naive->n &&
           (naive->words[i].size != size || memcmp(naive->words[i].key, key, size) != 0))
        i++;
    assert_true(i < NAIVE_MAX);
    if (i == naive->n) {
        memcpy(naive->words[i].key, key, size);
        naive->words[i].size = size;
        naive->words[i].count = 0;
        naive->n++;
    }
    naive->words[i].count += count;
}

static uint64_t constant_hash(const char *key, size_t size, uint64_t seed)
{
    (void)key;
    (void)size;
    (void)seed;
    return UINT64_C(0x0123456789ABCDEF);
}

/* Four tags and eight slots for all words. */
static uint64_t weak_hash(const char *key, size_t size, uint64_t seed)
{
    uint64_t hash = table_hash(key, size, seed);
    return (hash & 3) << 32 | (hash >> 8 & 7);
}

static uint32_t random_key(uint64_t *random, char *key)
{
    uint32_t size = (uint32_t)random_below(random, NAIVE_KEY_MAX);
    random_fill(random, key, size, "\0ab", 3);
    return size;
}

static void check_equal(const struct table *table, const struct naive *naive, hash_fn *hash)
{
    assert_int_equal(table->n_entries, naive->n);
    for (size_t i = 0; i < naive->n; i++) {
        const char *key = naive->words[i].key;
        uint32_t size = naive->words[i].size;
        const struct entry *entry = table_find(table, hash(key, size, 0), key, size);
        assert_non_null(entry);
        assert_true(entry->hash == hash(key, size, 0));
        assert_true(entry->count == naive->words[i].count);
        assert_int_equal(entry->size, size);
        assert_memory_equal(entry->key, key, size);
    }
    /* The buffer holds exactly these, one after the other, filled up with zeros. */
    size_t n = 0;
    const struct entry *end = table_end(table), *entry = table_first(table);
    for (; entry < end; entry = entry_next(entry), n++) {
        assert_ptr_equal(table_find(table, entry->hash, entry->key, entry->size), entry);
        const char *next = (const char *)entry_next(entry);
        assert_int_equal((uintptr_t)next % 8, 0);
        for (const char *at = entry->key + entry->size; at < next; at++)
            assert_int_equal(*at, 0);
    }
    assert_ptr_equal(entry, end);
    assert_int_equal(n, naive->n);
}

/* Adds random words, in one step or after a guess, good or any, growing the table when it is full,
 * and compares with the list. */
static void check_random_adds(hash_fn *hash, int n_adds, uint64_t seed)
{
    static struct naive naive;
    naive.n = 0;
    struct table table;
    assert_int_equal(table_init(&table, 8, 65536, 65536), 0);
    for (int i = 0; i < n_adds; i++) {
        char key[NAIVE_KEY_MAX];
        uint32_t size = random_key(&seed, key);
        uint64_t counts[1 + ENTRY_MORE_MAX] = {random_next(&seed) >> 20};
        counts[0] >>= random_below(&seed, 40);
        uint64_t hashed = hash(key, size, 0);
        uint32_t guess = random_below(&seed, 2) ? table_guess(&table, hashed, size)
                                                : (uint32_t)random_below(&seed, table.n_slots);
        int rc = i % 2 ? table_add(&table, hashed, key, size, counts[0])
                       : table_add_at(&table, guess, hashed, key, size, counts);
        if (rc == TABLE_FULL) {
            check_equal(&table, &naive, hash);
            assert_int_equal(table_grow(&table), 0);
            check_equal(&table, &naive, hash);
            rc = table_add_at(&table, guess, hashed, key, size, counts);
        }
        assert_int_equal(rc, 0);
        naive_add(&naive, key, size, counts[0]);
    }
    assert_true(naive.n > 200);
    check_equal(&table, &naive, hash);
    table_release(&table);
}

static void table_adds_counts_of_equal_words(void **state)
{
    (void)state;
    check_random_adds(table_hash, 20000, 1);
}

static void table_keeps_words_of_one_hash_apart(void **state)
{
    (void)state;
    check_random_adds(constant_hash, 5000, 2);
}

static void table_keeps_words_of_weak_hashes_apart(void **state)
{
    (void)state;
    check_random_adds(weak_hash, 5000, 3);
}

static void table_find_does_not_find_what_was_not_added(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 8, 1024, 1024), 0);
    assert_null(table_find(&table, 5, "word", 4));
    assert_int_equal(table_add(&table, 5, "word", 4, 1), 0);
    assert_non_null(table_find(&table, 5, "word", 4));
    assert_null(table_find(&table, 5, "wor", 3));
    assert_null(table_find(&table, 5, "word\0", 5));
    assert_null(table_find(&table, 5, "worx", 4));
    assert_null(table_find(&table, 5, "", 0));
    assert_null(table_find(&table, 6, "word", 4));
    assert_null(table_find(&table, 5 | UINT64_C(1) << 40, "word", 4));
    table_release(&table);
}

static void words_with_nul_bytes_are_words_of_their_own(void **state)
{
    (void)state;
    struct table table;
    static const char key[] = "\0\0a\0";
    assert_int_equal(table_init(&table, 8, 1024, 1024), 0);
    for (uint32_t size = 0; size <= 4; size++)
        assert_int_equal(table_add(&table, table_hash(key, size, 0), key, size, size + 10), 0);
    assert_int_equal(table.n_entries, 5);
    for (uint32_t size = 0; size <= 4; size++)
        assert_int_equal(table_find(&table, table_hash(key, size, 0), key, size)->count, size + 10);
    table_release(&table);
}

static void words_of_the_greatest_size_are_compared_to_the_end(void **state)
{
    (void)state;
    static char a[WORD_SIZE_MAX], b[WORD_SIZE_MAX];
    memset(a, 'x', sizeof a);
    memset(b, 'x', sizeof b);
    b[sizeof b - 1] = 'y';
    struct table table;
    assert_int_equal(
        table_init(&table, 4, 2 * entry_stride(WORD_SIZE_MAX), 2 * entry_stride(WORD_SIZE_MAX)), 0);
    assert_int_equal(table_add(&table, 9, a, sizeof a, 1), 0);
    assert_int_equal(table_add(&table, 9, b, sizeof b, 20), 0);
    assert_int_equal(table_add(&table, 9, a, sizeof a, 300), 0);
    assert_int_equal(table_add(&table, 9, "x", 1, 1), TABLE_FULL);
    assert_int_equal(table.n_entries, 2);
    assert_int_equal(table_find(&table, 9, a, sizeof a)->count, 301);
    assert_int_equal(table_find(&table, 9, b, sizeof b)->count, 20);
    assert_memory_equal(table_find(&table, 9, b, sizeof b)->key, b, sizeof b);
    table_release(&table);
}

/* Every other entry is taken back, and one of them gets another word, before the next one comes. */
static void the_last_of_a_list_may_go_or_change(void **state)
{
    (void)state;
    static const char *const words[] = {"one", "nothing", "three", "", "five"};
    static const char *const left[] = {"one", "a much longer three", "five"};
    struct table table;
    assert_int_equal(table_init(&table, 8, 1024, 1024), 0);
    table.is_list = 1;
    for (uint32_t i = 0; i < 5; i++) {
        const uint64_t count = 10 + i;
        const struct entry *last =
            table_append(&table, i, words[i], (uint32_t)strlen(words[i]), &count);
        assert_non_null(last);
        if (i % 2 == 1 || i == 2)
            table_take_back(&table, last);
        if (i == 2)
            assert_non_null(table_append(&table, i, left[1], (uint32_t)strlen(left[1]), &count));
    }
    const struct entry *entry = table_first(&table);
    for (uint32_t i = 0; i < 3; i++, entry = entry_next(entry)) {
        assert_int_equal(entry->hash, 2 * i);
        assert_int_equal(entry->count, 10 + 2 * i);
        assert_int_equal(entry->size, strlen(left[i]));
        assert_memory_equal(entry->key, left[i], entry->size);
    }
    assert_ptr_equal(entry, table_end(&table));
    assert_int_equal(table.n_entries, 3);
    table_release(&table);
}

/* Tries to add a new word to a full table: nothing may change, and words in it still count. */
static void check_full(struct table *table, const char *known, const char *new)
{
    struct table before = *table;
    void *entries = malloc(table->capacity);
    struct table_slot *slots = malloc(table->n_slots * sizeof *slots);
    assert_non_null(entries);
    assert_non_null(slots);
    memcpy(entries, table->entries, table->capacity);
    memcpy(slots, table->slots, table->n_slots * sizeof *slots);

    uint32_t size = (uint32_t)strlen(new);
    assert_int_equal(table_add(table, table_hash(new, size, 0), new, size, 1), TABLE_FULL);
    assert_int_equal(table->n_entries, before.n_entries);
    assert_int_equal(table->n_entries_max, before.n_entries_max);
    assert_int_equal(table->size, before.size);
    assert_int_equal(table->capacity, before.capacity);
    assert_memory_equal(table->entries, entries, table->capacity);
    assert_memory_equal(table->slots, slots, table->n_slots * sizeof *slots);
    assert_null(table_find(table, table_hash(new, size, 0), new, size));

    size = (uint32_t)strlen(known);
    uint64_t hash = table_hash(known, size, 0);
    uint64_t count = table_find(table, hash, known, size)->count;
    assert_int_equal(table_add(table, hash, known, size, 5), 0);
    assert_int_equal(table_find(table, hash, known, size)->count, count + 5);
    free(slots);
    free(entries);
}

static void table_full_of_entries_stays_as_it_is(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 3, 4096, 4096), 0);
    static const char *const words[] = {"one", "two", "three"};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t size = (uint32_t)strlen(words[i]);
        assert_int_equal(table_add(&table, table_hash(words[i], size, 0), words[i], size, i), 0);
    }
    check_full(&table, "two", "four");
    table_release(&table);
}

static void table_full_of_bytes_stays_as_it_is(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 100, entry_stride(5) + entry_stride(13),
                                entry_stride(5) + entry_stride(13)),
                     0);
    assert_int_equal(table_add(&table, table_hash("three", 5, 0), "three", 5, 1), 0);
    check_full(&table, "three", "twenty-one bytes long");
    assert_int_equal(table_add(&table, table_hash("thirteen long", 13, 0), "thirteen long", 13, 1),
                     0);
    assert_int_equal(table.size, table.capacity);
    check_full(&table, "thirteen long", "");
    table_release(&table);
}

static void limit_can_be_raised_up_to_the_capacity(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 100, entry_stride(5), 2 * entry_stride(5)), 0);
    assert_int_equal(table_add(&table, table_hash("three", 5, 0), "three", 5, 1), 0);
    check_full(&table, "three", "seven");
    table.limit = table.capacity;
    assert_int_equal(table_add(&table, table_hash("seven", 5, 0), "seven", 5, 1), 0);
    check_full(&table, "seven", "eight");
    assert_int_equal(table.size, table.capacity);
    table_release(&table);
}

static void sum_past_64_bits_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 4, 1024, 1024), 0);
    assert_int_equal(table_add(&table, 1, "a", 1, UINT64_MAX - 1), 0);
    assert_int_equal(table_add(&table, 1, "a", 1, 2), CODE_OVERFLOW);
    assert_true(table_find(&table, 1, "a", 1)->count == UINT64_MAX - 1);
    assert_int_equal(table_add(&table, 1, "a", 1, 1), 0);
    assert_int_equal(table_add(&table, 1, "a", 1, 1), CODE_OVERFLOW);
    assert_int_equal(table_add(&table, 1, "a", 1, UINT64_MAX), CODE_OVERFLOW);
    assert_int_equal(table_add(&table, 1, "a", 1, 0), 0);
    assert_true(table_find(&table, 1, "a", 1)->count == UINT64_MAX);
    assert_int_equal(table.n_entries, 1);
    table_release(&table);
}

static void table_keeps_the_smallest_or_the_largest_count(void **state)
{
    (void)state;
    static const uint64_t counts[] = {7, UINT64_MAX, 7, 3, UINT64_MAX - 1, 3, 9};
    for (int max = 0; max < 2; max++) {
        struct table table;
        assert_int_equal(table_init(&table, 4, 1024, 1024), 0);
        table.reduce = max ? REDUCE_MAX : REDUCE_MIN;
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            assert_int_equal(table_add(&table, 1, "a", 1, counts[i]), 0);
        assert_true(table_find(&table, 1, "a", 1)->count == (max ? UINT64_MAX : 3));
        assert_int_equal(table.n_entries, 1);
        table_release(&table);
    }
}

static void cleared_table_is_as_good_as_new(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 4, 1024, 1024), 0);
    for (int round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 4; i++)
            assert_int_equal(table_add(&table, i, "filled to the brim", 18, i + 1), 0);
        assert_int_equal(table_add(&table, 4, "filled to the brim", 18, 1), TABLE_FULL);
        assert_int_equal(table_find(&table, 3, "filled to the brim", 18)->count, 4);
        table_clear(&table);
        assert_int_equal(table.n_entries, 0);
        assert_ptr_equal(table_first(&table), table_end(&table));
        for (uint64_t i = 0; i < 4; i++)
            assert_null(table_find(&table, i, "filled to the brim", 18));
    }
    /* A key over the remains of a longer one: the bytes after it are zeros all the same. */
    assert_int_equal(table_add(&table, 0, "x", 1, 1), 0);
    assert_memory_equal(table_first(&table)->key, "x\0\0", 4);
    table_release(&table);
}

static void reserve_makes_room_for_a_longer_word(void **state)
{
    (void)state;
    static char word[WORD_SIZE_MAX];
    struct table table;
    assert_int_equal(table_init(&table, 4, 64, 64), 0);
    assert_int_equal(table_add(&table, 1, word, sizeof word, 1), TABLE_FULL);
    assert_int_equal(table_reserve(&table, entry_stride(sizeof word)), 0);
    assert_int_equal(table_reserve(&table, 8), 0);
    assert_int_equal(table_add(&table, 1, word, sizeof word, 1), 0);
    assert_int_equal(table_find(&table, 1, word, sizeof word)->count, 1);
    table_release(&table);
}

static void hash_depends_on_every_byte_the_size_and_the_seed(void **state)
{
    (void)state;
    char key[64] = {0};
    uint64_t hash = table_hash(key, sizeof key, 0);
    assert_true(hash == table_hash(key, sizeof key, 0));
    assert_true(hash != table_hash(key, sizeof key, 1));
    assert_true(hash != table_hash(key, sizeof key - 1, 0));
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = 1;
        assert_true(hash != table_hash(key, sizeof key, 0));
        key[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_adds_counts_of_equal_words),
        cmocka_unit_test(table_keeps_words_of_one_hash_apart),
        cmocka_unit_test(table_keeps_words_of_weak_hashes_apart),
        cmocka_unit_test(table_find_does_not_find_what_was_not_added),
        cmocka_unit_test(words_with_nul_bytes_are_words_of_their_own),
        cmocka_unit_test(words_of_the_greatest_size_are_compared_to_the_end),
        cmocka_unit_test(the_last_of_a_list_may_go_or_change),
        cmocka_unit_test(table_full_of_entries_stays_as_it_is),
        cmocka_unit_test(table_full_of_bytes_stays_as_it_is),
        cmocka_unit_test(limit_can_be_raised_up_to_the_capacity),
        cmocka_unit_test(sum_past_64_bits_is_refused_and_changes_nothing),
        cmocka_unit_test(table_keeps_the_smallest_or_the_largest_count),
        cmocka_unit_test(cleared_table_is_as_good_as_new),
        cmocka_unit_test(reserve_makes_room_for_a_longer_word),
        cmocka_unit_test(hash_depends_on_every_byte_the_size_and_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
