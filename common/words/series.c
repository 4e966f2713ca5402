/*
 * Most periods of a word lie in few hundred years, many of them side by side. So the points of
 * several entries are brought together in a bitmap of all years there might be, without a sort.
 */
#include "words/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "words/order.h"

/* From the first period to the last, of what is combined without a sort. */
#define SPAN_MAX 1024

/* What entry->hash has beside the bytes behind the key, which are its low half. */
#define HEAD_N(head) ((size_t)((head) >> 32 & 0xFFFF))  /* periods */
#define HEAD_WIDTH(head) ((unsigned)((head) >> 48 & 3)) /* a count has 1 << that many bytes */
#define HEAD_FORM(head) ((enum form)((head) >> 50 & 3))

_Static_assert(SERIES_MAX <= UINT16_MAX, "as many as are counted");

/* How periods but the first are stored. */
enum form { FORM_BYTES, FORM_PAIRS, FORM_BITS, FORM_WHOLE };

struct point {
    uint64_t period, count;
};

void points_release(struct points *points)
{
    free(points->periods);
    *points = (struct points){0};
}

int points_reserve(struct points *points, size_t n)
{
    if (n <= points->capacity)
        return 0;
    size_t capacity = n + n / 2;
    uint64_t *periods = malloc(2 * capacity * sizeof *periods);
    if (!periods)
        return CODE_NOMEM;
    if (points->n > 0) {
        memcpy(periods, points->periods, points->n * sizeof *periods);
        memcpy(periods + capacity, points->counts, points->n * sizeof *periods);
    }
    free(points->periods);
    points->periods = periods;
    points->counts = periods + capacity;
    points->capacity = capacity;
    return 0;
}

static int are_ascending(const uint64_t *periods, size_t n)
{
    unsigned bad = 0;
    for (size_t i = 1; i < n; i++)
        bad |= periods[i] <= periods[i - 1];
    return !bad;
}

/* Of n > 0 periods, the least; *last: the largest. */
static uint64_t find_first(const uint64_t *periods, size_t n, uint64_t *last)
{
    uint64_t first = periods[0];
    *last = first;
    for (size_t i = 1; i < n; i++) {
        first = periods[i] < first ? periods[i] : first;
        *last = periods[i] > *last ? periods[i] : *last;
    }
    return first;
}

static int combine_near(struct points *points, uint64_t first, uint64_t *period)
{
    uint64_t bits[SPAN_MAX / 64] = {0}, sums[SPAN_MAX];
    for (size_t i = 0; i < points->n; i++) {
        size_t at = (size_t)(points->periods[i] - first);
        uint64_t bit = UINT64_C(1) << (at % 64);
        uint64_t before = bits[at / 64] & bit ? sums[at] : 0;
        if (__builtin_add_overflow(before, points->counts[i], &sums[at])) {
            *period = points->periods[i];
            return CODE_OVERFLOW;
        }
        bits[at / 64] |= bit;
    }
    size_t n = 0;
    for (size_t i = 0; i < SPAN_MAX; i += 64) {
        for (uint64_t left = bits[i / 64]; left; left &= left - 1) {
            size_t at = i + (size_t)__builtin_ctzll(left);
            points->periods[n] = first + at;
            points->counts[n++] = sums[at];
        }
    }
    points->n = n;
    return 0;
}

static int compare_periods(const void *a, const void *b)
{
    uint64_t x = ((const struct point *)a)->period, y = ((const struct point *)b)->period;
    return (x > y) - (x < y);
}

/* As their digits go. */
static int compare_texts(const void *a, const void *b)
{
    char x[NUMBER_SIZE_MAX], y[NUMBER_SIZE_MAX];
    size_t x_size = number_write(x, ((const struct point *)a)->period);
    size_t y_size = number_write(y, ((const struct point *)b)->period);
    return order_words(x, x_size, y, y_size);
}

