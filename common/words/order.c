/*
 * Groups of a few ascending pieces are merged: the words of a map task are mostly those of a few
 * sorted stretches of its input. Of others, short ones go to a quicksort on the keys, long ones to
 * the radix sort, which skips the digits that all keys share. Groups that still tie after DEPTH_MAX
 * bytes are rare and left to qsort, so the recursion is never deep.
 */
#include "words/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "scan/scan.h"
#include "words/entry.h"
#include "words/period.h"

#define RADIX_MIN 384 /* items; below, quicksort wins */
#define DEPTH_MAX 256 /* bytes */
#define INSERTION_MAX 16
#define PIECES_MAX 8 /* more are not merged */

/* Bytes [depth, depth + 8) of the word as a big-endian number, zeros after its end. */
static uint64_t prefix_at(const struct entry *entry, size_t depth)
{
    if (depth >= entry->size)
        return 0;
    uint64_t prefix = __builtin_bswap64(load_le64(entry->key + depth));
    size_t left = entry->size - depth;
    return left >= 8 ? prefix : prefix & ~(UINT64_MAX >> (8 * left));
}

uint64_t order_key(enum order order, const struct entry *entry)
{
    if (order == ORDER_WORD)
        return prefix_at(entry, 0);
    if (order == ORDER_PERIOD)
        return period_of(entry);
    return order == ORDER_COUNT ? ~entry->count : entry->hash;
}

static int compare_words(const struct entry *a, const struct entry *b)
{
    return order_words(a->key, a->size, b->key, b->size);
}

static int compare_items(const void *a, const void *b)
{
    return compare_words(((const struct order_item *)a)->entry,
                         ((const struct order_item *)b)->entry);
}

