/*
 * What is packed behind an entry is what is read from it, in no more bytes than are promised, and
 * points are combined as a naive sort and sum does. Memory is of exactly the size that is asked
 * for, for the sanitizers to watch.
 */
#include "words/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "base/number.h"
#include "random.h"
#include "words/entry.h"

#define N_ROUNDS 4000
#define N_MAX 1500

/* Periods from first on, in a range that decides how they are packed. */
static uint64_t random_period(uint64_t *random, unsigned range)
{
    switch (range) {
    case 0:
        return 1500 + random_below(random, 520);
    case 1:
        return 10 * random_below(random, 202);
    case 2:
        return random_below(random, 100000);
    case 3:
        return random_next(random);
    default:
        return UINT64_MAX - random_below(random, 300);
    }
}

static uint64_t random_count(uint64_t *random, unsigned bits)
{
    return bits == 0 ? 0 : random_next(random) >> (64 - bits);
}

static void fill(struct points *points, uint64_t *random, size_t n, unsigned bits)
{
    unsigned range = (unsigned)random_below(random, 5);
    assert_int_equal(points_reserve(points, n), 0);
    for (points->n = 0; points->n < n; points->n++) {
        points->periods[points->n] = random_period(random, range);
        points->counts[points->n] = random_count(random, bits);
    }
}

struct point {
    uint64_t period, count;
};

static int compare(const void *a, const void *b)
{
    uint64_t x = ((const struct point *)a)->period, y = ((const struct point *)b)->period;
    return (x > y) - (x < y);
}

/* Returns how many are left. *failed: a sum passes 64 bits, and none is. */
static size_t naive_combine(struct point *naive, const struct points *points, int *failed)
{
    size_t n = 0;
    *failed = 0;
    for (size_t i = 0; i < points->n; i++)
        naive[i] = (struct point){points->periods[i], points->counts[i]};
    qsort(naive, points->n, sizeof *naive, compare);
    for (size_t i = 0; i < points->n; i++) {
        if (n == 0 || naive[n - 1].period != naive[i].period) {
            naive[n++] = naive[i];
            continue;
        }
        *failed |= naive[n - 1].count > UINT64_MAX - naive[i].count;
        naive[n - 1].count += naive[i].count;
    }
    return n;
}

static void points_are_combined_as_naively(void **state)
{
    (void)state;
    static struct point naive[N_MAX];
    struct points points = {0};
    uint64_t random = 1, period = 0;
    size_t n_failed = 0;
    for (int round = 0; round < N_ROUNDS; round++) {
        int failed;
        size_t n = random_below(&random, random_below(&random, 2) ? 5 : N_MAX);
        fill(&points, &random, n, random_below(&random, 3) ? 40 : 64);
        n = naive_combine(naive, &points, &failed);
        int rc = points_combine(&points, &period);
        n_failed += (size_t)failed;
        if (failed) {
            assert_int_equal(rc, CODE_OVERFLOW);
            continue;
        }
        assert_int_equal(rc, 0);
        assert_true(points.n == n);
        for (size_t i = 0; i < n; i++)
            assert_true(points.periods[i] == naive[i].period && points.counts[i] == naive[i].count);
    }
    assert_true(n_failed > 0 && n_failed < N_ROUNDS / 2);
    points_release(&points);
}

/* An entry in memory of its own size, with the points from the i-th on. */
static struct entry *packed_new(const char *key, uint32_t size, const struct points *points,
                                size_t i, size_t n)
{
    size_t room = entry_stride(size) + SERIES_SIZE_MAX(n);
    struct entry *entry = malloc(room);
    assert_non_null(entry);
    memset(entry, 0xEE, room);
    entry_set_size(entry, size);
    memcpy(entry->key, key, size);
    series_pack(entry, points->periods + i, points->counts + i, n);
    assert_true(entry_bytes(entry) <= room && entry_bytes(entry) % 8 == 0);
    assert_memory_equal(entry->key, key, size);
    return entry;
}

