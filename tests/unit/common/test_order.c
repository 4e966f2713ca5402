/*
 * order_sort puts words in the order that comparing them byte by byte gives, for words made to sit
 * where it changes its ways: ties over the 8 bytes of a key, prefixes of each other, zeros that
 * look like the end of a word, more equal bytes than it radix-sorts, sizes around the radix sort's.
 */
#include "words/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "words/entry.h"
#include "words/table.h"

#define LONG_PREFIX 300
#define WORD_MAX (LONG_PREFIX + 20)

typedef uint32_t word_fn(uint64_t *random, char *word, size_t i, size_t n);

static uint32_t random_bytes(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    uint32_t size = (uint32_t)random_below(random, 20);
    for (uint32_t j = 0; j < size; j++)
        word[j] = (char)random_next(random);
    return size;
}

/* Few letters, the lowest and the highest among them. */
static uint32_t few_letters(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    uint32_t size = (uint32_t)random_below(random, 20);
    random_fill(random, word, size, "\0\x01\xFFz", 4);
    return size;
}

static uint32_t long_common_prefix(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    uint32_t prefix = LONG_PREFIX - (uint32_t)random_below(random, 60);
    uint32_t size = prefix + (uint32_t)random_below(random, 20);
    memset(word, 'p', prefix);
    random_fill(random, word + prefix, size - prefix, "\0pq\xFF", 4);
    return size;
}

static uint32_t prefixes_of_one_word(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    memset(word, 'a', WORD_MAX);
    return (uint32_t)random_below(random, WORD_MAX);
}

static uint32_t trailing_zeros(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    memset(word, 0, WORD_MAX);
    uint32_t size = (uint32_t)random_below(random, 3);
    memcpy(word, "ab", size);
    return size + (uint32_t)random_below(random, LONG_PREFIX);
}

static uint32_t one_prefix_of_8_bytes(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)i;
    (void)n;
    memcpy(word, "prefixes", 8);
    uint32_t size = 8 + (uint32_t)random_below(random, 10);
    random_fill(random, word + 8, size - 8, "\0ab", 3);
    return size;
}

static uint32_t one_word(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)random;
    (void)i;
    (void)n;
    memcpy(word, "every time the same", 19);
    return 19;
}

static uint32_t already_in_order(uint64_t *random, char *word, size_t i, size_t n)
{
    (void)random;
    (void)n;
    return (uint32_t)snprintf(word, WORD_MAX, "%06zu", i);
}

static uint32_t in_reverse_order(uint64_t *random, char *word, size_t i, size_t n)
{
    return already_in_order(random, word, n - i, n);
}

static uint32_t up_and_down(uint64_t *random, char *word, size_t i, size_t n)
{
    return already_in_order(random, word, i < n / 2 ? i : n - i, n);
}

static uint32_t few_sorted_pieces(uint64_t *random, char *word, size_t i, size_t n)
{
    return already_in_order(random, word, i % (n / 3 + 1) * 7 / 5, n);
}

static uint32_t many_sorted_pieces(uint64_t *random, char *word, size_t i, size_t n)
{
    return already_in_order(random, word, i % (n / 8 + 1), n);
}

/* And what looks like it. */
static uint32_t words_of_a_year(uint64_t *random, char *word, size_t i, size_t n)
{
    static const char *const formats[] = {"%c\t%u", "%c\t%u",  "%c\t%u",
                                          "%c%u",   "%c\t%ux", "%c\t-%u"};
    (void)i;
    (void)n;
    return (uint32_t)snprintf(word, WORD_MAX, formats[random_below(random, 6)],
                              'a' + (int)random_below(random, 5),
                              (unsigned)random_below(random, random_below(random, 9) ? 12 : 99999));
}

