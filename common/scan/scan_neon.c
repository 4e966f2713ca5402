/*
 * The twin for aarch64. NEON has no movemask: pairwise adds of bit weights gather the marks. Nor
 * can it tell cheaply whether a vector is 0, so what is wrong with lines is gathered as the largest
 * byte of each place, and looked at once for four lines.
 */
#include "scan/twins.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "base/bytes.h"
#include "scan/digits.h"
#include "scan/scan_bits.h"

static inline uint8x16_t load_16(const void *data)
{
    return vld1q_u8(data);
}

static inline uint64_t mark(const char *data)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t lf = vdupq_n_u8('\n');
    const uint8x16_t weight = load_16(weights);
    uint8x16_t a = vandq_u8(vceqq_u8(load_16(data), lf), weight);
    uint8x16_t b = vandq_u8(vceqq_u8(load_16(data + 16), lf), weight);
    uint8x16_t c = vandq_u8(vceqq_u8(load_16(data + 32), lf), weight);
    uint8x16_t d = vandq_u8(vceqq_u8(load_16(data + 48), lf), weight);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

SCAN_LINES(scan_lines_neon, mark)
SCAN_COUNT(scan_count_neon, mark)

/*
 * XOR with what a line of the word starts with leaves 0 of the word and of two TABs, and at most 9
 * of five digits. That is looked at in a window of 16 bytes, which ends behind these if the word is
 * so long, and in one at the front of the line, for the rest of the word.
 */
#define WINDOW 16
#define FRAME_SIZE 6                    /* four digits, a TAB, a digit */
#define SHORT_MAX (WINDOW - FRAME_SIZE) /* of a word and its TAB */
#define LONG_MAX (SHORT_MAX + WINDOW)

struct start {
    uint8x16_t want, most, front, front_most;
    const char *line, *at, *count; /* of a line behind an end at 0: start, window, count */
};

struct line {
    uint8x16_t left, front_left;
    uint64_t
        digits;     /* of the count, the last one next to the highest byte, which is what ends it */
    uint64_t is_in; /* all bits, if the line's year is asked for; else 0 */
};

struct sums {
    uint16x8_t lanes; /* a digit each; the highest stays 0 */
    uint8x16_t most;  /* of any digit */
    uint64_t n_in;
};

/* Read through a window of 16 bytes whose byte 16 is the first one behind the word. */
#define X4(x) x, x, x, x
#define X16(x) X4(x), X4(x), X4(x), X4(x)
static const uint8_t is_word[2 * WINDOW] = {X16(0xFF)};
static const uint8_t frame[2 * WINDOW] = {X16(0), X4('0'), '\t', '0'};
static const uint8_t most_left[2 * WINDOW] = {X16(0), X4(9), 0, 9, 0xFF, 0xFF, X4(0xFF), X4(0xFF)};

static inline struct start start_of(const struct scan_word *word, const char *block)
{
    size_t cut = word->year_at > SHORT_MAX ? word->year_at - SHORT_MAX : 0;
    size_t n_front = word->size < WINDOW ? word->size : WINDOW;
    uint8x16_t same = load_16(is_word + WINDOW + cut - word->size);
    uint8x16_t other = load_16(frame + WINDOW + cut - word->year_at);
    uint8x16_t most = load_16(most_left + WINDOW + cut - word->year_at);
    const char *line = block + 1;
    return (struct start){.want = vbslq_u8(same, load_16(word->data + cut), other),
                          .most = vbicq_u8(most, same),
                          .front = load_16(word->data),
                          .front_most = vmvnq_u8(load_16(is_word + WINDOW - n_front)),
                          .line = line,
                          .at = line + cut,
                          .count = line + word->year_at + 5};
}

