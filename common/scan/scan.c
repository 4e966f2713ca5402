/*
 * The portable twin: eight bytes at a time in a 64-bit word (SWAR), after Warren, Hacker's Delight,
 * 6-1, and a multiplication that gathers the marks of eight bytes into eight bits.
 */
#include "scan/scan.h"

#include <limits.h>

#include "base/bytes.h"
#include "scan/digits.h"
#include "scan/scan_bits.h"

static uint64_t mark_eight(const char *data)
{
    const uint64_t low7 = 0x7F7F7F7F7F7F7F7F;
    uint64_t x = load_le64(data) ^ 0x0A0A0A0A0A0A0A0A;
    uint64_t zero = ~(((x & low7) + low7) | x | low7); /* 0x80 in each byte that was LF */
    return ((zero >> 7) * 0x0102040810204080) >> 56;
}

static uint64_t mark(const char *data)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8; i++)
        bits |= mark_eight(data + 8 * i) << (8 * i);
    return bits;
}

SCAN_LINES(scan_lines_portable, mark)
SCAN_COUNT(scan_count_portable, mark)

void scan_word_set(struct scan_word *word, const char *data, size_t size, size_t n_digits)
{
    word->data = data;
    word->year_at = size;
    size += n_digits;
    word->size = size;
    word->mask = size < 8 ? (UINT64_C(1) << (8 * size)) - 1 : UINT64_MAX;
    word->tail_at = size < 8 ? 0 : size - 8;
    word->head = load_le64(data);
    word->tail = load_le64(data + word->tail_at);
}

/* 0 if the line starts with the word; its size is at most 16. */
static inline uint64_t differs_short(const struct scan_word *word, const char *line)
{
    return ((load_le64(line) ^ word->head) | (load_le64(line + word->tail_at) ^ word->tail)) &
           word->mask;
}

/* The same for any other. Stops at the first difference, so never far behind the line. */
static inline uint64_t differs_long(const struct scan_word *word, const char *line)
{
    for (size_t i = 0; i < word->tail_at; i += 8)
        if (load_le64(line + i) != load_le64(word->data + i))
            return 1;
    return load_le64(line + word->tail_at) ^ word->tail;
}

_Static_assert(SCAN_SAME_MAX <= DIGITS_LANES_MAX, "lanes overflow");

/* Which numbers are added up: skip says where the second one is, NO_PAIR that there is none. */
#define NO_PAIR UINT_MAX

/* Where the second number is, when text is at the first. */
static inline const char *skip_fields(const char *text, const char *end, unsigned skip,
                                      uint64_t *bad)
{
    for (unsigned i = 0; i <= skip; i++) {
        size_t size = digits_after_tab(text, end);
        *bad |= size == 0;
        text += size;
    }
    return text;
}

static inline __attribute__((always_inline)) size_t
same(const struct scan_word *word, const char *block, const uint32_t *ends, size_t n_lines,
     unsigned skip, uint64_t *sum, struct scan_years *years, int is_short)
{
    const struct scan_word w = *word;
    uint64_t lanes[2] = {0, 0}, n_in = 0;
    size_t i = 0;
    for (; i < n_lines; i++) {
        const char *line = scan_line(block, ends, i), *count = line + w.year_at + 5;
        uint64_t bad = is_short ? differs_short(&w, line) : differs_long(&w, line);
        if (!is_short && bad)
            break;
        bad |= digits_bad_year(line + w.year_at);
        uint64_t more[2] = {digits_short(count, &bad), 0};
        if (bad)
            break;
        if (skip != NO_PAIR) {
            const char *end = block + ends[i];
            more[1] = digits_ended(skip_fields(count, end, skip, &bad), end, &bad);
            if (bad)
                break;
        }
        uint64_t in = years ? scan_is_in(years, line + w.year_at) : 1;
        n_in += in;
        lanes[0] += more[0] & -in;
        lanes[1] += more[1] & -in;
    }
    sum[0] += digits_lanes_sum(lanes[0]);
    if (skip != NO_PAIR)
        sum[1] += digits_lanes_sum(lanes[1]);
    if (years)
        years->n_in += n_in;
    return i;
}

size_t scan_same_portable(const struct scan_word *word, const char *block, const uint32_t *ends,
                          size_t n_lines, uint64_t *sum)
{
    return word->size <= 16 ? same(word, block, ends, n_lines, NO_PAIR, sum, NULL, 1)
                            : same(word, block, ends, n_lines, NO_PAIR, sum, NULL, 0);
}

size_t scan_dated_portable(const struct scan_word *word, const char *block, const uint32_t *ends,
                           size_t n_lines, uint64_t *sum, struct scan_years *years)
{
    return word->size <= 16 ? same(word, block, ends, n_lines, NO_PAIR, sum, years, 1)
                            : same(word, block, ends, n_lines, NO_PAIR, sum, years, 0);
}

size_t scan_pair_portable(const struct scan_word *word, const char *block, const uint32_t *ends,
                          size_t n_lines, unsigned skip, uint64_t sum[2], struct scan_years *years)
{
    return word->size <= 16 ? same(word, block, ends, n_lines, skip, sum, years, 1)
                            : same(word, block, ends, n_lines, skip, sum, years, 0);
}

size_t scan_points_portable(const struct scan_word *word, const char *block, const uint32_t *ends,
                            size_t n_lines, const struct scan_points *points)
{
    const struct scan_word w = *word;
    int is_short = w.size <= 16;
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = scan_line(block, ends, i);
        uint64_t bad = is_short ? differs_short(&w, line) : differs_long(&w, line);
        if (bad)
            return i;
        bad = digits_bad_year(line + w.size);
        uint64_t lanes = digits_short(line + w.size + 5, &bad);
        if (bad)
            return i;
        uint32_t year = digits_year(line + w.size);
        points->years[i] = points->are_decades ? year - year % 10 : year;
        points->counts[i] = digits_lanes_sum(lanes);
    }
    return n_lines;
}

size_t scan_each_portable(const char *block, const uint32_t *ends, size_t n_lines,
                          struct scan_record *records)
{
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = scan_line(block, ends, i);
        size_t size = digits_after_tab(line, block + ends[i]);
        if (size == 0 || size > SCAN_BLOCK_SIZE)
            return i;
        uint64_t bad = digits_bad_year(line + size);
        uint64_t lanes = digits_short(line + size + 5, &bad);
        if (bad)
            return i;
        records[i] = (struct scan_record){line, (uint32_t)size - 1, digits_lanes_sum(lanes)};
    }
    return n_lines;
}

size_t scan_after_line(const struct scan *scan, const char *data, size_t size, size_t n)
{
    uint32_t ends[SCAN_N_ENDS];
    for (size_t at = 0; at < size; at += SCAN_BLOCK_SIZE) {
        size_t step = size - at < SCAN_BLOCK_SIZE ? size - at : SCAN_BLOCK_SIZE;
        size_t here = scan->lines(data + at, step, ends);
        if (here >= n)
            return at + ends[n - 1] + 1;
        n -= here;
    }
    return size;
}

size_t scan_trim_end(const char *data, size_t size)
{
    if (size == 0 || data[size - 1] != '\n')
        return size;
    size_t before = size - 1;
    if (before > 0 && data[before - 1] == '\r')
        before--;
    return before == 0 || data[before - 1] == '\n' ? before : size;
}