static word_fn *const kinds[] = {
    random_bytes,     few_letters,           long_common_prefix, prefixes_of_one_word,
    trailing_zeros,   one_prefix_of_8_bytes, one_word,           already_in_order,
    in_reverse_order, up_and_down,           few_sorted_pieces,  many_sorted_pieces,
    words_of_a_year,
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

/* n entries of a kind, one after the other, with the 8 readable bytes that the sort asks for. */
static const struct entry **entries_new(uint64_t *random, word_fn *kind, size_t n)
{
    static const uint64_t counts[] = {0, 1, 2, 1000, UINT64_C(1) << 32, UINT64_MAX - 1, UINT64_MAX};
    const struct entry **entries = malloc((n + 1) * sizeof *entries);
    char(*words)[WORD_MAX] = malloc((n + 1) * sizeof *words);
    uint32_t *sizes = malloc((n + 1) * sizeof *sizes);
    assert_non_null(entries);
    assert_non_null(words);
    assert_non_null(sizes);
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        sizes[i] = kind(random, words[i], i, n);
        size += entry_stride(sizes[i]);
    }
    char *memory = malloc(size + 8);
    assert_non_null(memory);
    memset(memory, 0xEE, size + 8); /* what comes after a word must not matter */
    entries[n] = (struct entry *)(void *)memory;
    char *at = memory;
    for (size_t i = 0; i < n; i++) {
        struct entry *entry = (struct entry *)(void *)at;
        entry->hash = random_below(random, 1000) << 40;
        entry->count = PICK(random, counts);
        entry->n_more = 0;
        entry_set_size(entry, sizes[i]);
        memcpy(entry->key, words[i], sizes[i]);
        entries[i] = entry;
        at += entry_stride(sizes[i]);
    }
    free(sizes);
    free(words);
    return entries;
}

static void entries_free(const struct entry **entries, size_t n)
{
    free((void *)entries[n]);
    free(entries);
}

static int naive_words(const struct entry *a, const struct entry *b)
{
    for (uint32_t i = 0; i < a->size && i < b->size; i++)
        if (a->key[i] != b->key[i])
            return (unsigned char)a->key[i] < (unsigned char)b->key[i] ? -1 : 1;
    return (a->size > b->size) - (a->size < b->size);
}

static uint64_t naive_period(const struct entry *entry)
{
    uint64_t period = 0;
    const char *tab = memrchr(entry->key, '\t', entry->size);
    for (const char *at = tab; tab && ++at < entry->key + entry->size;) {
        if (*at < '0' || *at > '9')
            return 0;
        period = period * 10 + (uint64_t)(*at - '0');
    }
    return period;
}