static void packed_points_are_read_as_they_were(void **state)
{
    (void)state;
    struct points points = {0}, got = {0};
    uint64_t random = 2, period;
    for (int round = 0; round < N_ROUNDS; round++) {
        unsigned bits = (unsigned)random_below(&random, 60);
        uint32_t size = (uint32_t)random_below(&random, 30);
        fill(&points, &random, 1 + random_below(&random, random_below(&random, 3) ? 60 : N_MAX),
             bits);
        assert_int_equal(points_combine(&points, &period), 0);
        got.n = 0;
        assert_int_equal(points_reserve(&got, points.n), 0);
        for (size_t i = 0, n; i < points.n; i += n) {
            n = points.n - i < SERIES_MAX ? points.n - i : SERIES_MAX;
            struct entry *entry =
                packed_new("0123456789abcdefghijklmnopqrstuv", size, &points, i, n);
            assert_true(series_n(entry) == n);
            series_unpack(entry, &got);
            free(entry);
        }
        assert_true(got.n == points.n);
        assert_memory_equal(got.periods, points.periods, got.n * sizeof *got.periods);
        assert_memory_equal(got.counts, points.counts, got.n * sizeof *got.counts);
    }
    points_release(&points);
    points_release(&got);
}

/* Of real words: some sixty years side by side, with small counts. */
static void years_take_little_more_than_their_counts(void **state)
{
    (void)state;
    struct points points = {0};
    assert_int_equal(points_reserve(&points, 60), 0);
    for (; points.n < 60; points.n++) {
        points.periods[points.n] = 1945 + points.n + (points.n > 20);
        points.counts[points.n] = points.n;
    }
    struct entry *entry = packed_new("word\t", 5, &points, 0, 60);
    assert_true(entry_bytes(entry) <= entry_stride(5) + 60 + 8 + 4);
    free(entry);
    points_release(&points);
}

static void points_are_sorted_as_text(void **state)
{
    (void)state;
    static const uint64_t periods[] = {0, 1, 5, 9, 10, 99, 100, 1000, 1999, 10000, 20000};
    static const uint64_t sorted[] = {0, 1, 10, 100, 1000, 10000, 1999, 20000, 5, 9, 99};
    struct points points = {0};
    assert_int_equal(points_reserve(&points, 11), 0);
    for (; points.n < 11; points.n++) {
        points.periods[points.n] = periods[points.n];
        points.counts[points.n] = 7 * periods[points.n];
    }
    assert_int_equal(points_sort_as_text(&points), 0);
    for (size_t i = 0; i < 11; i++)
        assert_true(points.periods[i] == sorted[i] && points.counts[i] == 7 * sorted[i]);
    points_release(&points);
}

static void points_stay_when_there_is_more_room(void **state)
{
    (void)state;
    struct points points = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(points_reserve(&points, points.n + 1), 0);
        points.periods[i] = i;
        points.counts[i] = 3 * i;
        points.n++;
    }
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(points.periods[i] == i && points.counts[i] == 3 * i);
    points_release(&points);
}

/* Numbers of every size are written as printf does. */
static void short_numbers_are_put_as_printf_does(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int round = 0; round < 200000; round++) {
        uint64_t value = round < 20000 ? (uint64_t)round
                         : round % 3   ? random_next(&random) >> random_below(&random, 64)
                                       : 100000000 - random_below(&random, 1000) + 500;
        char expected[32], got[32];
        int size = sprintf(expected, "%llu", (unsigned long long)value);
        assert_int_equal(number_put(got, value), size);
        assert_memory_equal(got, expected, (size_t)size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_combined_as_naively),
        cmocka_unit_test(packed_points_are_read_as_they_were),
        cmocka_unit_test(years_take_little_more_than_their_counts),
        cmocka_unit_test(points_are_sorted_as_text),
        cmocka_unit_test(points_stay_when_there_is_more_room),
        cmocka_unit_test(short_numbers_are_put_as_printf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