static inline __attribute__((always_inline)) struct line line_read(const struct start *start,
                                                                   uint32_t end_before, int is_long,
                                                                   const struct scan_years *years)
{
    ptrdiff_t at = (int32_t)end_before;
    uint64_t digits = load_le64(start->count + at) ^ EACH_BYTE('0');
    /* The first byte that is no digit; one with a high bit may hide it, but is itself too large. */
    uint64_t others = (digits + EACH_BYTE(0x76)) & EACH_BYTE(0x80);
    struct line line = {.left = veorq_u8(load_16(start->at + at), start->want),
                        .digits = digits << (~scan_lowest(others) & 63)};
    if (is_long)
        line.front_left = veorq_u8(load_16(start->line + at), start->front);
    if (years)
        line.is_in = -(uint64_t)scan_is_in(years, start->count + at - 5);
    return line;
}

static inline int is_over(uint8x16_t bytes, uint8x16_t most)
{
    return vmaxvq_u32(vreinterpretq_u32_u8(vqsubq_u8(bytes, most))) != 0;
}

/* Whether lines of which these are the largest bytes are of the word. */
static inline int is_same(const struct start *start, const struct line *most, int is_long)
{
    return !is_over(most->left, start->most) &&
           !(is_long && is_over(most->front_left, start->front_most));
}

static inline uint8x16_t two(uint64_t low, uint64_t high)
{
    return vreinterpretq_u8_u64(vsetq_lane_u64(high, vdupq_n_u64(low), 1));
}

/* Lines of the word, four of them. */
static inline __attribute__((always_inline)) void add_four(struct sums *sums,
                                                           const struct line line[4], int are_dated)
{
    const uint8x16_t ended = vreinterpretq_u8_u64(vdupq_n_u64((uint64_t)('\t' ^ '0') << 56));
    uint8x16_t low = veorq_u8(two(line[0].digits, line[1].digits), ended);
    uint8x16_t high = veorq_u8(two(line[2].digits, line[3].digits), ended);
    sums->most = vmaxq_u8(sums->most, vmaxq_u8(low, high));
    if (are_dated) {
        low = vandq_u8(low, two(line[0].is_in, line[1].is_in));
        high = vandq_u8(high, two(line[2].is_in, line[3].is_in));
        sums->n_in -= line[0].is_in + line[1].is_in + line[2].is_in + line[3].is_in;
    }
    uint8x16_t both = vaddq_u8(low, high);
    sums->lanes = vaddw_u8(sums->lanes, vget_low_u8(both));
    sums->lanes = vaddw_high_u8(sums->lanes, both);
}

/* Each line adds at most 9 to a lane. */
_Static_assert(SCAN_SAME_MAX <= UINT16_MAX / 9, "lanes overflow");

static uint64_t lanes_sum(uint16x8_t lanes)
{
    uint16_t digits[8];
    uint64_t sum = 0;
    vst1q_u16(digits, lanes);
    for (size_t i = 0; i < 7; i++)
        sum = sum * 10 + digits[i];
    return sum;
}

/* Whether what was added up were numbers. */
static inline int sums_are_numbers(const struct sums *sums)
{
    return !is_over(sums->most, vreinterpretq_u8_u64(vdupq_n_u64(EACH_BYTE(9) >> 8)));
}

/* A line that adds nothing. */
static const uint64_t no_digits = (uint64_t)('\t' ^ '0') << 56;

/* How many of these n lines are of the word, up to the first that is not; those are added. */
static inline __attribute__((always_inline)) size_t add_some(const struct start *start,
                                                             struct sums *sums, struct line line[4],
                                                             size_t n, int is_long, int are_dated)
{
    size_t n_same = 0;
    while (n_same < n && is_same(start, &line[n_same], is_long))
        n_same++;
    for (size_t i = n_same; i < 4; i++) {
        line[i].digits = no_digits;
        line[i].is_in = 0;
    }
    add_four(sums, line, are_dated);
    return n_same;
}