static int naive_compare(enum order order, const struct entry *a, const struct entry *b)
{
    if (order == ORDER_COUNT && a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (order == ORDER_HASH && a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (order == ORDER_PERIOD && naive_period(a) != naive_period(b))
        return naive_period(a) < naive_period(b) ? -1 : 1;
    if (order == ORDER_PERIOD && a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return naive_words(a, b);
}

static enum order naive_order;

static int naive_by_order(const void *a, const void *b)
{
    return naive_compare(naive_order, *(const struct entry *const *)a,
                         *(const struct entry *const *)b);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct order_item *)a)->entry;
    uintptr_t y = (uintptr_t)((const struct order_item *)b)->entry;
    return (x > y) - (x < y);
}

static struct order_item *items_new(enum order order, const struct entry *const *entries, size_t n)
{
    struct order_item *items = malloc((n + 1) * sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct order_item){order_key(order, entries[i]), entries[i]};
    return items;
}

static void check_sort(enum order order, size_t kind, size_t n, uint64_t seed)
{
    const struct entry **entries = entries_new(&seed, kinds[kind], n);
    struct order_item *items = items_new(order, entries, n);
    struct order_item *scratch = malloc(n * sizeof *scratch + 1);
    const struct entry **naive = malloc((n + 1) * sizeof *naive);
    assert_non_null(scratch);
    assert_non_null(naive);
    memcpy(naive, entries, n * sizeof *naive);
    naive_order = order;
    qsort(naive, n, sizeof *naive, naive_by_order);

    order_sort(order, items, scratch, n);
    for (size_t i = 0; i < n; i++)
        if (naive_compare(order, items[i].entry, naive[i]) != 0)
            fail_msg("order %d, kind %zu: item %zu of %zu is wrong", (int)order, kind, i, n);
    /* Each of them once: back in the order of their addresses, they are the entries. */
    qsort(items, n, sizeof *items, by_address);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(items[i].entry, entries[i]);
    free(naive);
    free(scratch);
    free(items);
    entries_free(entries, n);
}

static void check_sorts(enum order order)
{
    static const size_t sizes[] = {0,  1,   2,   3,   4,   15,  16,  17,  18,  33,
                                   64, 100, 200, 383, 384, 385, 386, 768, 1500};
    for (size_t kind = 0; kind < N_KINDS; kind++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (uint64_t seed = 0; seed < (sizes[i] < 100 ? 20 : 2); seed++)
                check_sort(order, kind, sizes[i], seed + 100 * i);
}

static void sort_by_word_equals_a_naive_sort(void **state)
{
    (void)state;
    check_sorts(ORDER_WORD);
}

static void sort_by_count_equals_a_naive_sort(void **state)
{
    (void)state;
    check_sorts(ORDER_COUNT);
}

static void sort_by_hash_equals_a_naive_sort(void **state)
{
    (void)state;
    check_sorts(ORDER_HASH);
}

static void sort_by_period_equals_a_naive_sort(void **state)
{
    (void)state;
    check_sorts(ORDER_PERIOD);
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void compare_agrees_with_a_naive_one_and_with_the_keys(void **state)
{
    (void)state;
    enum { N = 60 };
    uint64_t random = 7;
    for (size_t kind = 0; kind < N_KINDS; kind++) {
        const struct entry **entries = entries_new(&random, kinds[kind], N);
        for (size_t i = 0; i < N; i++) {
            for (size_t j = 0; j < N; j++) {
                const struct entry *a = entries[i], *b = entries[j];
                for (enum order order = ORDER_WORD; order <= ORDER_PERIOD; order++) {
                    int want = naive_compare(order, a, b);
                    assert_int_equal(sign(order_compare(order, a, b)), want);
                    if (order_key(order, a) < order_key(order, b))
                        assert_int_equal(want, -1);
                }
            }
        }
        entries_free(entries, N);
    }
}

static void most_frequent_word_comes_first_and_ties_go_by_word(void **state)
{
    (void)state;
    struct table table;
    struct order_item items[3], scratch[3];
    assert_int_equal(table_init(&table, 4, 1024, 1024), 0);
    assert_int_equal(table_add(&table, 1, "b", 1, 5), 0);
    assert_int_equal(table_add(&table, 2, "c", 1, 9), 0);
    assert_int_equal(table_add(&table, 3, "a", 1, 5), 0);
    const struct entry *entry = table_first(&table);
    for (size_t i = 0; i < 3; i++, entry = entry_next(entry))
        items[i] = (struct order_item){order_key(ORDER_COUNT, entry), entry};
    order_sort(ORDER_COUNT, items, scratch, 3);
    assert_int_equal(items[0].entry->key[0], 'c');
    assert_int_equal(items[1].entry->key[0], 'a');
    assert_int_equal(items[2].entry->key[0], 'b');
    table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sort_by_word_equals_a_naive_sort),
        cmocka_unit_test(sort_by_count_equals_a_naive_sort),
        cmocka_unit_test(sort_by_hash_equals_a_naive_sort),
        cmocka_unit_test(sort_by_period_equals_a_naive_sort),
        cmocka_unit_test(compare_agrees_with_a_naive_one_and_with_the_keys),
        cmocka_unit_test(most_frequent_word_comes_first_and_ties_go_by_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
