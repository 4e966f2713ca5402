/*
 * Groups of ascending pieces are merged. For the words of a map task are mostly those of a few
 * sorted stretches of its input, and a slice has a piece of each run. Of others, short ones go to a
 * quicksort on the keys, long ones to the radix sort, which skips digits that all keys share.
 * Groups that still tie after DEPTH_MAX bytes are rare and left to qsort, so the recursion is never
 * deep.
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
#define PIECES_MAX 1024 /* more are not merged, */
#define PIECE_MIN 24    /* nor those of fewer items on average */

uint64_t order_key_other(enum order order, const struct entry *entry)
{
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

/* Two ascending sequences, and where they are merged to. */
struct fusion {
    const struct order_item *left, *left_end, *right, *right_end;
    struct order_item *to;
};

static inline int is_fusing(const struct fusion *fusion)
{
    return fusion->left < fusion->left_end && fusion->right < fusion->right_end;
}

/* Without a branch, which would be predicted wrong every other time. */
static inline void fuse_one(struct fusion *fusion)
{
    int is_right = fusion->right->key < fusion->left->key;
    *fusion->to++ = *(is_right ? fusion->right : fusion->left);
    fusion->right += is_right;
    fusion->left += !is_right;
}

static void fuse_rest(struct fusion *fusion)
{
    while (is_fusing(fusion))
        fuse_one(fusion);
    size_t n_left = (size_t)(fusion->left_end - fusion->left);
    size_t n_right = (size_t)(fusion->right_end - fusion->right);
    memcpy(fusion->to, fusion->left, n_left * sizeof *fusion->to);
    memcpy(fusion->to + n_left, fusion->right, n_right * sizeof *fusion->to);
}

/* How many of the first n_first of two sequences, once merged, are of the left one. */
static size_t count_left(const struct fusion *fusion, size_t n_first)
{
    size_t n_left = (size_t)(fusion->left_end - fusion->left);
    size_t n_right = (size_t)(fusion->right_end - fusion->right);
    size_t low = n_first > n_right ? n_first - n_right : 0;
    size_t high = n_first < n_left ? n_first : n_left;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fusion->left[middle].key <= fusion->right[n_first - 1 - middle].key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * Merges [from, from + n), n_left of them, both parts sorted, to to: two halves of the result at
 * the same time, since each step of one has to wait for the step before.
 */
static void merge_pair(const struct order_item *from, size_t n_left, size_t n,
                       struct order_item *to)
{
    const struct order_item *right = from + n_left, *end = from + n;
    struct fusion first = {from, right, right, end, to}, second = first;
    if (n_left == 0 || n_left == n || right[-1].key <= right->key) {
        memcpy(to, from, n * sizeof *to);
        return;
    }
    size_t cut = count_left(&first, n / 2);
    second.left = first.left_end = from + cut;
    second.right = first.right_end = right + (n / 2 - cut);
    second.to = to + n / 2;
    while (is_fusing(&first) && is_fusing(&second)) {
        fuse_one(&first);
        fuse_one(&second);
    }
    fuse_rest(&first);
    fuse_rest(&second);
}

/* Merges pieces, of which piece i starts at starts[i],
 * in their place, or into the scratch memory. */
static void merge_all(struct order_item *items, struct order_item *scratch, const uint32_t *starts,
                      size_t n_pieces, int to_scratch)
{
    struct order_item *from = to_scratch ? items : scratch, *to = to_scratch ? scratch : items;
    size_t start = starts[0], n = starts[n_pieces] - start, n_left = n_pieces / 2;
    if (n_pieces == 1) {
        if (to_scratch)
            memcpy(to + start, from + start, n * sizeof *to);
        return;
    }
    merge_all(items, scratch, starts, n_left, !to_scratch);
    merge_all(items, scratch, starts + n_left, n_pieces - n_left, !to_scratch);
    merge_pair(from + start, starts[n_left] - start, n, to + start);
}

/* 1: merged; 0: there are too many pieces, and nothing has changed. */
static int merge_pieces(struct order_item *items, struct order_item *scratch, size_t n)
{
    uint32_t starts[PIECES_MAX + 1] = {0};
    size_t n_pieces = 1, n_max = n / PIECE_MIN < PIECES_MAX ? n / PIECE_MIN : PIECES_MAX;
    if (n > UINT32_MAX)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (items[i].key >= items[i - 1].key)
            continue;
        if (n_pieces >= n_max)
            return 0;
        starts[n_pieces++] = (uint32_t)i;
    }
    starts[n_pieces] = (uint32_t)n;
    merge_all(items, scratch, starts, n_pieces, 0);
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
        items[i].key = order_prefix(items[i].entry, depth);
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