static inline __attribute__((always_inline)) size_t
same_of(const struct scan_word *word, const char *block, const uint32_t *ends, size_t n_lines,
        struct sums *sums, int is_long, const struct scan_years *years)
{
    const struct start start = start_of(word, block);
    const uint32_t *before = ends - 1;
    struct line line[4];
    size_t i = 0;
    for (; i + 4 <= n_lines; i += 4) {
        struct line most;
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; j++) {
            line[j] = line_read(&start, before[i + j], is_long, years);
            most.left = j ? vmaxq_u8(most.left, line[j].left) : line[j].left;
            if (is_long)
                most.front_left =
                    j ? vmaxq_u8(most.front_left, line[j].front_left) : line[j].front_left;
        }
        if (!is_same(&start, &most, is_long))
            return i + add_some(&start, sums, line, 4, is_long, years != NULL);
        add_four(sums, line, years != NULL);
    }
    for (size_t j = 0; i + j < n_lines; j++)
        line[j] = line_read(&start, before[i + j], is_long, years);
    return i + add_some(&start, sums, line, n_lines - i, is_long, years != NULL);
}

static inline __attribute__((always_inline)) size_t same(const struct scan_word *word,
                                                         const char *block, const uint32_t *ends,
                                                         size_t n_lines, struct sums *sums,
                                                         const struct scan_years *years)
{
    return word->year_at <= SHORT_MAX ? same_of(word, block, ends, n_lines, sums, 0, years)
                                      : same_of(word, block, ends, n_lines, sums, 1, years);
}

static inline int is_mine(const struct scan_word *word)
{
    return word->year_at <= LONG_MAX && word->data;
}

size_t scan_same_neon(const struct scan_word *word, const char *block, const uint32_t *ends,
                      size_t n_lines, uint64_t *sum)
{
    if (is_mine(word)) {
        struct sums sums = {.n_in = 0};
        size_t n = same(word, block, ends, n_lines, &sums, NULL);
        if (sums_are_numbers(&sums)) {
            *sum += lanes_sum(sums.lanes);
            return n;
        }
    }
    return scan_same_portable(word, block, ends, n_lines, sum);
}

size_t scan_dated_neon(const struct scan_word *word, const char *block, const uint32_t *ends,
                       size_t n_lines, uint64_t *sum, struct scan_years *years)
{
    if (is_mine(word)) {
        struct sums sums = {.n_in = 0};
        size_t n = same(word, block, ends, n_lines, &sums, years);
        if (sums_are_numbers(&sums)) {
            *sum += lanes_sum(sums.lanes);
            years->n_in += sums.n_in;
            return n;
        }
    }
    return scan_dated_portable(word, block, ends, n_lines, sum, years);
}

/* The place of the first TAB among 16 bytes; 16: there is none. Each byte becomes four bits. */
static inline size_t first_tab(const char *data)
{
    uint8x16_t tabs = vceqq_u8(load_16(data), vdupq_n_u8('\t'));
    uint8x8_t bits = vshrn_n_u16(vreinterpretq_u16_u8(tabs), 4);
    uint64_t marks = vget_lane_u64(vreinterpret_u64_u8(bits), 0);
    return marks ? (size_t)__builtin_ctzll(marks) / 4 : 16;
}

/* Words of at most 47 bytes. */
size_t scan_each_neon(const char *block, const uint32_t *ends, size_t n_lines,
                      struct scan_record *records)
{
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = scan_line(block, ends, i), *tab = line + first_tab(line);
        while (tab - line < 48 && *tab != '\t')
            tab += first_tab(tab);
        if (*tab != '\t' || tab >= block + ends[i])
            return i;
        uint64_t bad = digits_bad_year(tab + 1);
        uint64_t lanes = digits_short(tab + 6, &bad);
        if (bad)
            return i;
        records[i] = (struct scan_record){line, (uint32_t)(tab - line), digits_lanes_sum(lanes)};
    }
    return n_lines;
}
#endif