static int sort(struct points *points, int (*compare)(const void *, const void *))
{
    struct point *sorted = malloc(points->n * sizeof *sorted);
    if (!sorted)
        return CODE_NOMEM;
    for (size_t i = 0; i < points->n; i++)
        sorted[i] = (struct point){points->periods[i], points->counts[i]};
    qsort(sorted, points->n, sizeof *sorted, compare);
    for (size_t i = 0; i < points->n; i++) {
        points->periods[i] = sorted[i].period;
        points->counts[i] = sorted[i].count;
    }
    free(sorted);
    return 0;
}

static int combine_far(struct points *points, uint64_t *period)
{
    size_t n = 1;
    int rc = sort(points, compare_periods);
    if (rc < 0)
        return rc;
    for (size_t i = 1; i < points->n; i++) {
        if (points->periods[i] != points->periods[n - 1]) {
            points->periods[n] = points->periods[i];
            points->counts[n++] = points->counts[i];
        } else if (__builtin_add_overflow(points->counts[n - 1], points->counts[i],
                                          &points->counts[n - 1])) {
            *period = points->periods[i];
            return CODE_OVERFLOW;
        }
    }
    points->n = n;
    return 0;
}

int points_combine(struct points *points, uint64_t *period)
{
    uint64_t last;
    if (are_ascending(points->periods, points->n))
        return 0;
    uint64_t first = find_first(points->periods, points->n, &last);
    return last - first < SPAN_MAX ? combine_near(points, first, period)
                                   : combine_far(points, period);
}

/* Numbers of as many digits are in that order as they are. */
int points_sort_as_text(struct points *points)
{
    char text[NUMBER_SIZE_MAX];
    if (points->n < 2 || (points->periods[0] >= 1000 && points->periods[points->n - 1] < 10000))
        return 0;
    if (number_write(text, points->periods[0]) ==
        number_write(text, points->periods[points->n - 1]))
        return 0;
    return sort(points, compare_texts);
}

static unsigned width_of(const uint64_t *counts, size_t n)
{
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= counts[i];
    return all > UINT32_MAX ? 3 : all > UINT16_MAX ? 2 : all > UINT8_MAX ? 1 : 0;
}

/* The shortest. *size: bytes of it. */
static enum form form_of(uint64_t span, size_t n, size_t *size)
{
    size_t bits = span < 8 * 8 * SERIES_MAX ? 8 * (size_t)(span / 64 + 1) : SIZE_MAX;
    enum form form = span > UINT16_MAX ? FORM_WHOLE : span > UINT8_MAX ? FORM_PAIRS : FORM_BYTES;
    *size = (n - 1) << (form == FORM_WHOLE ? 3 : form == FORM_PAIRS ? 1 : 0);
    if (bits >= *size)
        return form;
    *size = bits;
    return FORM_BITS;
}

static char *write_counts(char *out, const uint64_t *counts, size_t n, unsigned width)
{
    uint8_t *bytes = (uint8_t *)out;
    uint16_t *pairs = (uint16_t *)(void *)out;
    uint32_t *fours = (uint32_t *)(void *)out;
    if (width == 0)
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)counts[i];
    else if (width == 1)
        for (size_t i = 0; i < n; i++)
            pairs[i] = (uint16_t)counts[i];
    else if (width == 2)
        for (size_t i = 0; i < n; i++)
            fours[i] = (uint32_t)counts[i];
    else
        memcpy(out, counts, n * sizeof *counts);
    return out + (n << width);
}

static void write_bits(char *out, const uint64_t *periods, size_t n)
{
    uint64_t bits = 0, start = periods[0];
    for (size_t i = 0; i < n; i++) {
        while (periods[i] - start >= 64) {
            memcpy(out, &bits, sizeof bits);
            out += 8;
            start += 64;
            bits = 0;
        }
        bits |= UINT64_C(1) << (periods[i] - start);
    }
    memcpy(out, &bits, sizeof bits);
}

static void write_periods(char *out, const uint64_t *periods, size_t n, enum form form, size_t size)
{
    uint64_t first = periods[0];
    if (form == FORM_BITS) {
        write_bits(out, periods, n);
    } else if (form == FORM_BYTES) {
        for (size_t i = 1; i < n; i++)
            out[i - 1] = (char)(periods[i] - first);
    } else if (form == FORM_PAIRS) {
        for (size_t i = 1; i < n; i++) {
            uint16_t offset = (uint16_t)(periods[i] - first);
            memcpy(out + 2 * (i - 1), &offset, sizeof offset);
        }
    } else {
        memcpy(out, periods + 1, size);
    }
}