int order_compare(enum order order, const struct entry *a, const struct entry *b)
{
    uint64_t a_key = order_key(order, a), b_key = order_key(order, b);
    if (a_key != b_key)
        return a_key < b_key ? -1 : 1;
    if (order == ORDER_PERIOD && a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_words(a, b);
}

static void insertion_sort(struct order_item *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct order_item item = items[i];
        size_t j = i;
        for (; j > 0 && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

static void swap(struct order_item *a, struct order_item *b)
{
    struct order_item item = *a;
    *a = *b;
    *b = item;
}

/* Hoare's partition around the median of three; n is small, so its worst case is too. */
static void quicksort(struct order_item *items, size_t n)
{
    while (n > INSERTION_MAX) {
        size_t middle = n / 2;
        if (items[middle].key < items[0].key)
            swap(&items[middle], &items[0]);
        if (items[n - 1].key < items[0].key)
            swap(&items[n - 1], &items[0]);
        if (items[n - 1].key < items[middle].key)
            swap(&items[n - 1], &items[middle]);
        uint64_t pivot = items[middle].key;
        size_t i = 0, j = n - 1;
        for (;;) {
            while (items[i].key < pivot)
                i++;
            while (items[j].key > pivot)
                j--;
            if (i >= j)
                break;
            swap(&items[i++], &items[j--]);
        }
        size_t cut = j + 1;
        quicksort(items + cut, n - cut);
        n = cut;
    }
    insertion_sort(items, n);
}

static void radix_sort(struct order_item *items, struct order_item *scratch, size_t n)
{
    size_t counts[8][256] = {0};
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < 8; digit++)
            counts[digit][(items[i].key >> (8 * digit)) & 255]++;

    struct order_item *from = items, *to = scratch;
    for (unsigned digit = 0; digit < 8; digit++) {
        size_t *count = counts[digit];
        if (count[(items[0].key >> (8 * digit)) & 255] == n)
            continue;
        size_t start = 0;
        for (unsigned i = 0; i < 256; i++) {
            size_t next = start + count[i];
            count[i] = start;
            start = next;
        }
        for (size_t i = 0; i < n; i++)
            to[count[(from[i].key >> (8 * digit)) & 255]++] = from[i];
        struct order_item *done = to;
        to = from;
        from = done;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}

/* Merges [from, from + n), n_left of them, both parts sorted, to to. */
static void merge_pair(const struct order_item *from, size_t n_left, size_t n,
                       struct order_item *to)
{
    size_t i = 0, j = n_left;
    while (i < n_left && j < n) {
        int right = from[j].key < from[i].key;
        *to++ = from[right ? j : i];
        i += (size_t)!right;
        j += (size_t)right;
    }
    memcpy(to, from + i, (n_left - i) * sizeof *from);
    memcpy(to + (n_left - i), from + j, (n - j) * sizeof *from);
}

/* 1: merged; 0: there are too many pieces, and nothing has changed. */
static int merge_pieces(struct order_item *items, struct order_item *scratch, size_t n)
{
    size_t starts[PIECES_MAX + 1] = {0}, n_pieces = 1;
    for (size_t i = 1; i < n; i++) {
        if (items[i].key >= items[i - 1].key)
            continue;
        if (n_pieces == PIECES_MAX)
            return 0;
        starts[n_pieces++] = i;
    }
    starts[n_pieces] = n;
    struct order_item *from = items, *to = scratch;
    while (n_pieces > 1) {
        size_t n_merged = 0;
        for (size_t i = 0; i < n_pieces; i += 2) {
            size_t start = starts[i], middle = starts[i + 1];
            size_t end = i + 1 < n_pieces ? starts[i + 2] : middle;
            merge_pair(from + start, middle - start, end - start, to + start);
            starts[n_merged++] = start;
        }
        starts[n_merged] = n;
        n_pieces = n_merged;
        struct order_item *done = to;
        to = from;
        from = done;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
    return 1;
}

/* Sorts items whose words are equal up to depth (short ones padded with zeros). */
static void sort_words(struct order_item *items, struct order_item *scratch, size_t n,
                       size_t depth);

static inline void sort_by_key(struct order_item *items, struct order_item *scratch, size_t n)
{
    if (n <= INSERTION_MAX)
        insertion_sort(items, n);
    else if (merge_pieces(items, scratch, n))
        ;
    else if (n < RADIX_MIN)
        quicksort(items, n);
    else
        radix_sort(items, scratch, n);
}

/* Where the items end that have the same key as item i. */
static size_t group_end(const struct order_item *items, size_t i, size_t n)
{
    size_t end = i + 1;
    while (end < n && items[end].key == items[i].key)
        end++;
    return end;
}

static void sort_keys(struct order_item *items, struct order_item *scratch, size_t n, size_t depth)
{
    sort_by_key(items, scratch, n);
    for (size_t i = 0; i + 1 < n;) {
        size_t end = group_end(items, i, n);
        if (end - i > 1)
            sort_words(items + i, scratch, end - i, depth);
        i = end;
    }
}

static void sort_words(struct order_item *items, struct order_item *scratch, size_t n, size_t depth)
{
    if (n == 2 || depth >= DEPTH_MAX) {
        if (n == 2 && compare_items(&items[0], &items[1]) <= 0)
            return;
        if (n == 2)
            swap(&items[0], &items[1]);
        else
            qsort(items, n, sizeof *items, compare_items);
        return;
    }
    uint32_t shortest = UINT32_MAX, longest = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t size = items[i].entry->size;
        items[i].key = prefix_at(items[i].entry, depth);
        shortest = size < shortest ? size : shortest;
        longest = size > longest ? size : longest;
    }
    /* All the same word, which has come to its end. */
    if (longest <= depth && shortest == longest)
        return;
    sort_keys(items, scratch, n, depth + 8);
}

/* Keys are periods; those of each are sorted by count then. */
static void sort_periods(struct order_item *items, struct order_item *scratch, size_t n)
{
    sort_by_key(items, scratch, n);
    for (size_t i = 0, end; i < n; i = end) {
        end = group_end(items, i, n);
        for (size_t j = i; j < end; j++)
            items[j].key = ~items[j].entry->count;
        sort_keys(items + i, scratch, end - i, 0);
    }
}

void order_sort(enum order order, struct order_item *items, struct order_item *scratch, size_t n)
{
    if (n > 1 && order == ORDER_PERIOD)
        sort_periods(items, scratch, n);
    else if (n > 1)
        sort_keys(items, scratch, n, order == ORDER_WORD ? 8 : 0);
}