static uint64_t head_of(size_t size, size_t n, unsigned width, enum form form)
{
    return size | (uint64_t)n << 32 | (uint64_t)width << 48 | (uint64_t)form << 50;
}

/* One count takes eight bytes anyhow. */
static void pack_one(struct entry *entry, uint64_t count)
{
    memcpy((char *)entry + entry_stride(entry->size), &count, sizeof count);
    entry->hash = head_of(sizeof count, 1, 3, FORM_BYTES);
}

static void pack_many(struct entry *entry, const uint64_t *periods, const uint64_t *counts,
                      size_t n)
{
    size_t periods_size;
    unsigned width = width_of(counts, n);
    enum form form = form_of(periods[n - 1] - periods[0], n, &periods_size);
    size_t size = ((n << width) + periods_size + 7) & ~(size_t)7;
    char *start = (char *)entry + entry_stride(entry->size);
    memset(start + size - 8, 0, 8);
    char *out = write_counts(start, counts, n, width);
    write_periods(out, periods, n, form, periods_size);
    entry->hash = head_of(size, n, width, form);
}

void series_pack(struct entry *entry, const uint64_t *periods, const uint64_t *counts, size_t n)
{
    entry->count = periods[0];
    entry->n_more = ENTRY_SERIES;
    if (n == 1)
        pack_one(entry, counts[0]);
    else
        pack_many(entry, periods, counts, n);
}

size_t series_n(const struct entry *entry)
{
    return HEAD_N(entry->hash);
}

static void read_counts(const char *in, uint64_t *counts, size_t n, unsigned width)
{
    const uint8_t *bytes = (const uint8_t *)in;
    const uint16_t *pairs = (const uint16_t *)(const void *)in;
    const uint32_t *fours = (const uint32_t *)(const void *)in;
    if (width == 0)
        for (size_t i = 0; i < n; i++)
            counts[i] = bytes[i];
    else if (width == 1)
        for (size_t i = 0; i < n; i++)
            counts[i] = pairs[i];
    else if (width == 2)
        for (size_t i = 0; i < n; i++)
            counts[i] = fours[i];
    else
        memcpy(counts, in, n * sizeof *counts);
}

static void read_bits(const char *in, uint64_t first, uint64_t *periods, size_t n)
{
    for (size_t i = 0; i < n; first += 64, in += 8) {
        uint64_t bits;
        for (memcpy(&bits, in, sizeof bits); bits; bits &= bits - 1)
            periods[i++] = first + (uint64_t)__builtin_ctzll(bits);
    }
}

static void read_periods(const char *in, uint64_t first, uint64_t *periods, size_t n,
                         enum form form)
{
    periods[0] = first;
    if (form == FORM_BITS) {
        read_bits(in, first, periods, n);
    } else if (form == FORM_BYTES) {
        for (size_t i = 1; i < n; i++)
            periods[i] = first + (uint8_t)in[i - 1];
    } else if (form == FORM_PAIRS) {
        for (size_t i = 1; i < n; i++) {
            uint16_t offset;
            memcpy(&offset, in + 2 * (i - 1), sizeof offset);
            periods[i] = first + offset;
        }
    } else {
        memcpy(periods + 1, in, (n - 1) * sizeof *periods);
    }
}

void series_unpack(const struct entry *entry, struct points *points)
{
    uint64_t head = entry->hash;
    const char *in = (const char *)entry + entry_stride(entry->size);
    size_t n = HEAD_N(head);
    unsigned width = HEAD_WIDTH(head);
    if (n == 1) {
        memcpy(&points->counts[points->n], in, sizeof *points->counts);
        points->periods[points->n++] = entry->count;
        return;
    }
    read_counts(in, points->counts + points->n, n, width);
    read_periods(in + (n << width), entry->count, points->periods + points->n, n, HEAD_FORM(head));
    points->n += n;
}
